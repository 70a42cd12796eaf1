package io.reactivep2p.testkit.sim;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.muxer.MuxedStream;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** One end of a stream. A piece that is written while the window is open goes whole, so the window is exceeded by at most one. */
final class SimStream implements MuxedStream {

    /** What agrees on the protocol, and the first message with it. */
    static final int NEVER_LOST = 2;

    /** Yamux's first window. */
    static final int WINDOW = 256 * 1024;

    private final SimConnection connection;
    private final long id;
    private final Direction direction;
    private final Queue<ByteBuf> waiting = new ArrayDeque<>(); // ours, for the window to open
    private final Queue<ByteBuf> held = new ArrayDeque<>(); // theirs, for a listener; the window bounds it
    private @Nullable Listener listener;
    private @Nullable Libp2pException error;
    private long credit = WINDOW;
    private int owed;
    private long pieces;
    private boolean writeClosed;
    private boolean endSent;
    private boolean endSeen;
    private boolean endTold;
    private boolean readClosed;
    private boolean gone;
    private boolean telling;

    SimStream(SimConnection connection, long id, Direction direction) {
        this.connection = connection;
        this.id = id;
        this.direction = direction;
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public Direction direction() {
        return direction;
    }

    @Override
    public EventExecutor executor() {
        return connection.executor();
    }

    @Override
    public void attach(Listener newListener) {
        listener = newListener;
        tell();
    }

    @Override
    public boolean isWritable() {
        return !gone && !writeClosed && waiting.isEmpty() && credit > 0;
    }

    @Override
    public void write(ByteBuf data) {
        if (gone || writeClosed || !data.isReadable()) {
            data.release();
            return;
        }
        waiting.add(data);
        pump();
    }

    @Override
    public void flush() {} // a piece goes when it is written

    @Override
    public void consumed(int bytes) {
        if (gone || readClosed || endSeen) {
            return;
        }
        owed += bytes;
        if (owed >= WINDOW / 2) {
            int granted = owed;
            owed = 0;
            connection.send(0, id, stream -> stream.creditArrived(granted));
        }
    }

    @Override
    public void closeWrite() {
        if (!gone && !writeClosed) {
            writeClosed = true;
            pump();
        }
    }

    @Override
    public void closeRead() {
        readClosed = true;
        release(held);
        tell();
    }

    @Override
    public void reset(ErrorCode code) {
        if (!gone) {
            connection.send(0, id, stream -> stream.fail(new StreamResetException(code, true)));
            listener = null;
            leave();
        }
    }

    private void pump() {
        while (credit > 0 && !waiting.isEmpty()) {
            sendPiece(waiting.remove());
        }
        if (writeClosed && waiting.isEmpty() && !endSent) {
            endSent = true;
            connection.send(0, id, SimStream::endArrived);
            leaveIfEnded();
        }
    }

    private void sendPiece(ByteBuf piece) {
        int bytes = piece.readableBytes();
        credit -= bytes;
        if (++pieces > NEVER_LOST && connection.loses()) {
            piece.release();
            connection.send(bytes, id, stream -> stream.consumed(bytes));
        } else {
            connection.sendPiece(piece, id);
        }
    }

    void dataArrived(ByteBuf data) {
        if (gone || readClosed) {
            data.release();
            return;
        }
        held.add(data);
        tell();
    }

    void endArrived() {
        endSeen = true;
        tell();
    }

    void creditArrived(int bytes) {
        if (gone) {
            return;
        }
        boolean was = isWritable();
        credit += bytes;
        pump();
        if (!was && isWritable() && listener != null) {
            listener.onWritable();
        }
    }

    /** Ended abnormally, by the other end or with the connection. */
    void fail(Libp2pException cause) {
        if (!gone) {
            error = cause;
            leave();
            tell();
        }
    }

    private void tell() {
        if (telling || listener == null) {
            return;
        }
        telling = true;
        try {
            while (!held.isEmpty() && listener != null) {
                listener.onData(held.remove());
            }
            if (listener != null && error != null) {
                Listener last = listener;
                listener = null;
                last.onError(error);
            } else if (listener != null && endSeen && !endTold) {
                endTold = true;
                listener.onEnd();
            }
        } finally {
            telling = false;
        }
        leaveIfEnded();
    }

    private void leaveIfEnded() {
        if (!gone && endSent && endTold && !telling) {
            Listener last = listener;
            listener = null;
            leave();
            if (last != null) {
                last.onClosed();
            }
        }
    }

    /** What was handed over is gone with the stream, unless it ended because of the other end and is still to be told. */
    private void leave() {
        gone = true;
        release(waiting);
        if (listener == null) {
            release(held);
        }
        connection.left(id);
    }

    private static void release(Queue<ByteBuf> buffers) {
        buffers.forEach(ByteBuf::release);
        buffers.clear();
    }
}
