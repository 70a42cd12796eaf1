package io.reactivep2p.examples.p2p;

import io.reactivep2p.pubsub.Overflow;
import io.reactivep2p.pubsub.Topic;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** {@code p2p chat} */
@Command(
        name = "chat",
        description = {
            "Talk in a topic: what is typed goes to everyone, what others say is shown.",
            "Ends with stdin, or when interrupted."
        })
final class ChatCommand implements Callable<Integer> {

    private static final int WAITING = 256;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Main main;

    @Mixin
    private final TopicOptions options = new TopicOptions();

    @Parameters(arity = "0..1", paramLabel = "TOPIC", description = "The topic. Default: ${DEFAULT-VALUE}.")
    private String topic = "chat";

    @Override
    public Integer call() {
        try (TopicOptions.Node node = options.start(main)) {
            Topic<String> room = node.topic(topic);
            Mono<Void> heard = room.messages(Overflow.dropOldest(WAITING))
                    .filter(message ->
                            !message.receivedFrom().equals(node.host().host().id()))
                    .publishOn(Schedulers.boundedElastic(), 1)
                    .doOnNext(message -> main.console().tell(SubCommand.event(message)))
                    .then();
            Mono<Void> said =
                    room.publishAll(StdinLines.of(main.environment().in()).filter(line -> !line.isBlank()));
            Mono.firstWithSignal(heard, said, main.environment().interruption().get())
                    .block();
        }
        return 0;
    }
}
