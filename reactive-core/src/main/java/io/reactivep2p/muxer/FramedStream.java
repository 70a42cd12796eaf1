package io.reactivep2p.muxer;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream of a muxer that puts frames on a connection of bytes: who listens, what is held back until somebody does, and which ways have
 * ended. What waits to be sent and what the peer may send is the subclass's. No clock; everything on the connection's event loop.
 */
public abstract class FramedStream implements MuxedStream {

    /** No frame of ours has opened, or acknowledged, the stream yet. */
    protected static final int OPENING = 1;
    /** The write side ends after what is pending. */
    protected static final int WRITE_CLOSED = 1 << 1;
    /** The frame that ends the write side has gone out. */
    protected static final int END_SENT = 1 << 2;

    protected static final int REMOTE_ENDED = 1 << 3;
    protected static final int READ_CLOSED = 1 << 4;
    /** Ended both ways, in whatever manner; the session has forgotten it. */
    protected static final int GONE = 1 << 5;
    /** The listener was told, or can know, that it may not write, and waits for {@code onWritable}. */
    protected static final int AWAITS_WRITABLE = 1 << 6;
    /**
     * A listener is being given what was held back. If it attaches another from within, that one may still have a rest of the data to
     * pass on, and must not hear of the end before.
     */
    private static final int CATCHING_UP = 1 << 7;

    private static final Logger log = LoggerFactory.getLogger(FramedStream.class);

    private final boolean outbound;
    private int state;
    private @Nullable Listener listener;
    /** What arrived before anyone listened, copied together: many small pieces must not cost more than their bytes. */
    private @Nullable ByteBuf held;

    private @Nullable Libp2pException failure;

    /** @param opening whether a frame of ours has to open or acknowledge it */
    protected FramedStream(boolean outbound, boolean opening) {
        this.outbound = outbound;
        this.state = opening ? OPENING : 0;
    }

    // ---- what the subclass knows

    /** The bytes that were written and have not gone out. */
    protected abstract long pendingBytes();

    /** Takes over {@code data}, which is not empty, and sees to it that it goes out. */
    protected abstract void enqueue(ByteBuf data);

    /** Releases all that was written and has not gone out. */
    protected abstract void releasePending();

    /** Whether more may be written before a flush, as far as this stream is concerned. */
    protected abstract boolean admits();

    /** Whether the connection takes more. */
    protected abstract boolean socketWritable();

    /** {@link #onWritable} is to be called when the connection takes more, outside of the call under way. */
    protected abstract void queueWritable();

    /** A frame other than data is owed. */
    protected abstract void queueControl();

    /** Both sides are closed here: the remote peer has some time to end what it sends. */
    protected abstract void linger();

    /** The session forgets the stream. */
    protected abstract void leave();

    /** The remote peer is to be told that the stream was reset. Not flushed. */
    protected abstract void queueReset(ErrorCode code);

    // ---- MuxedStream

    /** Whether we opened it. */
    public final boolean isOutbound() {
        return outbound;
    }

    @Override
    public final Direction direction() {
        return outbound ? Direction.OUTBOUND : Direction.INBOUND;
    }

    /** {@inheritDoc} A listener that comes late hears at once what it missed: the data held back, the end, the failure. */
    @Override
    public final void attach(Listener listener) {
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

    @Override
    public final boolean isWritable() {
        assertOnLoop();
        if (is(WRITE_CLOSED | GONE)) {
            return false;
        }
        if (!admits()) {
            state |= AWAITS_WRITABLE;
            return false;
        }
        if (!socketWritable()) {
            state |= AWAITS_WRITABLE;
            queueWritable();
            return false;
        }
        return true;
    }

    @Override
    public final void write(ByteBuf data) {
        assertOnLoop();
        if (!data.isReadable() || is(WRITE_CLOSED | GONE)) {
            data.release();
            return;
        }
        enqueue(data);
        if (!admits()) {
            state |= AWAITS_WRITABLE;
        }
    }

    @Override
    public final void closeWrite() {
        assertOnLoop();
        if (is(WRITE_CLOSED | GONE)) {
            return;
        }
        state |= WRITE_CLOSED;
        if (pendingBytes() == 0) {
            queueControl();
        }
        maybeLinger();
        flush();
    }

    @Override
    public void closeRead() {
        assertOnLoop();
        if (is(READ_CLOSED | GONE)) {
            return;
        }
        state |= READ_CLOSED;
        releaseHeld();
        maybeLinger();
        maybeFinish();
    }

    @Override
    public final void reset(ErrorCode code) {
        assertOnLoop();
        if (is(GONE)) {
            return;
        }
        boolean known = knownToPeer();
        end();
        // A listener that is attached later hears nothing.
        state = GONE;
        leave();
        if (known) {
            queueReset(code);
            flush();
        }
    }

    // ---- what the session tells

    /** Who takes streams is given this one; if it throws, the stream is reset. */
    public final void offerTo(Consumer<MuxedStream> acceptor) {
        try {
            acceptor.accept(this);
        } catch (RuntimeException e) {
            onListenerFailure(e);
        }
    }

    /** A stream of ours whose first frame has not gone out does not exist for the peer. */
    public final boolean knownToPeer() {
        return !(outbound && is(OPENING));
    }

    public final boolean remoteEnded() {
        return is(REMOTE_ENDED);
    }

    /** Whether what arrives is of use to anyone. */
    public final boolean wantsData() {
        return !is(READ_CLOSED | GONE);
    }

    /** Takes over what arrived. */
    public final void onData(ByteBuf piece) {
        Listener target = listener;
        if (!wantsData()) {
            piece.release();
        } else if (target != null) {
            tellData(target, piece);
        } else {
            hold(piece);
        }
    }

    /** The remote peer has ended its write side. Idempotent. */
    public final void onRemoteEnd() {
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

    /** It may have turned writable; the listener is told if it waits for that. */
    public final void onWritable() {
        Listener target = listener;
        if (is(AWAITS_WRITABLE) && !is(WRITE_CLOSED | GONE) && admits()) {
            state &= ~AWAITS_WRITABLE;
            if (target != null) {
                tell(target, Listener::onWritable);
            }
        }
    }

    /** The stream ended abnormally, and not by {@link #reset}; the session has forgotten it already. */
    public final void onFailed(Libp2pException cause) {
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

    // ---- what the subclass tells

    /** Whether any of these is so. */
    protected final boolean is(int bits) {
        return (state & bits) != 0;
    }

    /** A frame that opens or acknowledges the stream has gone out. */
    protected final void onOpened() {
        state &= ~OPENING;
    }

    /** The frame that ends the write side has gone out. */
    protected final void onEndSent() {
        state |= END_SENT;
        maybeFinish();
    }

    /** Whether the end of the write side is due: nothing is pending any more. */
    protected final boolean endDue() {
        return is(WRITE_CLOSED) && !is(END_SENT) && pendingBytes() == 0;
    }

    /** To be called when more may have become admissible. */
    protected final void maybeAnnounceWritable() {
        if (is(AWAITS_WRITABLE) && !is(WRITE_CLOSED) && admits()) {
            queueWritable();
        }
    }

    protected final void assertOnLoop() {
        assert executor().inEventLoop() : "a stream is used on its connection's event loop only";
    }

    // ---- state

    private void maybeLinger() {
        if (is(READ_CLOSED) && is(WRITE_CLOSED)) {
            linger();
        }
    }

    private void maybeFinish() {
        // What is held back keeps the stream in the session, whose end releases it if nobody ever listens.
        if (!is(END_SENT) || !is(REMOTE_ENDED) || held != null || is(GONE)) {
            return;
        }
        Listener target = listener;
        end();
        leave();
        if (target != null) {
            tellGone(target);
        }
    }

    /** Lets go of everything. The listener stays only for {@link #attach}, which replaces it. */
    private void end() {
        state |= GONE;
        listener = null;
        releaseHeld();
        releasePending();
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
            } else if (is(END_SENT) && is(REMOTE_ENDED)) {
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
}
