package io.reactivep2p.testing;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.muxer.MuxedStream;
import java.util.ArrayDeque;
import java.util.Queue;

/** A stream of the {@link TestMuxer}. */
final class TestMuxedStream implements MuxedStream {

    private final TestMuxing connection;
    private final int id;
    private final Direction direction;
    private final int window;

    private final Queue<ByteBuf> waiting = new ArrayDeque<>(); // ours, for the window to open
    private final Queue<ByteBuf> held = new ArrayDeque<>(); // theirs, for a listener; the window bounds it
    private Listener listener;
    private long sendWindow;
    private long receiveWindow;
    private int owed;
    private boolean writable = true;
    private boolean writeClosed;
    private boolean endSent;
    private boolean endSeen;
    private boolean endTold;
    private boolean readClosed;
    private boolean gone;
    private boolean telling;
    private boolean pumping;
    private Libp2pException error;

    TestMuxedStream(TestMuxing connection, int id, Direction direction, int window) {
        this.connection = connection;
        this.id = id;
        this.direction = direction;
        this.window = window;
        this.sendWindow = window;
        this.receiveWindow = window;
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
        return !gone && !writeClosed && waiting.isEmpty() && sendWindow > 0 && connection.isChannelWritable();
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
    public void flush() {
        connection.flush();
    }

    @Override
    public void consumed(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("consumed " + bytes);
        }
        if (gone || readClosed || endSeen) {
            return;
        }
        owed += bytes;
        if (owed >= window / 2) {
            receiveWindow += owed;
            connection.send(TestMuxing.CREDIT, id, owed);
            owed = 0;
            connection.flush();
        }
    }

    @Override
    public void closeWrite() {
        if (!gone && !writeClosed) {
            writeClosed = true;
            pump();
            connection.flush();
        }
    }

    @Override
    public void closeRead() {
        readClosed = true;
        release(held);
    }

    @Override
    public void reset(ErrorCode code) {
        if (!gone) {
            connection.send(TestMuxing.RESET, id, (int) code.value());
            listener = null;
            leave();
            connection.flush();
        }
    }

    void dataArrived(ByteBuf data) {
        if (data.readableBytes() > receiveWindow || endSeen) {
            data.release();
            connection.close(ErrorCode.PROTOCOL_VIOLATION);
            return;
        }
        receiveWindow -= data.readableBytes();
        if (readClosed) {
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

    void resetArrived(ErrorCode code) {
        fail(new StreamResetException(code, true));
    }

    void creditArrived(int bytes) {
        sendWindow += bytes;
        pump();
    }

    void connectionClosed(Libp2pException cause) {
        fail(cause);
    }

    /** Sends what the window admits, then the end. */
    void pump() {
        if (pumping) {
            return; // a write has changed what the channel takes; the loop that wrote goes on
        }
        pumping = true;
        try {
            pumpOn();
        } finally {
            pumping = false;
        }
        boolean now = isWritable();
        boolean turned = now && !writable;
        writable = now;
        if (turned && listener != null) {
            listener.onWritable();
        }
    }

    private void pumpOn() {
        while (!gone && !waiting.isEmpty() && sendWindow > 0) {
            ByteBuf next = waiting.peek();
            int bytes = (int) Math.min(Math.min(next.readableBytes(), sendWindow), TestMuxing.MAX_FRAME);
            sendWindow -= bytes;
            connection.send(id, next.readRetainedSlice(bytes));
            if (!next.isReadable()) {
                waiting.remove().release();
            }
        }
        if (writeClosed && waiting.isEmpty() && !endSent && !gone) {
            endSent = true;
            connection.send(TestMuxing.END, id, 0);
            tell();
        }
    }

    private void fail(Libp2pException cause) {
        if (!gone) {
            error = cause;
            leave();
            tell();
        }
    }

    /** One thing after the other, also where a listener's reaction brings the next. */
    private void tell() {
        if (telling) {
            return;
        }
        telling = true;
        try {
            while (listener != null && tellNext()) {
                // until nothing is left to tell
            }
        } finally {
            telling = false;
        }
    }

    private boolean tellNext() {
        ByteBuf data = held.poll();
        if (data != null) {
            listener.onData(data);
            return true;
        }
        if (error != null) {
            Listener last = listener;
            listener = null;
            last.onError(error);
            return false;
        }
        if (endSeen && !endTold) {
            endTold = true;
            listener.onEnd();
            return true;
        }
        if (endTold && endSent) {
            Listener last = listener;
            listener = null;
            leave();
            last.onClosed();
        }
        return false;
    }

    private void leave() {
        gone = true;
        connection.remove(this);
        release(waiting);
        if (error == null || listener == null) {
            release(held);
        }
    }

    private static void release(Queue<ByteBuf> buffers) {
        for (ByteBuf next = buffers.poll(); next != null; next = buffers.poll()) {
            next.release();
        }
    }

    @Override
    public String toString() {
        return "stream " + id;
    }
}
