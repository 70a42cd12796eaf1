package io.reactivep2p.muxer;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.connection.StreamResetException;

/**
 * One stream of a {@link MuxedConnection}, before its protocol is negotiated: raw bytes both ways under flow control. It passes buffers,
 * not publishers. Everything is called on the connection's event loop.
 *
 * <p>Credit follows demand: data is handed to the {@link Listener} as it arrives (never more than the window that was granted), and the
 * window is re-opened only by {@link #consumed}. A muxer without flow control of its own bounds what it buffers.
 */
public interface MuxedStream {

    /** The muxer's number for it, for logs. */
    long id();

    /** {@link Direction#OUTBOUND} where we opened it. */
    Direction direction();

    EventExecutor executor();

    /** Sets who hears of this stream, in place of whoever did before. Until someone does, data is held back within the window. */
    void attach(Listener listener);

    /**
     * Whether {@link #write} would go out now: the remote window is open, the socket takes more and nothing written before is waiting.
     * {@link Listener#onWritable} tells when this turns true.
     */
    boolean isWritable();

    /**
     * Writes bytes; takes ownership of {@code data}. What the window does not admit waits in the stream, so write only while {@link
     * #isWritable()}, else a caller's bytes pile up. Written after the write side has ended: released and dropped. Does not flush by
     * itself: bytes go out at {@link #flush()} or at the end of the turn that a read started, whichever comes first.
     */
    void write(ByteBuf data);

    void flush();

    /** The listener is done with {@code bytes} of what it was given: the remote peer may send that much more. */
    void consumed(int bytes);

    /** Ends the write side after what was written. Idempotent. Flushes. */
    void closeWrite();

    /**
     * No more interest in what arrives: it is dropped and earns no credit (STOP_SENDING where the muxer has it). Data already handed
     * up is the listener's. Idempotent.
     */
    void closeRead();

    /** Ends both directions at once, here and at the remote peer. No listener method is called after. Idempotent. Flushes. */
    void reset(ErrorCode code);

    /** What a stream tells of itself; called on the event loop. A listener may call the stream's methods from within. */
    interface Listener {

        /** Bytes arrived; the listener owns {@code data} now. */
        void onData(ByteBuf data);

        /** The remote peer closed its write side: no data follows. Not called after {@link #onError}. */
        void onEnd();

        /**
         * The stream ended abnormally: {@code StreamResetException}, or {@code ConnectionClosedException} when its connection did. Called
         * at most once, and last.
         */
        void onError(Libp2pException cause);

        /** {@link MuxedStream#isWritable()} turned true. */
        void onWritable();

        /**
         * The remote peer wants nothing more of what is written here ({@link MuxedStream#closeRead} at its end): what waits is lost, and
         * the write side has ended. The read side goes on. Only muxers that can say so call it (QUIC); with others the window stays shut.
         */
        default void onStopped(StreamResetException cause) {}

        /**
         * Both directions have ended in order: the stream is gone. Called at most once, and last; not after {@link #onError}.
         */
        void onClosed();
    }
}
