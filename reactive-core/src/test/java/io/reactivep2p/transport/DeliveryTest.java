package io.reactivep2p.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

class DeliveryTest {

    private final List<String> seen = new ArrayList<>();
    private final List<String> givenBack = new ArrayList<>();
    private Runnable atArrival = () -> {};

    private final Delivery<String> delivery = new Delivery<>(
            new CoreSubscriber<String>() {
                @Override
                public void onSubscribe(Subscription subscription) {}

                @Override
                public void onNext(String value) {
                    atArrival.run();
                    seen.add(value);
                }

                @Override
                public void onError(Throwable error) {
                    seen.add("error " + error.getMessage());
                }

                @Override
                public void onComplete() {
                    seen.add("complete");
                }
            },
            givenBack::add);

    @Test
    void aValueThatNobodyCancelledArrivesAndIsKept() {
        delivery.succeed("socket");
        assertThat(delivery.cancel()).isFalse();
        assertThat(seen).containsExactly("socket", "complete");
        assertThat(givenBack).isEmpty();
        assertThat(delivery.isCancelled()).isFalse();
    }

    @Test
    void aValueAfterTheCancelIsGivenBack() {
        assertThat(delivery.cancel()).isTrue();
        assertThat(delivery.isCancelled()).isTrue();
        delivery.succeed("socket");
        assertThat(seen).isEmpty();
        assertThat(givenBack).containsExactly("socket");
    }

    @Test
    void aCancelFromAnotherThreadWhileTheValueArrivesGivesItBack() {
        atArrival = () -> {
            Thread other = new Thread(() -> delivery.cancel());
            other.start();
            try {
                other.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        delivery.succeed("socket");
        assertThat(seen).containsExactly("socket");
        assertThat(givenBack).containsExactly("socket");
    }

    @Test
    void aCancelByTheSubscriberThatTakesTheValueLeavesItThat() {
        atArrival = () -> delivery.cancel();
        delivery.succeed("socket");
        assertThat(seen).containsExactly("socket", "complete");
        assertThat(givenBack).isEmpty();
    }

    @Test
    void aFailureArrivesOnce() {
        delivery.fail(new IllegalStateException("first"));
        delivery.fail(new IllegalStateException("second"));
        assertThat(delivery.cancel()).isFalse();
        assertThat(seen).containsExactly("error first");
    }

    @Test
    void aFailureAfterTheCancelIsSilent() {
        assertThat(delivery.cancel()).isTrue();
        delivery.fail(new IllegalStateException("late"));
        assertThat(seen).isEmpty();
    }
}
