package io.reactivep2p.pubsub.floodsub;

import io.reactivep2p.Libp2p;
import io.reactivep2p.host.Host;
import io.reactivep2p.muxer.yamux.Yamux;
import io.reactivep2p.pubsub.Overflow;
import io.reactivep2p.pubsub.Pubsub;
import io.reactivep2p.pubsub.PubsubMessage;
import io.reactivep2p.security.noise.Noise;
import io.reactivep2p.testing.TckTests;
import io.reactivep2p.testkit.HostExtension;
import io.reactivep2p.transport.memory.Memory;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Flux;

/** The Reactive Streams rules, against the publisher of a topic's messages. */
class TopicTckTest {

    private static final int CAPACITY = 100;

    @RegisterExtension
    final HostExtension hosts = HostExtension.create(() ->
            Libp2p.host().transport(Memory.create()).security(Noise.create()).muxer(Yamux.create()));

    @TestFactory
    Stream<DynamicTest> messages() {
        return TckTests.of(new Verification(hosts.start()));
    }

    private static final class Verification extends PublisherVerification<PubsubMessage<byte[]>> {

        private final Host host;

        Verification(Host host) {
            super(TckTests.environment());
            this.host = host;
        }

        /** All messages are published while the subscriber is on its way in, and then the node closes. */
        @Override
        public Publisher<PubsubMessage<byte[]>> createPublisher(long elements) {
            return Flux.from(subscriber -> {
                Pubsub pubsub = Floodsub.create(host);
                pubsub.topic("tck").messages(Overflow.error(CAPACITY)).subscribe(subscriber);
                for (long i = 0; i < elements; i++) {
                    pubsub.topic("tck").publish(new byte[] {(byte) i}).subscribe();
                }
                pubsub.dispose();
            });
        }

        @Override
        public Publisher<PubsubMessage<byte[]>> createFailedPublisher() {
            return null; // fails only after what was delivered before
        }

        @Override
        public long maxElementsFromPublisher() {
            return CAPACITY;
        }
    }
}
