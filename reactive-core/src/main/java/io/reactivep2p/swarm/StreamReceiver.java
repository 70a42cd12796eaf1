package io.reactivep2p.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.muxer.MuxedStream;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * The Flux behind {@code receive()}: the queue of what arrived, drained by demand. All of it lives on the event loop, {@code onSubscribe}
 * included: subscribed to from another thread, it is called when the loop gets there.
 *
 * <p><b>Credit follows demand.</b> {@link MuxedStream#consumed} is called for a buffer when the subscriber's {@code onNext} has returned,
 * never on arrival. What waits is therefore part of a window that was granted and not renewed, and that window is the queue's bound.
 *
 * <p><b>Ends.</b> An end in order (the remote peer's FIN, and its connection closing after that) loses nothing: what waits is delivered by
 * demand, then {@code onComplete}. Any other end is signalled at once, demand or not, and what waits is released: after a reset
 * the bytes are a fragment that no protocol can use, and a subscriber that requests nothing would otherwise never hear of it.
 *
 * <p>Invariant outside {@link #drain}: there is no demand, or the queue is empty, or nobody has subscribed.
 */
final class StreamReceiver extends Flux<ByteBuf> implements LoopSubscription.Demand {

    private final DefaultProtocolStream owner;
    private final MuxedStream stream;
    private final ByteBufAllocator allocator;
    private final BufferQueue queue = new BufferQueue();

    private @Nullable CoreSubscriber<? super ByteBuf> actual;
    /** That of {@link #actual}; there is none as long as nobody subscribes. */
    private @Nullable LoopSubscription subscription;

    private long demand;
    private boolean subscribed;
    /** The one who emits is on the stack: whoever else comes leaves a note and returns, so signals neither nest nor overtake. */
    private boolean emitting;
    /** No data follows. */
    private boolean ended;
    /** The subscriber has got its last signal or has cancelled: whatever arrives is dropped. */
    private boolean finished;
    /** The stream is gone: there is nobody left to give credit to. */
    private boolean gone;

    private @Nullable Throwable failure;

    StreamReceiver(DefaultProtocolStream owner, MuxedStream stream, ByteBufAllocator allocator) {
        this.owner = owner;
        this.stream = stream;
        this.allocator = allocator;
    }

    Flux<ByteBuf> assembled() {
        return onAssembly(this);
    }

    @Override
    public void subscribe(CoreSubscriber<? super ByteBuf> subscriber) {
        EventExecutor executor = stream.executor();
        if (executor.inEventLoop()) {
            subscribeOnLoop(subscriber);
            return;
        }
        try {
            executor.execute(() -> subscribeOnLoop(subscriber));
        } catch (RejectedExecutionException loopIsGone) {
            Operators.error(subscriber, new ConnectionClosedException(ErrorCode.NONE, false));
        }
    }

    private void subscribeOnLoop(CoreSubscriber<? super ByteBuf> subscriber) {
        if (subscribed) {
            Operators.error(
                    subscriber, new IllegalStateException("receive() of " + owner + " has its one subscriber already"));
            return;
        }
        subscribed = true;
        // Set before onSubscribe, since it may request or cancel; nothing is emitted until it has returned.
        actual = subscriber;
        LoopSubscription made = new LoopSubscription(stream.executor(), this);
        subscription = made;
        emitting = true;
        try {
            subscriber.onSubscribe(made);
        } finally {
            emitting = false;
        }
        drain();
    }

    void onData(ByteBuf data) {
        if (finished || failure != null || !data.isReadable()) {
            data.release();
            return;
        }
        CoreSubscriber<? super ByteBuf> subscriber = actual;
        if (emitting || demand == 0 || subscriber == null) {
            queue.addCompact(data, allocator);
            return;
        }
        // By the invariant nothing waits: no need for the queue.
        emitting = true;
        try {
            deliver(subscriber, data);
        } finally {
            emitting = false;
        }
        drain();
    }

    void onEnd() {
        ended = true;
        drain();
    }

    /** The stream has ended in order, both ways. */
    void onClosed() {
        gone = true;
        ended = true;
        // Nobody may ever subscribe, and from here on nobody will tell us to let go.
        queue.moveToHeap();
        drain();
    }

    /** The stream has ended otherwise. */
    void onFailure(Throwable cause) {
        gone = true;
        if (ended && (cause instanceof ConnectionClosedException || queue.isEmpty())) {
            queue.moveToHeap();
        } else {
            fail(cause);
        }
    }

    /**
     * This side wants no more. A subscriber that still waits is told so by an error: to complete would pass a part of the data off as
     * the whole.
     */
    void close() {
        if (finished || failure != null || (ended && queue.isEmpty())) {
            return;
        }
        closeRead();
        fail(new StreamResetException(ErrorCode.NONE, false));
    }

    private void fail(Throwable cause) {
        if (!finished && failure == null) {
            failure = cause;
            queue.clear();
            drain();
        }
    }

    @Override
    public void requested(long n) {
        demand = Operators.addCap(demand, n);
        drain();
    }

    @Override
    public void cancelled() {
        if (finish() != null) {
            closeRead();
        }
    }

    @Override
    public void misrequested(IllegalArgumentException cause) {
        CoreSubscriber<? super ByteBuf> subscriber = finish();
        if (subscriber != null) {
            closeRead();
            subscriber.onError(cause);
        }
    }

    private void closeRead() {
        if (!ended && !gone) {
            stream.closeRead();
        }
    }

    /** Lets go of the subscriber and of what waits; returns the subscriber if it has not had its last signal. */
    private @Nullable CoreSubscriber<? super ByteBuf> finish() {
        CoreSubscriber<? super ByteBuf> subscriber = actual;
        if (subscriber != null) {
            actual = null;
            finished = true;
            queue.clear();
        }
        return subscriber;
    }

    private void drain() {
        if (emitting) {
            return;
        }
        emitting = true;
        try {
            for (CoreSubscriber<? super ByteBuf> subscriber = actual; subscriber != null; subscriber = actual) {
                if (failure != null) {
                    finish();
                    Objects.requireNonNull(subscription).error(subscriber, failure);
                } else if (queue.isEmpty()) {
                    if (!ended) {
                        return;
                    }
                    finish();
                    Objects.requireNonNull(subscription).complete(subscriber);
                } else if (demand > 0) {
                    ByteBuf data = queue.poll();
                    if (data != null) {
                        deliver(subscriber, data);
                    }
                } else {
                    return;
                }
            }
        } finally {
            emitting = false;
        }
    }

    private void deliver(CoreSubscriber<? super ByteBuf> subscriber, ByteBuf data) {
        int bytes = data.readableBytes();
        if (demand != Long.MAX_VALUE) {
            demand--;
        }
        try {
            subscriber.onNext(data);
        } catch (Throwable thrown) {
            onNextThrew(subscriber, thrown);
        } finally {
            ReferenceCountUtil.safeRelease(data);
        }
        if (!finished && !gone) {
            stream.consumed(bytes);
        }
    }

    /** Against rule 2.13. It must not reach the muxer, whose other streams have no part in it. */
    private void onNextThrew(CoreSubscriber<? super ByteBuf> subscriber, Throwable thrown) {
        Exceptions.throwIfJvmFatal(thrown);
        Throwable cause = Operators.onOperatorError(thrown, subscriber.currentContext());
        boolean live = finish() != null;
        owner.resetOnLoop(ErrorCode.NONE);
        if (live) {
            subscriber.onError(cause);
        } else {
            Operators.onErrorDropped(cause, subscriber.currentContext());
        }
    }
}
