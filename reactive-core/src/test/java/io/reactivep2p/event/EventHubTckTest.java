package io.reactivep2p.event;

import io.reactivep2p.event.HostEvent.ListenerOpened;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.testing.TckTests;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Flux;

/** The events of a host, as the Reactive Streams specification wants a publisher to be. */
class EventHubTckTest {

    @TestFactory
    Stream<DynamicTest> events() {
        return TckTests.of(new Verification());
    }

    private static final class Verification extends PublisherVerification<HostEvent> {

        Verification() {
            super(TckTests.environment());
        }

        /** All events happen while the subscriber is on its way in, and then the hub closes. */
        @Override
        public Publisher<HostEvent> createPublisher(long elements) {
            EventHub<HostEvent> hub = new EventHub<>();
            return Flux.from(subscriber -> {
                hub.events().subscribe(subscriber);
                for (long i = 0; i < elements; i++) {
                    hub.publish(new ListenerOpened(Multiaddr.of("/memory/" + i)));
                }
                hub.complete();
            });
        }

        @Override
        public Publisher<HostEvent> createFailedPublisher() {
            return null; // the hub does not fail
        }

        @Override
        public long maxElementsFromPublisher() {
            return EventHub.BUFFER;
        }
    }
}
