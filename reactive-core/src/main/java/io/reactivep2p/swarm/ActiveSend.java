package io.reactivep2p.swarm;

import io.netty.util.concurrent.EventExecutor;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * One subscription of a {@code send()}: subscriber of the publisher above, subscription of whoever waits for its end.
 *
 * <p>Lives on the event loop from its first call on: subscribed to from elsewhere, even its {@code onSubscribe} is called there. A publisher
 * that emits on the event loop passes its elements straight to the {@link StreamSender}. One that emits elsewhere leaves
 * them in {@link #inbox}, and one task carries all that is there to the loop. Both may happen in one send, one after the other, since
 * signals are serial: whoever comes on the loop empties the inbox first.
 *
 * @param <T> the elements
 */
final class ActiveSend<T> implements CoreSubscriber<T>, LoopSubscription.Demand, Runnable {

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<ActiveSend> SCHEDULED =
            AtomicIntegerFieldUpdater.newUpdater(ActiveSend.class, "scheduled");

    private final StreamSender sender;
    private final SendMono<T> send;
    private final EventExecutor executor;
    private final Context context;

    private final LoopSubscription downstream;

    // Confined to the event loop.
    private @Nullable CoreSubscriber<? super Void> actual;
    private @Nullable Subscription upstream;
    /** Requested and not arrived. */
    private int outstanding;
    /** The element is at hand and waits, untaken, until the stream is writable. */
    private boolean scalarWaits;
    /** The publisher has completed, and all it gave is with the sender. */
    private boolean completed;
    /** Whoever waits for the end has been told, or does not wait any more. */
    private boolean finished;
    /** {@link #pump} is on the stack: a publisher that answers a request at once comes back here and must not recurse. */
    private boolean pumping;

    // Written by a publisher on another thread.
    private volatile @Nullable Queue<T> inbox;

    @SuppressWarnings("UnusedVariable") // read by its updater
    private volatile int scheduled;

    private volatile boolean done;
    /** Set before {@link #done}, or before the inbox is left without the element it has no room for. */
    private volatile @Nullable Throwable failure;

    ActiveSend(StreamSender sender, SendMono<T> send, CoreSubscriber<? super Void> actual) {
        this.sender = sender;
        this.send = send;
        this.executor = sender.stream.executor();
        this.downstream = new LoopSubscription(executor, this);
        this.actual = actual;
        this.context = actual.currentContext();
    }

    void begin() {
        scalarWaits = send.isScalar();
        CoreSubscriber<? super Void> subscriber = actual;
        if (subscriber != null) {
            subscriber.onSubscribe(downstream);
        }
        Publisher<? extends T> source = send.source;
        if (scalarWaits) {
            pump();
        }
        if (finished || send.isScalar() || source == null) {
            return;
        }
        try {
            source.subscribe(this);
        } catch (Throwable thrown) {
            Exceptions.throwIfJvmFatal(thrown);
            abort(thrown);
        }
    }

    @Override
    public Context currentContext() {
        return context;
    }

    // ---- signals of the publisher, on any thread ----

    @Override
    public void onSubscribe(Subscription subscription) {
        Objects.requireNonNull(subscription, "subscription");
        if (!executor.inEventLoop()) {
            try {
                executor.execute(() -> onSubscribe(subscription));
            } catch (RejectedExecutionException loopIsGone) {
                subscription.cancel();
            }
        } else if (finished) {
            subscription.cancel();
        } else if (Operators.validate(upstream, subscription)) {
            upstream = subscription;
            pump();
        }
    }

    @Override
    public void onNext(T element) {
        Objects.requireNonNull(element, "element");
        if (executor.inEventLoop()) {
            emptyInbox();
            accept(element);
            pump();
            return;
        }
        Queue<T> queue = inbox;
        if (queue == null) {
            // Never holds more than was requested.
            inbox = queue = Queues.<T>get(StreamSender.PREFETCH).get();
        }
        if (!queue.offer(element)) {
            send.discard(element, context);
            failure = overflow();
            done = true;
        }
        schedule();
    }

    @Override
    public void onError(Throwable cause) {
        Objects.requireNonNull(cause, "cause");
        if (executor.inEventLoop()) {
            emptyInbox();
            failed(cause);
        } else {
            failure = cause;
            done = true;
            schedule();
        }
    }

    @Override
    public void onComplete() {
        if (executor.inEventLoop()) {
            emptyInbox();
            completed = true;
            pump();
        } else {
            done = true;
            schedule();
        }
    }

    private void schedule() {
        if (SCHEDULED.compareAndSet(this, 0, 1)) {
            try {
                executor.execute(this);
            } catch (RejectedExecutionException loopIsGone) {
                // Nobody else looks into the inbox any more.
                scheduled = 0;
                discardInbox();
            }
        }
    }

    // ---- on the event loop ----

    @Override
    public void run() {
        // First of all: what is left from here on schedules anew.
        scheduled = 0;
        boolean last = done;
        emptyInbox();
        if (last && !completed) {
            Throwable cause = failure;
            if (cause != null) {
                failed(cause);
            } else {
                completed = true;
            }
        }
        pump();
    }

    private void emptyInbox() {
        Queue<T> queue = inbox;
        if (queue != null) {
            for (T element = queue.poll(); element != null; element = queue.poll()) {
                accept(element);
            }
        }
    }

    private void discardInbox() {
        Queue<T> queue = inbox;
        if (queue != null) {
            for (T element = queue.poll(); element != null; element = queue.poll()) {
                send.discard(element, context);
            }
        }
    }

    private void accept(T element) {
        if (finished) {
            send.discard(element, context);
        } else if (completed) {
            send.discard(element, context);
            Operators.onNextDropped(element, context);
        } else if (outstanding == 0) {
            send.discard(element, context);
            abort(overflow());
        } else {
            outstanding--;
            try {
                sender.take(element, send.codec);
            } catch (Throwable thrown) {
                Exceptions.throwIfJvmFatal(thrown);
                abort(thrown);
            }
        }
    }

    /** Writes, asks for more, and ends, as far as the stream and the publisher allow. */
    void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            while (!finished) {
                sender.drainQueue();
                // First, for the stream to know what it holds before it is asked whether it takes more.
                sender.passOnBatch();
                if (completed || !sender.accepts()) {
                    break;
                }
                if (scalarWaits) {
                    takeScalar();
                } else if (!askForMore()) {
                    break;
                }
            }
        } finally {
            pumping = false;
        }
        if (completed && sender.isDrained()) {
            CoreSubscriber<? super Void> subscriber = finish();
            if (subscriber != null) {
                sender.left(this);
                downstream.complete(subscriber);
            }
        }
    }

    private boolean askForMore() {
        Subscription subscription = upstream;
        int ahead = sender.ahead();
        int room = ahead - outstanding;
        // Refilled at half, so that one request pays for several elements and the publisher never runs dry in between.
        if (subscription == null || room < (ahead + 1) / 2) {
            return false;
        }
        outstanding += room;
        subscription.request(room);
        return true;
    }

    private void takeScalar() {
        scalarWaits = false;
        outstanding = 1;
        try {
            T element = send.scalar();
            if (element != null) {
                accept(element);
            }
            completed = true;
        } catch (Throwable thrown) {
            Exceptions.throwIfJvmFatal(thrown);
            abort(thrown);
        }
    }

    private void failed(Throwable cause) {
        if (finished || completed) {
            // That it emits too much has been said already when the first element too many was taken.
            if (!Exceptions.isOverflow(cause)) {
                Operators.onErrorDropped(cause, context);
            }
            return;
        }
        if (!Exceptions.isOverflow(cause)) {
            // It has ended by itself.
            upstream = null;
        }
        abort(cause);
    }

    /** The publisher or the codec failed: the stream is reset, and the error is the send's. */
    private void abort(Throwable thrown) {
        Throwable cause = Operators.onOperatorError(upstream, thrown, context);
        CoreSubscriber<? super Void> subscriber = finish();
        if (subscriber != null) {
            discardInbox();
            sender.abort(this);
            subscriber.onError(cause);
        } else {
            Operators.onErrorDropped(cause, context);
        }
    }

    /** The stream failed, and the sender has let go of this send. */
    void fail(Throwable cause) {
        CoreSubscriber<? super Void> subscriber = finish();
        if (subscriber != null) {
            cancelUpstream();
            downstream.error(subscriber, cause);
        }
    }

    @Override
    public void requested(long n) {
        // There are no elements to ask for.
    }

    @Override
    public void cancelled() {
        emptyInbox();
        if (finish() != null) {
            cancelUpstream();
            sender.left(this);
        }
    }

    @Override
    public void misrequested(IllegalArgumentException cause) {
        emptyInbox();
        CoreSubscriber<? super Void> subscriber = finish();
        if (subscriber != null) {
            cancelUpstream();
            sender.left(this);
            subscriber.onError(cause);
        }
    }

    private void cancelUpstream() {
        if (scalarWaits) {
            scalarWaits = false;
            send.discard(context);
        }
        if (upstream != null) {
            upstream.cancel();
        }
        discardInbox();
    }

    /** Lets go of whoever waits for the end; returns them if they have not been told. */
    private @Nullable CoreSubscriber<? super Void> finish() {
        CoreSubscriber<? super Void> subscriber = actual;
        actual = null;
        finished = true;
        return subscriber;
    }

    private static IllegalStateException overflow() {
        return Exceptions.failWithOverflow("the publisher given to send() emits more than was requested of it");
    }
}
