package io.reactivep2p.pubsub.validation;

import io.reactivep2p.pubsub.Validation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/**
 * One message before its validators, all asked at once. {@link Validation#REJECT} of any settles it; {@link Validation#ACCEPT} needs all
 * of them; what is not answered in time, or not at all, is {@link Validation#IGNORE}. Those who have not answered when it is settled are
 * cancelled.
 */
public final class Judgement implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(Judgement.class);

    private final Consumer<Validation> verdict;
    private final Disposable.Composite open = Disposables.composite();
    private final AtomicInteger unanswered;
    private final AtomicBoolean settled = new AtomicBoolean();
    private volatile boolean ignored;

    private Judgement(int validators, Consumer<Validation> verdict) {
        this.unanswered = new AtomicInteger(validators);
        this.verdict = verdict;
    }

    /**
     * Asks.
     *
     * @param validators subscribed to once, in this order, here and now; one that fails to give a publisher ignores the message
     * @param timeout for all of them together
     * @param verdict told once, on any thread, possibly before this returns; not after {@link #dispose()}
     */
    public static Disposable ask(
            List<Callable<Publisher<Validation>>> validators,
            Duration timeout,
            Scheduler timer,
            Consumer<Validation> verdict) {
        Judgement judgement = new Judgement(validators.size(), verdict);
        if (validators.isEmpty()) {
            judgement.settle(Validation.ACCEPT);
        }
        for (Callable<Publisher<Validation>> validator : validators) {
            judgement.askOne(validator);
        }
        judgement.limit(timeout, timer);
        return judgement;
    }

    private void askOne(Callable<Publisher<Validation>> validator) {
        if (settled.get()) {
            return;
        }
        try {
            Publisher<Validation> asked = validator.call();
            if (asked instanceof Callable<?> known) {
                // Mono.just and the like: nothing to wait for.
                answered((Validation) known.call());
            } else {
                Answer answer = new Answer();
                open.add(answer);
                asked.subscribe(answer);
            }
        } catch (Throwable thrown) {
            Exceptions.throwIfJvmFatal(thrown);
            LOG.warn("a validator failed", thrown);
            answered(null);
        }
    }

    private void limit(Duration timeout, Scheduler timer) {
        if (!settled.get()) {
            try {
                open.add(timer.schedule(() -> settle(Validation.IGNORE), timeout.toNanos(), TimeUnit.NANOSECONDS));
            } catch (RejectedExecutionException gone) {
                settle(Validation.IGNORE);
            }
        }
    }

    private void answered(@Nullable Validation answer) {
        if (answer == Validation.REJECT) {
            settle(Validation.REJECT);
            return;
        }
        if (answer != Validation.ACCEPT) {
            ignored = true;
        }
        if (unanswered.decrementAndGet() == 0) {
            settle(ignored ? Validation.IGNORE : Validation.ACCEPT);
        }
    }

    private void settle(Validation result) {
        if (settled.compareAndSet(false, true)) {
            open.dispose();
            verdict.accept(result);
        }
    }

    /** Nobody waits for it any more. */
    @Override
    public void dispose() {
        if (settled.compareAndSet(false, true)) {
            open.dispose();
        }
    }

    @Override
    public boolean isDisposed() {
        return settled.get();
    }

    /** What one validator says. */
    private final class Answer implements CoreSubscriber<Validation>, Disposable {

        private final AtomicBoolean given = new AtomicBoolean();
        private volatile @Nullable Subscription upstream;

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.validate(upstream, subscription)) {
                upstream = subscription;
                if (given.get()) {
                    subscription.cancel();
                } else {
                    subscription.request(1);
                }
            }
        }

        @Override
        public void onNext(Validation answer) {
            if (given.compareAndSet(false, true)) {
                cancel();
                answered(answer);
            }
        }

        @Override
        public void onError(Throwable cause) {
            if (given.compareAndSet(false, true)) {
                LOG.debug("a validator failed", cause);
                answered(null);
            }
        }

        @Override
        public void onComplete() {
            if (given.compareAndSet(false, true)) {
                answered(null);
            }
        }

        @Override
        public void dispose() {
            if (given.compareAndSet(false, true)) {
                cancel();
            }
        }

        private void cancel() {
            Subscription known = upstream;
            if (known != null) {
                known.cancel();
            }
        }
    }
}
