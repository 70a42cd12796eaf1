package io.reactivep2p.transport;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/**
 * Gives one value to one subscriber, or back where the subscriber cancelled: never to nobody.
 *
 * <p>Reactor's own sinks drop a value that meets a cancel on another thread; an open socket would stay open unseen. Here whoever ends {@code PENDING}, the producer or the cancel, decides. A cancel that comes from another thread while {@code
 * onNext} runs gives the value back, too, because nobody can say whether it was taken. A cancel from within {@code onNext}, or after
 * it, does not: operators cancel when they have what they want.
 */
public final class Delivery<T> {

    private enum State {
        PENDING,
        DELIVERING,
        SETTLED,
        CANCELLED
    }

    private final CoreSubscriber<? super T> subscriber;
    private final Consumer<T> giveBack;
    private final AtomicReference<State> state = new AtomicReference<>(State.PENDING);

    /** Written before {@code DELIVERING} is. */
    private @Nullable Thread deliverer;

    /** @param giveBack closes a value that nobody took */
    public Delivery(CoreSubscriber<? super T> subscriber, Consumer<T> giveBack) {
        this.subscriber = subscriber;
        this.giveBack = giveBack;
    }

    /** Called once at most, by one thread. */
    public void succeed(T value) {
        deliverer = Thread.currentThread();
        if (!state.compareAndSet(State.PENDING, State.DELIVERING)) {
            giveBack.accept(value);
            return;
        }
        subscriber.onNext(value);
        if (state.compareAndSet(State.DELIVERING, State.SETTLED)) {
            subscriber.onComplete();
        } else {
            giveBack.accept(value);
        }
    }

    /** Ends without a value, unless that has come or was cancelled. */
    public void fail(Throwable cause) {
        if (state.compareAndSet(State.PENDING, State.SETTLED)) {
            subscriber.onError(cause);
        }
    }

    /** Whether the value has not come, and now never will. */
    public boolean cancel() {
        if (state.compareAndSet(State.PENDING, State.CANCELLED)) {
            return true;
        }
        if (state.get() == State.DELIVERING && deliverer != Thread.currentThread()) {
            state.compareAndSet(State.DELIVERING, State.CANCELLED);
        }
        return false;
    }

    public boolean isCancelled() {
        return state.get() == State.CANCELLED;
    }
}
