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
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.muxer.FramedStream;
import java.util.ArrayDeque;

/**
 * One stream: what waits to be sent, what its listener has, and who listens. All of it in one object and without a clock, so that it is as
 * testable as the session it belongs to.
 */
final class MplexStream extends FramedStream {

    /** What may be written before a flush while {@link #isWritable()} stays true: two Noise frames, as for yamux. */
    static final int MAX_UNFLUSHED = 128 * 1024;

    final long id;
    final ReceiveBudget.Share share = new ReceiveBudget.Share();
    long lingerDeadline;

    private final MplexSession session;
    /** Bounded by writers that ask {@link #isWritable()}. */
    private final ArrayDeque<ByteBuf> pending = new ArrayDeque<>(2);

    private long pendingBytes;

    MplexStream(MplexSession session, long id, boolean outbound) {
        super(outbound, outbound);
        this.session = session;
        this.id = id;
    }

    // ---- MuxedStream

    @Override
    public long id() {
        return id;
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
        if (!is(READ_CLOSED | GONE)) {
            session.consumed(this, bytes);
        }
    }

    /** {@inheritDoc} The peer is not told, for want of a frame that says so: what it sends is dropped on arrival. */
    @Override
    public void closeRead() {
        if (wantsData()) {
            session.forget(this);
        }
        super.closeRead();
    }

    // ---- what is asked for by the state that all muxers share

    @Override
    protected long pendingBytes() {
        return pendingBytes;
    }

    @Override
    protected void enqueue(ByteBuf data) {
        pending.add(data);
        pendingBytes += data.readableBytes();
        session.queueData(this);
    }

    @Override
    protected void releasePending() {
        pending.forEach(ByteBuf::release);
        pending.clear();
        pendingBytes = 0;
    }

    /** There is no window: the socket alone decides. */
    @Override
    protected boolean admits() {
        return pendingBytes < MAX_UNFLUSHED;
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

    /** {@inheritDoc} The code does not travel. */
    @Override
    protected void queueReset(ErrorCode code) {
        session.queueReset(id, isOutbound());
    }

    // ---- what goes out

    /** Emits what is owed, if anything still is: NewStream, or Close behind the last data. */
    boolean emitControl(FrameOutput out) {
        if (is(OPENING)) {
            onOpened();
            byte[] name = MplexFrameCodec.name(id);
            out.head(NEW_STREAM, id, name.length);
            out.data(Unpooled.wrappedBuffer(name));
            if (endDue()) {
                session.queueControl(this);
            }
            return true;
        }
        if (!endDue()) {
            return false;
        }
        out.head(isOutbound() ? CLOSE_INITIATOR : CLOSE_RECEIVER, id, 0);
        onEndSent();
        return true;
    }

    /** Emits one frame of data, a turn, and joins the queue again if there is more. */
    void emitData(FrameOutput out) {
        int bytes = (int) Math.min(MAX_PAYLOAD, pendingBytes);
        out.head(isOutbound() ? MESSAGE_INITIATOR : MESSAGE_RECEIVER, id, bytes);
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
        maybeAnnounceWritable();
    }
}
