package io.reactivep2p.muxer.mplex;

import static io.reactivep2p.muxer.mplex.MplexFrameCodec.CLOSE_INITIATOR;
import static io.reactivep2p.muxer.mplex.MplexFrameCodec.CLOSE_RECEIVER;
import static io.reactivep2p.muxer.mplex.MplexFrameCodec.MAX_PAYLOAD;
import static io.reactivep2p.muxer.mplex.MplexFrameCodec.MESSAGE_INITIATOR;
import static io.reactivep2p.muxer.mplex.MplexFrameCodec.MESSAGE_RECEIVER;
import static io.reactivep2p.muxer.mplex.MplexFrameCodec.NEW_STREAM;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.muxer.MuxedStream;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream: what waits to be sent, what its listener has, and who listens. All of it in one object and without a clock, so that it is as
 * testable as the session it belongs to.
 */
final class MplexStream implements MuxedStream {

    /** What may be written before a flush while {@link #isWritable()} stays true: two Noise frames, as for yamux. */
    static final int MAX_UNFLUSHED = 128 * 1024;

    private static final Logger log = LoggerFactory.getLogger(MplexStream.class);

    /** Our NewStream has not gone out: the peer has never heard of the stream. */
    private static final int OPENING = 1;
    /** The write side ends after what is pending. */
    private static final int WRITE_CLOSED = 1 << 1;

    private static final int CLOSE_SENT = 1 << 2;
    private static final int REMOTE_ENDED = 1 << 3;
    private static final int READ_CLOSED = 1 << 4;
    /** Ended both ways, in whatever manner; the session has forgotten it. */
    private static final int GONE = 1 << 5;
    /** The listener was told, or can know, that it may not write, and waits for {@code onWritable}. */
    private static final int AWAITS_WRITABLE = 1 << 6;
    /**
     * A listener is being given what was held back. If it attaches another from within, that one may still have a rest of the data to
     * pass on, and must not hear of the end before.
     */
    private static final int CATCHING_UP = 1 << 7;

    final long id;
    final boolean outbound;
    final ReceiveBudget.Share share = new ReceiveBudget.Share();
    long lingerDeadline;

    private final MplexSession session;
    private int state;
    private @Nullable Listener listener;
    /** Bounded by writers that ask {@link #isWritable()}. */
    private final ArrayDeque<ByteBuf> pending = new ArrayDeque<>(2);

    private long pendingBytes;
    /** What arrived before anyone listened, copied together: many small pieces must not cost more than their bytes. */
    private @Nullable ByteBuf held;

    private @Nullable Libp2pException failure;

    MplexStream(MplexSession session, long id, boolean outbound) {
        this.session = session;
        this.id = id;
        this.outbound = outbound;
        this.state = outbound ? OPENING : 0;
    }

    // ---- MuxedStream

    @Override
    public long id() {
        return id;
    }

    @Override
    public Direction direction() {
        return outbound ? Direction.OUTBOUND : Direction.INBOUND;
    }

    @Override
    public EventExecutor executor() {
        return session.shell().executor();
    }

    /** {@inheritDoc} A listener that comes late hears at once what it missed: the data held back, the end, the failure. */
    @Override
    public void attach(Listener listener) {
        assertOnLoop();
        this.listener = listener;
        if (is(CATCHING_UP)) {
            return;
        }
        ByteBuf data = held;
        if (data != null) {
            held = null;
            state |= CATCHING_UP;
            tellData(listener, data);
            state &= ~CATCHING_UP;
        }
        Listener target = this.listener;
        if (target != null && is(REMOTE_ENDED) && !is(READ_CLOSED) && failure == null) {
            tell(target, Listener::onEnd);
            maybeFinish();
        }
        if (target != null && this.listener == target && is(GONE)) {
            tellGone(target);
        }
    }

    /** {@inheritDoc} There is no window: the socket alone decides. */
    @Override
    public boolean isWritable() {
        assertOnLoop();
        if (is(WRITE_CLOSED | GONE)) {
            return false;
        }
        if (!admits()) {
            state |= AWAITS_WRITABLE;
            return false;
        }
        if (!session.socketWritable()) {
            state |= AWAITS_WRITABLE;
            session.queueWritable(this);
            return false;
        }
        return true;
    }

    @Override
    public void write(ByteBuf data) {
        assertOnLoop();
        if (!data.isReadable() || is(WRITE_CLOSED | GONE)) {
            data.release();
            return;
        }
        pending.add(data);
        pendingBytes += data.readableBytes();
        session.queueData(this);
        if (!admits()) {
            state |= AWAITS_WRITABLE;
        }
    }

    /** {@inheritDoc} {@code onWritable} of this stream and others may be called from within. */
    @Override
    public void flush() {
        session.shell().flush();
    }

    @Override
    public void consumed(int bytes) {
        assertOnLoop();
        if (!is(READ_CLOSED | GONE)) {
            session.consumed(this, bytes);
        }
    }

    @Override
    public void closeWrite() {
        assertOnLoop();
        if (is(WRITE_CLOSED | GONE)) {
            return;
        }
        state |= WRITE_CLOSED;
        if (pendingBytes == 0) {
            session.queueControl(this);
        }
        maybeLinger();
        flush();
    }

    /** {@inheritDoc} The peer is not told, for want of a frame that says so: what it sends is dropped on arrival. */
    @Override
    public void closeRead() {
        assertOnLoop();
        if (is(READ_CLOSED | GONE)) {
            return;
        }
        state |= READ_CLOSED;
        session.forget(this);
        releaseHeld();
        maybeLinger();
        maybeFinish();
    }

    /** {@inheritDoc} The code does not travel. */
    @Override
    public void reset(ErrorCode code) {
        assertOnLoop();
        if (is(GONE)) {
            return;
        }
        boolean known = knownToPeer();
        end();
        // A listener that is attached later hears nothing.
        state = GONE;
        session.remove(this);
        if (known) {
            session.queueReset(id, outbound);
            flush();
        }
    }

    // ---- what the session tells

    void offerTo(Consumer<MuxedStream> acceptor) {
        try {
            acceptor.accept(this);
        } catch (RuntimeException e) {
            onListenerFailure(e);
        }
    }

    boolean knownToPeer() {
        return !is(OPENING);
    }

    boolean remoteEnded() {
        return is(REMOTE_ENDED);
    }

    boolean wantsData() {
        return !is(READ_CLOSED | GONE);
    }

    void onData(ByteBuf piece) {
        Listener target = listener;
        if (!wantsData()) {
            piece.release();
        } else if (target != null) {
            tellData(target, piece);
        } else {
            hold(piece);
        }
    }

    void onRemoteEnd() {
        if (is(REMOTE_ENDED | GONE)) {
            return;
        }
        state |= REMOTE_ENDED;
        Listener target = listener;
        if (target != null && !is(READ_CLOSED)) {
            tell(target, Listener::onEnd);
        }
        maybeFinish();
    }

    void onWritable() {
        Listener target = listener;
        if (is(AWAITS_WRITABLE) && !is(WRITE_CLOSED | GONE) && admits()) {
            state &= ~AWAITS_WRITABLE;
            if (target != null) {
                tell(target, Listener::onWritable);
            }
        }
    }

    /** The stream ended abnormally, and not by {@link #reset}; the session has forgotten it already. */
    void onFailed(Libp2pException cause) {
        if (is(GONE)) {
            return;
        }
        failure = cause;
        Listener target = listener;
        end();
        if (target != null) {
            tellGone(target);
        }
    }

    // ---- what goes out

    /** Emits what is owed, if anything still is: NewStream, or Close behind the last data. */
    boolean emitControl(FrameOutput out) {
        if (is(OPENING)) {
            state &= ~OPENING;
            byte[] name = MplexFrameCodec.name(id);
            out.head(NEW_STREAM, id, name.length);
            out.data(Unpooled.wrappedBuffer(name));
            if (closeDue()) {
                session.queueControl(this);
            }
            return true;
        }
        if (!closeDue()) {
            return false;
        }
        out.head(outbound ? CLOSE_INITIATOR : CLOSE_RECEIVER, id, 0);
        state |= CLOSE_SENT;
        maybeFinish();
        return true;
    }

    /** Emits one frame of data, a turn, and joins the queue again if there is more. */
    void emitData(FrameOutput out) {
        int bytes = (int) Math.min(MAX_PAYLOAD, pendingBytes);
        out.head(outbound ? MESSAGE_INITIATOR : MESSAGE_RECEIVER, id, bytes);
        pendingBytes -= bytes;
        int missing = bytes;
        while (missing > 0) {
            ByteBuf first = pending.element();
            int readable = first.readableBytes();
            if (readable > missing) {
                out.data(first.readRetainedSlice(missing));
                break;
            }
            missing -= readable;
            pending.remove();
            out.data(first);
        }
        if (pendingBytes > 0) {
            session.queueData(this);
        } else if (is(WRITE_CLOSED)) {
            session.queueControl(this);
        }
        if (is(AWAITS_WRITABLE) && !is(WRITE_CLOSED) && admits()) {
            session.queueWritable(this);
        }
    }

    // ---- state

    private boolean is(int bits) {
        return (state & bits) != 0;
    }

    private boolean admits() {
        return pendingBytes < MAX_UNFLUSHED;
    }

    private boolean closeDue() {
        return is(WRITE_CLOSED) && !is(CLOSE_SENT) && pendingBytes == 0;
    }

    private void maybeLinger() {
        if (is(READ_CLOSED) && is(WRITE_CLOSED)) {
            session.linger(this);
        }
    }

    private void maybeFinish() {
        // What is held back keeps the stream in the session, whose end releases it if nobody ever listens.
        if (!is(CLOSE_SENT) || !is(REMOTE_ENDED) || held != null || is(GONE)) {
            return;
        }
        Listener target = listener;
        end();
        session.remove(this);
        if (target != null) {
            tellGone(target);
        }
    }

    /** Lets go of everything. The listener stays only for {@link #attach}, which replaces it. */
    private void end() {
        state |= GONE;
        listener = null;
        releaseHeld();
        pending.forEach(ByteBuf::release);
        pending.clear();
        pendingBytes = 0;
    }

    private void hold(ByteBuf piece) {
        if (held == null) {
            held = piece.alloc().buffer(piece.readableBytes());
        }
        held.writeBytes(piece);
        piece.release();
    }

    private void releaseHeld() {
        if (held != null) {
            held.release();
            held = null;
        }
    }

    // ---- the listener

    private void tellData(Listener target, ByteBuf piece) {
        try {
            target.onData(piece);
        } catch (RuntimeException e) {
            onListenerFailure(e);
        }
    }

    private void tell(Listener target, Consumer<Listener> event) {
        try {
            event.accept(target);
        } catch (RuntimeException e) {
            onListenerFailure(e);
        }
    }

    private void tellGone(Listener target) {
        listener = null;
        Libp2pException cause = failure;
        try {
            if (cause != null) {
                target.onError(cause);
            } else if (is(CLOSE_SENT) && is(REMOTE_ENDED)) {
                target.onClosed();
            }
        } catch (RuntimeException e) {
            onListenerFailure(e);
        }
    }

    /** A listener that throws loses its stream; the connection and the other streams do not suffer for it. */
    private void onListenerFailure(RuntimeException e) {
        log.warn("stream {}: its listener failed, the stream is reset", id(), e);
        reset(ErrorCode.NONE);
    }

    private void assertOnLoop() {
        assert executor().inEventLoop() : "a stream is used on its connection's event loop only";
    }
}
