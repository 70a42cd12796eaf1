package io.reactivep2p.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.event.HostEvent.ListenerOpened;
import io.reactivep2p.multiformats.Multiaddr;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class EventHubTest {

    private final EventHub<HostEvent> hub = new EventHub<>();

    @Test
    void everySubscriberHearsEveryEvent() {
        StepVerifier first = StepVerifier.create(hub.events())
                .expectNext(event(1), event(2))
                .expectComplete()
                .verifyLater();
        StepVerifier second = StepVerifier.create(hub.events())
                .expectNext(event(1), event(2))
                .expectComplete()
                .verifyLater();

        hub.publish(event(1));
        hub.publish(event(2));
        hub.complete();

        first.verify();
        second.verify();
    }

    @Test
    void aSubscriberThatFallsBehindLosesTheOldestEventsAndTheyAreCounted() {
        int published = EventHub.BUFFER + 10;

        StepVerifier.create(hub.events(), 0)
                .expectSubscription()
                .then(() -> {
                    for (int i = 0; i < published; i++) {
                        hub.publish(event(i));
                    }
                })
                .thenRequest(1)
                .expectNext(event(10))
                .thenCancel()
                .verify();

        assertThat(hub.dropped()).isEqualTo(10);
    }

    @Test
    void whoCancelsIsForgotten() {
        hub.events().subscribe().dispose();

        assertThat(hub.hasSubscribers()).isFalse();
    }

    @Test
    void aLateSubscriberCompletesAtOnce() {
        hub.complete();

        StepVerifier.create(hub.events()).expectComplete().verify();
        assertThat(hub.hasSubscribers()).isFalse();
    }

    private static HostEvent event(int number) {
        return new ListenerOpened(Multiaddr.of("/memory/" + number));
    }
}
