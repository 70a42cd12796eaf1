package io.reactivep2p.muxer.yamux;

import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.ACK;
import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.DATA;
import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.FIN;
import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.MAX_PAYLOAD;
import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.SYN;
import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.WINDOW_UPDATE;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.muxer.FramedStream;
import org.jspecify.annotations.Nullable;

/**
 * One stream: its windows, what waits to be sent, and who listens. All of it in one object and without a clock, so that it is as cheap
 * and as testable as the session it belongs to.
 */
final class YamuxStream extends FramedStream {

    /**
     * What may be written before a flush while {@link #isWritable()} stays true: one round of the connection, so that a busy writer fills
     * it and an idle one does not pile up.
     */
    static final int MAX_UNFLUSHED = 256 * 1024;

    final int id;
    final SendWindow sendWindow = new SendWindow();
    final ReceiveWindow receiveWindow;

    /** The links and memberships that {@link StreamRing} keeps here. */
    final @Nullable YamuxStream[] links = new YamuxStream[2 * StreamRing.KINDS];

    int rings;
    long lingerDeadline;

    private final YamuxSession session;
    private final SendQueue pending = new SendQueue();
    /** The remote peer has not said yet that it has the stream; only of outbound ones. */
    private boolean unacknowledged;

    YamuxStream(YamuxSession session, int id, boolean outbound, int window, long nowNanos) {
        super(outbound, true);
        this.session = session;
        this.id = id;
        this.unacknowledged = outbound;
        this.receiveWindow = new ReceiveWindow(window, nowNanos);
    }

    // ---- MuxedStream

    @Override
    public long id() {
        return id & 0xFFFF_FFFFL;
    }

    @Override
    public EventExecutor executor() {
        return session.shell().executor();
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

    // ---- what is asked for by the state that all muxers share

    @Override
    protected long pendingBytes() {
        return pending.bytes();
    }

    @Override
    protected void enqueue(ByteBuf data) {
        pending.add(data);
        if (sendWindow.available() > 0) {
            session.queueData(this);
        }
    }

    @Override
    protected void releasePending() {
        pending.release();
    }

    @Override
    protected boolean admits() {
        return pending.bytes() < Math.min(sendWindow.available(), MAX_UNFLUSHED);
    }

    @Override
    protected boolean socketWritable() {
        return session.socketWritable();
    }

    @Override
    protected void queueWritable() {
        session.queueWritable(this);
    }

    @Override
    protected void queueControl() {
        session.queueControl(this);
    }

    @Override
    protected void linger() {
        session.linger(this);
    }

    @Override
    protected void leave() {
        session.remove(this);
    }

    @Override
    protected void queueReset(ErrorCode code) {
        session.queueReset(id, code);
    }

    // ---- what the session tells

    boolean acknowledged() {
        return !unacknowledged;
    }

    /** Any frame from the peer shows that it has the stream; some send FIN or data before the ACK. */
    void onAcknowledged() {
        if (unacknowledged) {
            unacknowledged = false;
            session.acknowledged();
        }
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
        boolean last = endDue();
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
        onOpened();
        out.header(WINDOW_UPDATE, last ? flags | FIN : flags, id, delta);
        if (last) {
            onEndSent();
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
        onOpened();
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
        return isOutbound() ? SYN : ACK;
    }

    /** Whether more from the peer is of use. */
    private boolean earnsCredit() {
        return !is(REMOTE_ENDED | READ_CLOSED | GONE);
    }
}
