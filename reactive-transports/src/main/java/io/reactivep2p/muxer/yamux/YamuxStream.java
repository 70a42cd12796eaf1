package io.reactivep2p.muxer.yamux;

import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.ACK;
import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.DATA;
import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.FIN;
import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.MAX_PAYLOAD;
import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.SYN;
import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.WINDOW_UPDATE;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.muxer.MuxedStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream: its windows, what waits to be sent, and who listens. All of it in one object and without a clock, so that it is as cheap
 * and as testable as the session it belongs to.
 */
final class YamuxStream implements MuxedStream {

    /**
     * What may be written before a flush while {@link #isWritable()} stays true: one round of the connection, so that a busy writer fills
     * it and an idle one does not pile up.
     */
    static final int MAX_UNFLUSHED = 256 * 1024;

    private static final Logger log = LoggerFactory.getLogger(YamuxStream.class);

    /** No frame of ours has opened, or acknowledged, the stream yet. */
    private static final int OPENING = 1;
    /** The remote peer has not said yet that it has the stream; only of outbound ones. */
    private static final int UNACKNOWLEDGED = 1 << 1;
    /** The write side ends after what is pending. */
    private static final int WRITE_CLOSED = 1 << 2;

    private static final int FIN_SENT = 1 << 3;
    private static final int REMOTE_ENDED = 1 << 4;
    private static final int READ_CLOSED = 1 << 5;
    /** Ended both ways, in whatever manner; the session has forgotten it. */
    private static final int GONE = 1 << 6;
    /** The listener was told, or can know, that it may not write, and waits for {@code onWritable}. */
    private static final int AWAITS_WRITABLE = 1 << 7;
    /**
     * A listener is being given what was held back. If it attaches another from within, that one may still have a rest of the data to
     * pass on, and must not hear of the end before.
     */
    private static final int CATCHING_UP = 1 << 8;

    final int id;
    final boolean outbound;
    final SendWindow sendWindow = new SendWindow();
    final ReceiveWindow receiveWindow;

    /** The links and memberships that {@link StreamRing} keeps here. */
    final @Nullable YamuxStream[] links = new YamuxStream[2 * StreamRing.KINDS];

    int rings;
    long lingerDeadline;

    private final YamuxSession session;
    private int state;
    private @Nullable Listener listener;
    private final SendQueue pending = new SendQueue();
    /** What arrived before anyone listened, copied together: many small pieces must not cost more than their bytes. */
    private @Nullable ByteBuf held;

    private @Nullable Libp2pException failure;

    YamuxStream(YamuxSession session, int id, boolean outbound, int window, long nowNanos) {
        this.session = session;
        this.id = id;
        this.outbound = outbound;
        this.receiveWindow = new ReceiveWindow(window, nowNanos);
        this.state = outbound ? OPENING | UNACKNOWLEDGED : OPENING;
    }

    // ---- MuxedStream

    @Override
    public long id() {
        return id & 0xFFFF_FFFFL;
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
        if (sendWindow.available() > 0) {
            session.queueData(this);
        }
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
        if (is(GONE)) {
            return;
        }
        receiveWindow.consumed(bytes);
        if (receiveWindow.updateDue() && earnsCredit()) {
            session.queueControl(this);
            session.shell().requestFlush();
        }
    }

    @Override
    public void closeWrite() {
        assertOnLoop();
        if (is(WRITE_CLOSED | GONE)) {
            return;
        }
        state |= WRITE_CLOSED;
        if (pending.bytes() == 0) {
            session.queueControl(this);
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
    public void reset(ErrorCode code) {
        assertOnLoop();
        if (is(GONE)) {
            return;
        }
        // A stream whose first frame has not gone out does not exist for the peer, if it is ours.
        boolean known = !(outbound && is(OPENING));
        end();
        // A listener that is attached later hears nothing.
        state = GONE | (state & UNACKNOWLEDGED);
        session.remove(this);
        if (known) {
            session.queueReset(id, code);
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

    boolean acknowledged() {
        return !is(UNACKNOWLEDGED);
    }

    /** Any frame from the peer shows that it has the stream; some send FIN or data before the ACK. */
    void onAcknowledged() {
        if (is(UNACKNOWLEDGED)) {
            state &= ~UNACKNOWLEDGED;
            session.acknowledged();
        }
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

    void onCredit(long delta) throws YamuxException {
        if (delta == 0 || is(GONE)) {
            return;
        }
        sendWindow.add(delta);
        if (pending.bytes() > 0) {
            session.queueData(this);
        }
        maybeAnnounceWritable();
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

    /**
     * Emits what is owed, if anything still is. An opening goes out with the first data, where there is some, and in the place it has
     * here: so streams open in the order of their ids, and a new request does not wait behind bulk data.
     */
    boolean emitControl(FrameOutput out) {
        int flags = openingFlag();
        int delta = 0;
        if (earnsCredit() && (receiveWindow.updateDue() || (flags != 0 && receiveWindow.unreturned() > 0))) {
            delta = session.takeUpdate(receiveWindow);
        }
        boolean last = is(WRITE_CLOSED) && !is(FIN_SENT) && pending.bytes() == 0;
        if (delta == 0 && !last) {
            if (flags == 0) {
                return false;
            }
            if (pending.bytes() > 0 && sendWindow.available() > 0) {
                session.takeTurn(this);
                emitData(out);
                return true;
            }
        }
        state &= ~OPENING;
        out.header(WINDOW_UPDATE, last ? flags | FIN : flags, id, delta);
        if (last) {
            onFinSent();
        }
        return true;
    }

    /**
     * Emits one data frame: a turn of at most 64 KiB, and joins the queue again if more may go. The end follows in a frame of its own: of one
     * that carries both, go-yamux 5.1 takes the end before the payload, and its reader may miss the payload in between.
     */
    void emitData(FrameOutput out) {
        int bytes = (int) Math.min(Math.min(MAX_PAYLOAD, pending.bytes()), sendWindow.available());
        boolean drained = bytes == pending.bytes();
        out.header(DATA, openingFlag(), id, bytes);
        state &= ~OPENING;
        sendWindow.take(bytes);
        pending.emit(out, bytes);
        if (drained && is(WRITE_CLOSED)) {
            session.queueControl(this);
        } else if (!drained && sendWindow.available() > 0) {
            session.queueData(this);
        }
        maybeAnnounceWritable();
    }

    private int openingFlag() {
        if (!is(OPENING)) {
            return 0;
        }
        return outbound ? SYN : ACK;
    }

    private void onFinSent() {
        state |= FIN_SENT;
        maybeFinish();
    }

    // ---- state

    private boolean is(int bits) {
        return (state & bits) != 0;
    }

    private boolean admits() {
        return pending.bytes() < Math.min(sendWindow.available(), MAX_UNFLUSHED);
    }

    /** Whether more from the peer is of use. */
    private boolean earnsCredit() {
        return !is(REMOTE_ENDED | READ_CLOSED | GONE);
    }

    private void maybeAnnounceWritable() {
        if (is(AWAITS_WRITABLE) && !is(WRITE_CLOSED) && admits()) {
            session.queueWritable(this);
        }
    }

    private void maybeLinger() {
        if (is(READ_CLOSED) && is(WRITE_CLOSED)) {
            session.linger(this);
        }
    }

    private void maybeFinish() {
        // What is held back keeps the stream in the session, whose end releases it if nobody ever listens.
        if (!is(FIN_SENT) || !is(REMOTE_ENDED) || held != null || is(GONE)) {
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
        pending.release();
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
            } else if (is(FIN_SENT) && is(REMOTE_ENDED)) {
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
