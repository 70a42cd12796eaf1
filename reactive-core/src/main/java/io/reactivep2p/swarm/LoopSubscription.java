package io.reactivep2p.swarm;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * Brings a subscriber's demand to the event loop. On the loop a call goes straight through; from another thread demand adds up and one
 * task carries all of it, however many calls were made before it ran. What is behind it so stays confined to the loop, in plain fields.
 */
final class LoopSubscription implements Subscription, Runnable {

    private static final AtomicLongFieldUpdater<LoopSubscription> PENDING =
            AtomicLongFieldUpdater.newUpdater(LoopSubscription.class, "pending");
    private static final AtomicIntegerFieldUpdater<LoopSubscription> SCHEDULED =
            AtomicIntegerFieldUpdater.newUpdater(LoopSubscription.class, "scheduled");

    private final EventExecutor executor;
    private final Demand demand;

    @SuppressWarnings("UnusedVariable") // read by its updater
    private volatile long pending;

    @SuppressWarnings("UnusedVariable") // read by its updater
    private volatile int scheduled;

    private volatile boolean cancelled;
    /** The first request that was not positive, else 1. */
    private volatile long invalid = 1;

    LoopSubscription(EventExecutor executor, Demand demand) {
        this.executor = executor;
        this.demand = demand;
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            invalid = n;
            runOnLoop();
        } else if (executor.inEventLoop()) {
            demand.requested(n);
        } else {
            Operators.addCap(PENDING, this, n);
            schedule();
        }
    }

    @Override
    public void cancel() {
        if (!cancelled) {
            cancelled = true;
            runOnLoop();
        }
    }

    /**
     * Tells {@code actual} that it has failed, unless it has cancelled: on another thread, so that {@link Demand#cancelled} is still on its
     * way. It would have to report the error as one that nobody wants.
     */
    void error(CoreSubscriber<?> actual, Throwable cause) {
        if (!cancelled) {
            actual.onError(cause);
        }
    }

    /** Likewise, that it has completed. */
    void complete(CoreSubscriber<?> actual) {
        if (!cancelled) {
            actual.onComplete();
        }
    }

    private void runOnLoop() {
        if (executor.inEventLoop()) {
            run();
        } else {
            schedule();
        }
    }

    private void schedule() {
        if (SCHEDULED.compareAndSet(this, 0, 1)) {
            try {
                executor.execute(this);
            } catch (RejectedExecutionException loopIsGone) {
                // The connection ended with its loop, and told its streams before.
                SCHEDULED.set(this, 0);
            }
        }
    }

    @Override
    public void run() {
        // First of all: what is written from here on schedules anew.
        scheduled = 0;
        if (cancelled) {
            demand.cancelled();
            return;
        }
        if (invalid <= 0) {
            cancelled = true;
            demand.misrequested(new IllegalArgumentException(
                    "Reactive Streams rule 3.9: demand must be positive, but " + invalid + " was requested"));
            return;
        }
        long n = PENDING.getAndSet(this, 0);
        if (n > 0) {
            demand.requested(n);
        }
    }

    /** What is asked for on the event loop. Calls after the end are ignored by the implementation. */
    interface Demand {

        void requested(long n);

        void cancelled();

        /** To be signalled as an error, and otherwise as if cancelled. */
        void misrequested(IllegalArgumentException cause);
    }
}
