package io.reactivep2p.testing;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.muxer.MuxedStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A muxed stream without a muxer: a test plays the remote peer and the window, and sees what was written, consumed and closed. Used on its
 * executor's thread.
 */
public final class FakeMuxedStream implements MuxedStream {

    /** The window a test grants unless it says otherwise: that of yamux. */
    public static final long DEFAULT_WINDOW = 256 * 1024;

    private final EventExecutor executor;
    private final Direction direction;
    private @Nullable Listener listener;
    private final Queue<Runnable> heldBack = new ArrayDeque<>();

    private long receiveWindow = DEFAULT_WINDOW;
    private long sendWindow = Long.MAX_VALUE;
    private final List<Integer> consumed = new ArrayList<>();
    private final List<String> written = new ArrayList<>();
    private long bytesWritten;
    private int flushes;
    private boolean unflushed;
    private boolean writeClosed;
    private boolean readClosed;
    private @Nullable ErrorCode resetCode;
    private Runnable onConsumed = () -> {};
    private boolean recording = true;

    public FakeMuxedStream(EventExecutor executor, Direction direction) {
        this.executor = executor;
        this.direction = direction;
    }

    // ---- the remote peer ----

    /** The remote peer sends {@code data}, which must fit into what it was granted. */
    public void remoteSends(ByteBuf data) {
        receiveWindow -= data.readableBytes();
        if (receiveWindow < 0) {
            data.release();
            throw new AssertionError("the remote peer has no window left for this");
        }
        tell(() -> listener().onData(data));
    }

    public void remoteCloses() {
        tell(() -> listener().onEnd());
    }

    public void fails(Libp2pException cause) {
        tell(() -> listener().onError(cause));
    }

    public void closes() {
        tell(() -> listener().onClosed());
    }

    /** Sets how many bytes may be written before the stream turns unwritable; tells the listener if it turns writable. */
    public void sendWindow(long bytes) {
        boolean wasWritable = isWritable();
        sendWindow = bytes;
        if (!wasWritable && isWritable()) {
            tell(() -> listener().onWritable());
        }
    }

    public void onConsumed(Runnable action) {
        onConsumed = action;
    }

    /** Forgets what is written and consumed, all but the counts: for long runs. */
    public void withoutRecords() {
        recording = false;
    }

    // ---- what was done to it ----

    public long receiveWindow() {
        return receiveWindow;
    }

    /** Each credit that was given back. */
    public List<Integer> consumed() {
        return consumed;
    }

    /** Each write, as text. */
    public List<String> written() {
        return written;
    }

    public long bytesWritten() {
        return bytesWritten;
    }

    public int flushes() {
        return flushes;
    }

    /** Whether something was written that was not flushed. */
    public boolean isUnflushed() {
        return unflushed;
    }

    public boolean isWriteClosed() {
        return writeClosed;
    }

    public boolean isReadClosed() {
        return readClosed;
    }

    public @Nullable ErrorCode resetCode() {
        return resetCode;
    }

    // ---- MuxedStream ----

    @Override
    public long id() {
        return 1;
    }

    @Override
    public Direction direction() {
        return direction;
    }

    @Override
    public EventExecutor executor() {
        return executor;
    }

    @Override
    public void attach(Listener newListener) {
        onLoop();
        listener = newListener;
        for (Runnable event = heldBack.poll(); event != null; event = heldBack.poll()) {
            event.run();
        }
    }

    @Override
    public boolean isWritable() {
        onLoop();
        return sendWindow > 0;
    }

    @Override
    public void write(ByteBuf data) {
        onLoop();
        try {
            if (resetCode == null && !writeClosed) {
                sendWindow -= data.readableBytes();
                bytesWritten += data.readableBytes();
                unflushed = true;
                if (recording) {
                    written.add(data.toString(StandardCharsets.UTF_8));
                }
            }
        } finally {
            data.release();
        }
    }

    @Override
    public void flush() {
        onLoop();
        flushes++;
        unflushed = false;
    }

    @Override
    public void consumed(int bytes) {
        onLoop();
        if (recording) {
            consumed.add(bytes);
        }
        receiveWindow += bytes;
        onConsumed.run();
    }

    @Override
    public void closeWrite() {
        onLoop();
        writeClosed = true;
        unflushed = false;
    }

    @Override
    public void closeRead() {
        onLoop();
        readClosed = true;
    }

    @Override
    public void reset(ErrorCode code) {
        onLoop();
        if (resetCode == null) {
            resetCode = code;
        }
    }

    private void tell(Runnable event) {
        onLoop();
        if (listener == null) {
            heldBack.add(event);
        } else {
            event.run();
        }
    }

    private Listener listener() {
        return java.util.Objects.requireNonNull(listener);
    }

    private void onLoop() {
        if (!executor.inEventLoop()) {
            throw new AssertionError("not on the event loop but on " + Thread.currentThread());
        }
    }
}
