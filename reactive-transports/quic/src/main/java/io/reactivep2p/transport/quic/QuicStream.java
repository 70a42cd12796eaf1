package io.reactivep2p.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.muxer.MuxedStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream, from its listener to QUIC: both windows, both ends, and what is left to do when nobody is interested any more. Its {@link
 * QuicStreamHandler} tells what QUIC says.
 *
 * <pre>
 *             read side                              write side
 *   open      pieces while the listener consumes     pieces while QUIC has room
 *   ended     FIN came, or the peer was told to stop our FIN is out, or the peer said stop
 *   gone      both ended, or reset: nobody is told of anything. What still arrives is thrown away until the peer's end comes
 * </pre>
 */
final class QuicStream implements MuxedStream {

    private static final Logger log = LoggerFactory.getLogger(QuicStream.class);

    /** {@link #closeRead} was called. */
    private static final int READ_CLOSED = 1;
    /** Nothing more will be read. */
    private static final int READ_ENDED = 1 << 1;
    /** {@link #closeWrite} was called. */
    private static final int WRITE_CLOSED = 1 << 2;
    /** Nothing more will be written. */
    private static final int WRITE_ENDED = 1 << 3;
    /** The listener has heard the last of it, and the connection counts it no more. */
    private static final int GONE = 1 << 4;
    /** The listener was told, or can know, that it may not write, and waits for {@code onWritable}. */
    private static final int AWAITS_WRITABLE = 1 << 5;
    /** A listener is being given what was held back; if it attaches another from within, that one must not hear of the end before. */
    private static final int CATCHING_UP = 1 << 6;

    private static final int DRAINING = 1 << 7;
    /** A piece is with QUIC that does not take it yet. */
    private static final int PIECE_WAITS = 1 << 8;

    private final QuicHandler connection;
    private final QuicStreamChannel channel;
    private final QuicStreamHandler wire;
    private final ReadAhead readAhead = new ReadAhead();
    private final StreamOutput output = new StreamOutput();
    private int state;
    private @Nullable Listener listener;
    /** What arrived before anyone listened. */
    private @Nullable ByteBuf held;

    private @Nullable Libp2pException failure;

    QuicStream(QuicHandler connection, QuicStreamChannel channel, QuicStreamHandler wire) {
        this.connection = connection;
        this.channel = channel;
        this.wire = wire;
    }

    @Override
    public long id() {
        return channel.streamId();
    }

    @Override
    public Direction direction() {
        return isOurs() ? Direction.OUTBOUND : Direction.INBOUND;
    }

    boolean isOurs() {
        return channel.isLocalCreated();
    }

    @Override
    public EventExecutor executor() {
        return channel.eventLoop();
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
            tell(listener, target -> target.onData(data));
            state &= ~CATCHING_UP;
        }
        Listener target = this.listener;
        if (target == null) {
            return;
        }
        if (failure != null) {
            tellLast(target);
        } else if (is(READ_ENDED) && !is(READ_CLOSED | GONE)) {
            tell(target, Listener::onEnd);
            maybeFinish();
        }
    }

    // ---- read side

    @Override
    public void consumed(int bytes) {
        assertOnLoop();
        readAhead.onConsumed(bytes);
        if (!is(GONE)) {
            readOn();
        }
    }

    @Override
    public void closeRead() {
        assertOnLoop();
        if (is(READ_CLOSED | GONE)) {
            return;
        }
        state |= READ_CLOSED;
        releaseHeld();
        leaveReading();
        maybeFinish();
    }

    /** Whether the next piece is of use, if only to be thrown away. */
    boolean wantsMore() {
        return !is(READ_ENDED) && (is(READ_CLOSED | GONE) || readAhead.wantsMore());
    }

    void onData(ByteBuf piece) {
        if (is(READ_CLOSED | GONE)) {
            readAhead.onDropped(piece.readableBytes());
            piece.release();
            if (readAhead.droppedEnough()) {
                stopSending();
            }
            return;
        }
        readAhead.onRead(piece.readableBytes());
        Listener target = listener;
        if (target != null && !is(CATCHING_UP)) {
            tell(target, to -> to.onData(piece));
        } else {
            hold(piece);
        }
    }

    /** FIN, behind all data. */
    void onRemoteEnd() {
        if (is(READ_ENDED)) {
            return;
        }
        state |= READ_ENDED;
        if (is(GONE)) {
            wire.release();
            return;
        }
        Listener target = listener;
        if (target != null && !is(READ_CLOSED | CATCHING_UP)) {
            tell(target, Listener::onEnd);
        }
        maybeFinish();
    }

    /** RESET_STREAM. Where nobody reads, it is as good an end as any, and the answer to our STOP_SENDING for most. */
    void onRemoteReset(ErrorCode code) {
        boolean interested = !is(READ_CLOSED | GONE);
        state |= READ_ENDED;
        if (interested) {
            fail(new StreamResetException(code, true));
        } else if (is(GONE)) {
            wire.release();
        } else {
            maybeFinish();
        }
    }

    /** Tells the peer to stop. QUIC says nothing of its answer, so the read side ends here. */
    void stopSending() {
        if (is(READ_ENDED)) {
            return;
        }
        state |= READ_ENDED;
        wire.stopSending();
        if (is(GONE)) {
            wire.release();
        } else {
            maybeFinish();
        }
    }

    private void readOn() {
        if (wantsMore()) {
            wire.read();
        }
    }

    /** Most peers are about to end: that costs less than to stop them, and leaves nothing behind. */
    private void leaveReading() {
        if (!is(READ_ENDED)) {
            connection.streams().linger(this);
            wire.read();
        }
    }

    // ---- write side

    @Override
    public boolean isWritable() {
        assertOnLoop();
        if (is(WRITE_CLOSED | WRITE_ENDED | GONE)) {
            return false;
        }
        boolean admits = admits();
        if (!admits) {
            state |= AWAITS_WRITABLE;
        }
        return admits;
    }

    private boolean admits() {
        return !is(PIECE_WAITS) && wire.isWritable() && output.takesMore();
    }

    @Override
    public void write(ByteBuf data) {
        assertOnLoop();
        if (!data.isReadable() || is(WRITE_CLOSED | WRITE_ENDED | GONE)) {
            data.release();
            return;
        }
        output.add(data);
        connection.flushAfterReading(this);
        if (!admits()) {
            state |= AWAITS_WRITABLE;
        }
    }

    /** {@inheritDoc} {@code onWritable} may be called from within. */
    @Override
    public void flush() {
        assertOnLoop();
        connection.onFlushed(this);
        drain();
    }

    @Override
    public void closeWrite() {
        assertOnLoop();
        if (!is(WRITE_CLOSED | GONE)) {
            state |= WRITE_CLOSED;
            drain();
        }
    }

    /** QUIC has room again. */
    void onRoom() {
        drain();
    }

    /**
     * Passes on what QUIC has room for, the end with the last piece. The end must not overtake a piece that waits: the codec would drop
     * the piece and report that it went. And an end without a piece must leave at once, which it does not before all datagrams of a turn
     * are read: quiche forgets a stream when all its bytes are acknowledged, though its end was not sent.
     */
    private void drain() {
        if (is(DRAINING | PIECE_WAITS | WRITE_ENDED | GONE)) {
            return;
        }
        state |= DRAINING;
        try {
            while (!is(PIECE_WAITS | WRITE_ENDED) && hasOutput()) {
                if (output.isEmpty() && connection.socket().isReading()) {
                    connection.flushAfterReading(this);
                    break;
                }
                state |= PIECE_WAITS;
                if (output.isEmpty()) {
                    wire.writeEnd();
                } else {
                    ByteBuf piece = output.take(channel.alloc(), wire.room());
                    wire.write(piece, is(WRITE_CLOSED) && output.isEmpty());
                }
            }
        } finally {
            state &= ~DRAINING;
        }
        announceWritable();
    }

    private boolean hasOutput() {
        return output.isEmpty() ? is(WRITE_CLOSED) : wire.isWritable();
    }

    private void announceWritable() {
        Listener target = listener;
        if (is(AWAITS_WRITABLE) && !is(WRITE_CLOSED | WRITE_ENDED | GONE) && admits()) {
            state &= ~AWAITS_WRITABLE;
            if (target != null) {
                tell(target, Listener::onWritable);
            }
        }
    }

    /** QUIC has taken the piece. */
    void onWritten(boolean end) {
        state &= ~PIECE_WAITS;
        if (is(GONE)) {
            return;
        }
        if (end) {
            state |= WRITE_ENDED;
            maybeFinish();
        } else {
            drain();
        }
    }

    /** The peer wants no more: STOP_SENDING. QUIC has answered it, and what waited is lost. */
    void onStopped() {
        state &= ~PIECE_WAITS;
        if (is(WRITE_ENDED | GONE)) {
            return;
        }
        state |= WRITE_ENDED | WRITE_CLOSED;
        output.release();
        Listener target = listener;
        if (target != null) {
            tell(target, to -> to.onStopped(new StreamResetException(ErrorCode.NONE, true)));
        }
        maybeFinish();
    }

    // ---- the end

    @Override
    public void reset(ErrorCode code) {
        assertOnLoop();
        if (is(GONE)) {
            return;
        }
        end();
        leave(code);
    }

    /** The stream ended abnormally, and not by us. */
    void fail(Libp2pException cause) {
        if (is(GONE)) {
            return;
        }
        failure = cause;
        Listener target = listener;
        end();
        leave(ErrorCode.NONE);
        if (target != null) {
            tellLast(target);
        }
    }

    private void maybeFinish() {
        // What is held back keeps the stream in the connection, whose end releases it if nobody ever listens.
        if (!is(READ_ENDED) || !is(WRITE_ENDED) || held != null || is(GONE)) {
            return;
        }
        Listener target = listener;
        end();
        wire.release();
        if (target != null) {
            tellLast(target);
        }
    }

    private void end() {
        state |= GONE;
        listener = null;
        releaseHeld();
        output.release();
        connection.onFlushed(this);
        connection.streams().remove(this);
    }

    /** Ends what is left of both directions. */
    private void leave(ErrorCode code) {
        if (connection.isClosed()) {
            return;
        }
        if (!is(WRITE_ENDED)) {
            state |= WRITE_ENDED;
            wire.reset(code);
        }
        if (is(READ_ENDED)) {
            wire.release();
        } else if (is(PIECE_WAITS)) {
            // Only to close the channel frees the piece, and after that nothing is read.
            stopSending();
        } else {
            leaveReading();
        }
    }

    private boolean is(int bits) {
        return (state & bits) != 0;
    }

    private void hold(ByteBuf piece) {
        ByteBuf before = held;
        if (before == null) {
            held = piece;
            return;
        }
        // Together: many small pieces must not cost more than their bytes.
        held = channel.alloc()
                .buffer(before.readableBytes() + piece.readableBytes())
                .writeBytes(before)
                .writeBytes(piece);
        before.release();
        piece.release();
    }

    private void releaseHeld() {
        if (held != null) {
            held.release();
            held = null;
        }
    }

    private void tell(Listener target, Consumer<Listener> event) {
        try {
            event.accept(target);
        } catch (RuntimeException e) {
            onListenerFailure(e);
        }
    }

    private void tellLast(Listener target) {
        listener = null;
        Libp2pException cause = failure;
        try {
            if (cause != null) {
                target.onError(cause);
            } else {
                target.onClosed();
            }
        } catch (RuntimeException e) {
            onListenerFailure(e);
        }
    }

    /** A listener that throws loses its stream; the connection and the other streams do not suffer for it. */
    void onListenerFailure(RuntimeException e) {
        log.warn("stream {}: its listener failed, the stream is reset", id(), e);
        reset(ErrorCode.NONE);
    }

    private void assertOnLoop() {
        assert channel.eventLoop().inEventLoop() : "a stream is used on its connection's event loop only";
    }
}
