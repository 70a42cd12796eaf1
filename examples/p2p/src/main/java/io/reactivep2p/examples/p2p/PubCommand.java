package io.reactivep2p.examples.p2p;

import io.reactivep2p.pubsub.PubsubEvent;
import io.reactivep2p.pubsub.Topic;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import reactor.core.publisher.Mono;

/** {@code p2p pub} */
@Command(
        name = "pub",
        description = {
            "Publish the lines of stdin to a topic.",
            "Each line is a message. Reads as fast as the peers take the messages, and ends when the last line has gone to them."
        })
final class PubCommand implements Callable<Integer> {

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Main main;

    @Mixin
    private final TopicOptions options = new TopicOptions();

    @Parameters(paramLabel = "TOPIC", description = "The topic.")
    @SuppressWarnings("NullAway.Init")
    private String topic;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "How long to wait for a first peer that subscribes. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Duration patience;

    @Override
    public Integer call() {
        try (TopicOptions.Node node = options.start(main)) {
            Topic<String> published = node.topic(topic);
            awaitSubscriber(published).block();
            AtomicLong lines = new AtomicLong();
            published
                    .publishAll(StdinLines.of(main.environment().in()).doOnNext(line -> lines.incrementAndGet()))
                    .takeUntilOther(main.environment().interruption().get())
                    .block();
            main.console().remark("published " + lines + " messages");
        }
        return 0;
    }

    private Mono<Void> awaitSubscriber(Topic<String> published) {
        return published
                .events()
                .filter(event -> event instanceof PubsubEvent.PeerSubscribed)
                .map(event -> true)
                .mergeWith(Mono.fromSupplier(() -> !published.peers().isEmpty()).filter(there -> there))
                .next()
                .timeout(
                        patience,
                        Mono.error(() -> new NobodySubscribedException(
                                "nobody subscribed to " + topic + " within " + patience.toSeconds() + " s")))
                .then();
    }

    /** There is nobody to publish to. */
    static final class NobodySubscribedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NobodySubscribedException(String message) {
            super(message);
        }
    }
}
