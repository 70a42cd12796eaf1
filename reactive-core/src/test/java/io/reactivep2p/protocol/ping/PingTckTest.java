package io.reactivep2p.protocol.ping;

import static io.reactivep2p.testing.TestHosts.PATIENCE;
import static io.reactivep2p.testing.TestHosts.connect;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.host.HandlerOptions;
import io.reactivep2p.host.Host;
import io.reactivep2p.testing.TckTests;
import io.reactivep2p.testing.TestHosts;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Mono;

/** The Reactive Streams rules, against the publisher of round-trip times. */
class PingTckTest {

    /** As many streams as the rules ask for; ping itself keeps to two. */
    private static final HandlerOptions LIMITS = new HandlerOptions(1_000, 1_000);

    private static final ProtocolId ECHO = ProtocolId.of("/tck/echo");
    private static final ProtocolId BROKEN = ProtocolId.of("/tck/broken");

    @RegisterExtension
    final TestHosts hosts = new TestHosts();

    @TestFactory
    Stream<DynamicTest> pings() {
        Host responder = hosts.listening();
        responder.handle(ECHO, LIMITS, stream -> stream.send(stream.receive().map(ByteBuf::retain)));
        responder.handle(BROKEN, LIMITS, stream -> Mono.error(new IllegalStateException("on purpose")));
        Connection connection = connect(hosts.start(builder -> {}), responder);
        return TckTests.of(new Verification(connection));
    }

    private static final class Verification extends PublisherVerification<Duration> {

        private final Connection connection;

        Verification(Connection connection) {
            super(TckTests.environment());
            this.connection = connection;
        }

        /** Never completes by itself. */
        @Override
        public long maxElementsFromPublisher() {
            return publisherUnableToSignalOnComplete();
        }

        @Override
        public Publisher<Duration> createPublisher(long elements) {
            return pings(ECHO);
        }

        @Override
        public Publisher<Duration> createFailedPublisher() {
            return pings(BROKEN);
        }

        private Publisher<Duration> pings(ProtocolId protocol) {
            return new PingFlux(connection.open(protocol).block(PATIENCE), new Random(1), System::nanoTime);
        }
    }
}
