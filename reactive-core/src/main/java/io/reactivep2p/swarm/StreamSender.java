package io.reactivep2p.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.connection.WriteClosedException;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.wire.MessageCodec;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;

/**
 * The write side of a stream: one send after the other, then its end. All of it lives on the event loop.
 *
 * <p><b>Demand follows credit.</b> An {@link ActiveSend} asks its publisher for elements only while the stream is writable and nothing
 * waits here. What was asked for and arrives after that turned waits in {@link #queue}, at most {@link #PREFETCH} buffers; a send that
 * was cancelled leaves what it had taken there, and the next one asks for nothing before that has gone out. So the bound holds over
 * any number of sends.
 *
 * <p><b>Flush.</b> The first write of a turn of the event loop schedules one flush for the end of that turn: everything written in between,
 * by whatever path, goes out together, and where a read started the turn the muxer's own flush comes first and this one finds
 * nothing to do. A flush per element costs 5 to 25 times the throughput.
 *
 * <p>Messages are encoded into {@link #batch} as they are taken; it is passed on when it is full, before more is asked for, and at the end
 * of each drain, so a batch never holds more than the prefetch.
 */
final class StreamSender implements Runnable {

    /**
     * Elements requested ahead. Enough that a publisher on another thread works while a task hops over (about 20 µs; at the size of a
     * frame, 64 KiB, 32 elements are a millisecond of 2 GB/s), and few enough that a stalled stream pins little.
     */
    static final int PREFETCH = 32;

    /**
     * Bytes requested ahead, by the size of the elements seen so far: two blocks of 64 KiB, so that a publisher of large elements has
     * little in hand when the window closes.
     */
    static final int PREFETCH_BYTES = 128 * 1024;

    /** Elements requested at first, while nothing is known of their size: of 64 KiB each they just fill the first window of yamux. */
    static final int FIRST_PREFETCH = 4;

    /** Where a batch of encoded messages is passed on before its time: beyond this, sharing a buffer saves nothing. */
    static final int BATCH_BYTES = 16 * 1024;

    /** A batch starts small, as most streams carry a message or two; the next is as large as the last one became. */
    static final int FIRST_BATCH_BYTES = 256;

    final MuxedStream stream;
    private final DefaultProtocolStream owner;
    private final ByteBufAllocator allocator;
    private final BufferQueue queue = new BufferQueue();

    private @Nullable ActiveSend<?> active;
    private @Nullable ByteBuf batch;
    private int batchBytes = FIRST_BATCH_BYTES;
    /** The size of an element to expect: grows at once with a larger one and shrinks slowly. 0 while none has been seen. */
    private int expectedBytes;

    private boolean flushScheduled;
    private boolean unflushed;
    /** The end of the write side was asked for: no new sends. */
    private boolean closing;
    /** It was handed to the muxer. */
    private boolean closed;
    /** Made when someone must wait for {@link #closed}. */
    private Sinks.@Nullable Empty<Void> closeSignal;

    private @Nullable Throwable failure;
    /** {@link #failure} says that the remote peer reads no more. */
    private boolean stopped;

    StreamSender(DefaultProtocolStream owner, MuxedStream stream, ByteBufAllocator allocator) {
        this.owner = owner;
        this.stream = stream;
        this.allocator = allocator;
    }

    // ---- sends ----

    <T> void start(SendMono<T> send, CoreSubscriber<? super Void> actual) {
        Throwable refusal = refusal();
        if (refusal != null) {
            send.discard(actual.currentContext());
            Operators.error(actual, refusal);
        } else if (send.isScalar() && accepts()) {
            sendNow(send, actual);
        } else {
            ActiveSend<T> started = new ActiveSend<>(this, send, actual);
            active = started;
            started.begin();
        }
    }

    private @Nullable Throwable refusal() {
        if (failure != null && !closed) {
            return failure;
        }
        if (closing) {
            return new WriteClosedException(owner.toString());
        }
        return active == null ? null : new IllegalStateException("another send is active on " + owner);
    }

    /** The short way of a single element, which is most requests and responses: no subscription, no state. */
    private <T> void sendNow(SendMono<T> send, CoreSubscriber<? super Void> actual) {
        try {
            T element = send.scalar();
            if (element != null) {
                take(element, send.codec);
                passOnBatch();
            }
        } catch (Throwable thrown) {
            Exceptions.throwIfJvmFatal(thrown);
            Throwable cause = Operators.onOperatorError(thrown, actual.currentContext());
            owner.resetOnLoop(ErrorCode.NONE);
            Operators.error(actual, cause);
            return;
        }
        Operators.complete(actual);
    }

    /** How many elements a send may have requested that have not arrived. */
    int ahead() {
        return expectedBytes == 0 ? FIRST_PREFETCH : Math.max(1, Math.min(PREFETCH, PREFETCH_BYTES / expectedBytes));
    }

    private void expect(int bytes) {
        expectedBytes = Math.max(1, Math.max(bytes, expectedBytes - (expectedBytes >> 3)));
    }

    /** Whether an element taken now would be written now. */
    boolean accepts() {
        return queue.isEmpty() && stream.isWritable();
    }

    /** Whether all that was taken is written. */
    boolean isDrained() {
        return queue.isEmpty() && batch == null;
    }

    /** Takes an element of a send; a buffer becomes ours. Throws what the codec throws. */
    @SuppressWarnings("NullAway") // allocators do not return null
    <T> void take(T element, @Nullable MessageCodec<T> codec) {
        if (codec == null) {
            ByteBuf data = (ByteBuf) element;
            expect(data.readableBytes());
            pass(data);
            return;
        }
        ByteBuf open = batch;
        if (open == null) {
            batch = open = allocator.buffer(batchBytes);
        }
        int start = open.writerIndex();
        try {
            codec.encode(element, open);
        } catch (Throwable thrown) {
            // Half a message must not go out.
            open.writerIndex(start);
            throw thrown;
        }
        expect(open.writerIndex() - start);
        if (open.readableBytes() >= BATCH_BYTES) {
            passOnBatch();
        }
    }

    /** Called at the end of each drain: nothing stays in the batch that could be written. */
    void passOnBatch() {
        ByteBuf full = batch;
        if (full != null) {
            batch = null;
            batchBytes = Math.min(BATCH_BYTES, Math.max(FIRST_BATCH_BYTES, full.readableBytes()));
            pass(full);
        }
    }

    private void pass(ByteBuf data) {
        if (!data.isReadable()) {
            data.release();
        } else if (accepts()) {
            write(data);
        } else {
            queue.add(data);
        }
    }

    private void write(ByteBuf data) {
        stream.write(data);
        unflushed = true;
        if (!flushScheduled) {
            flushScheduled = true;
            try {
                stream.executor().execute(this);
            } catch (RejectedExecutionException loopIsGone) {
                // So is the socket.
                flushScheduled = false;
            }
        }
    }

    /** The flush at the end of the turn. */
    @Override
    public void run() {
        flushScheduled = false;
        if (unflushed && failure == null) {
            unflushed = false;
            stream.flush();
        }
    }

    void drainQueue() {
        while (!queue.isEmpty() && stream.isWritable()) {
            ByteBuf data = queue.poll();
            if (data != null) {
                write(data);
            }
        }
    }

    void onWritable() {
        drainQueue();
        ActiveSend<?> send = active;
        if (send == null) {
            closeIfDone();
        } else {
            send.pump();
        }
    }

    /** The send has no more to give; what it gave may still wait. */
    void left(ActiveSend<?> send) {
        if (active == send) {
            active = null;
            passOnBatch();
            closeIfDone();
        }
    }

    /** The publisher, or the codec, failed. What was sent is a fragment, and the remote peer must not take it for the whole. */
    void abort(ActiveSend<?> send) {
        if (active == send) {
            active = null;
            owner.resetOnLoop(ErrorCode.NONE);
        }
    }

    // ---- the end ----

    /** Ends the write side after what is being sent. */
    void closeWrite() {
        closing = true;
        closeIfDone();
    }

    /** As {@link #closeWrite()}, telling {@code actual}. */
    void closeWrite(CoreSubscriber<? super Void> actual, boolean neverFails) {
        if (failure == null) {
            closeWrite();
        }
        if (closed || stopped || (failure != null && neverFails)) {
            Operators.complete(actual);
        } else if (failure != null) {
            Operators.error(actual, failure);
        } else {
            if (closeSignal == null) {
                closeSignal = Sinks.empty();
            }
            Mono<Void> end = closeSignal.asMono();
            (neverFails ? end.onErrorComplete() : end).subscribe(actual);
        }
    }

    private void closeIfDone() {
        if (closing && !closed && failure == null && active == null && isDrained()) {
            closed = true;
            unflushed = false;
            stream.closeWrite();
            if (closeSignal != null) {
                closeSignal.tryEmitEmpty();
            }
        }
    }

    /**
     * The remote peer reads no more. Sends fail; to end the write side, which it has done, does not: peers that have read what they
     * wanted say so before they have seen the end.
     */
    void onStopped(StreamResetException cause) {
        if (failure == null && !closed) {
            stopped = true;
            onFailure(cause);
        }
    }

    /** The stream has ended, but not in order. */
    void onFailure(Throwable cause) {
        if (failure != null) {
            return;
        }
        failure = cause;
        queue.clear();
        ReferenceCountUtil.safeRelease(batch);
        batch = null;
        ActiveSend<?> send = active;
        active = null;
        try {
            if (send != null) {
                send.fail(cause);
            }
        } finally {
            if (closeSignal != null) {
                closeSignal.tryEmitError(cause);
            }
        }
    }
}
