package io.reactivep2p.examples.p2p;

import io.reactivep2p.pubsub.Overflow;
import io.reactivep2p.pubsub.PubsubMessage;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** {@code p2p sub} */
@Command(name = "sub", description = "Subscribe to topics and tell their messages, until interrupted.")
final class SubCommand implements Callable<Integer> {

    /** Messages that wait for the terminal; the oldest are lost then. */
    private static final int WAITING = 1_024;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Main main;

    @Mixin
    private final TopicOptions options = new TopicOptions();

    @Parameters(arity = "1..*", paramLabel = "TOPIC", description = "The topics.")
    @SuppressWarnings("NullAway.Init")
    private List<String> topics;

    @Option(names = "--count", paramLabel = "N", description = "End after so many messages; 0 is never. Default: 0.")
    private long count;

    @Override
    public Integer call() {
        if (count < 0) {
            throw new MalformedOptionException("--count: " + count + " is less than 0");
        }
        try (TopicOptions.Node node = options.start(main)) {
            Flux<PubsubMessage<String>> messages = Flux.fromIterable(topics)
                    .distinct()
                    .flatMap(topic -> node.topic(topic).messages(Overflow.dropOldest(WAITING)), Integer.MAX_VALUE, 1);
            (count == 0 ? messages : messages.take(count))
                    .publishOn(
                            Schedulers.boundedElastic(),
                            1) // a terminal that does not scroll must not stop an event loop
                    .doOnNext(message -> main.console().tell(event(message)))
                    .takeUntilOther(main.environment().interruption().get())
                    .blockLast();
        }
        return 0;
    }

    static CliEvent event(PubsubMessage<String> message) {
        return new CliEvent.MessageReceived(
                message.topic(), message.author().map(Object::toString).orElse(null), message.payload());
    }
}
