package io.reactivep2p.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.transport.RawConnection;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Two channels, each the far end of the other, on the test's thread: nothing is delivered but by {@link #pump()}, and time stands still
 * but for {@link #advance}. What is written is cut into new chunks at random, so that no reader can rely on where writes ended.
 */
public final class WirePair implements AutoCloseable {

    private static final Multiaddr DIALER = Multiaddr.of("/memory/1");
    private static final Multiaddr LISTENER = Multiaddr.of("/memory/2");

    /** A bound for {@link #pump()}: two ends that never fall silent are a defect. */
    private static final int MAX_TURNS = 1_000_000;

    private final EmbeddedChannel dialer = new EmbeddedChannel();
    private final EmbeddedChannel listener = new EmbeddedChannel();
    private final Random random;
    private final int maxChunk;
    private UnaryOperator<ByteBuf> towardsListener = UnaryOperator.identity();
    private boolean cut;

    /**
     * @param seed of the chunk sizes
     * @param maxChunk the largest piece delivered at once, in bytes
     */
    public WirePair(long seed, int maxChunk) {
        this.random = new Random(seed);
        this.maxChunk = maxChunk;
        dialer.freezeTime();
        listener.freezeTime();
        dialer.config().setAutoRead(false);
        listener.config().setAutoRead(false);
    }

    /** The dialer's end. */
    public RawConnection dialed() {
        return new RawConnection(dialer, DIALER, LISTENER, Direction.OUTBOUND);
    }

    /** The listener's end. */
    public RawConnection accepted() {
        return new RawConnection(listener, LISTENER, DIALER, Direction.INBOUND);
    }

    /** From now on {@code change} sees, and may replace, what the dialer has sent; it owns the buffer. */
    public void changeTowardsListener(UnaryOperator<ByteBuf> change) {
        towardsListener = change;
    }

    /** Delivers everything written, and what is written in answer, until both ends are silent; then passes on that an end has closed. */
    public void pump() {
        for (int turns = 0; turn(); turns++) {
            if (turns == MAX_TURNS) {
                throw new IllegalStateException("the two ends have not fallen silent after " + MAX_TURNS + " turns");
            }
        }
        if (dialer.isOpen() != listener.isOpen()) {
            dialer.close();
            listener.close();
            dialer.runPendingTasks();
            listener.runPendingTasks();
        }
    }

    /** Ends the connection as a pulled plug does: what is on the way is lost, both ends find their channel closed. */
    public void cut() {
        cut = true;
        dialer.close();
        listener.close();
        pump();
    }

    /** Lets time pass at both ends, then delivers. */
    public void advance(Duration time) {
        for (EmbeddedChannel channel : List.of(dialer, listener)) {
            channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
            channel.runScheduledPendingTasks();
        }
        pump();
    }

    /** Whether either end still waits for some time to come. */
    public boolean hasTimers() {
        return dialer.runScheduledPendingTasks() != -1 || listener.runScheduledPendingTasks() != -1;
    }

    /** Closes both ends and releases what was never delivered. */
    @Override
    public void close() {
        cut();
        dialer.finishAndReleaseAll();
        listener.finishAndReleaseAll();
    }

    private boolean turn() {
        boolean toListener = carry(dialer, listener, towardsListener);
        boolean toDialer = carry(listener, dialer, UnaryOperator.identity());
        return toListener || toDialer;
    }

    private boolean carry(EmbeddedChannel from, EmbeddedChannel to, UnaryOperator<ByteBuf> change) {
        from.runPendingTasks();
        boolean carried = false;
        for (ByteBuf sent = from.readOutbound(); sent != null; sent = from.readOutbound()) {
            carried = true;
            ByteBuf data = change.apply(sent);
            try {
                deliver(data, to);
            } finally {
                data.release();
            }
        }
        to.runPendingTasks();
        return carried;
    }

    private void deliver(ByteBuf data, EmbeddedChannel to) {
        while (data.isReadable() && !cut && to.isOpen()) {
            int bytes = Math.min(data.readableBytes(), 1 + random.nextInt(maxChunk));
            to.writeInbound(to.alloc().buffer(bytes).writeBytes(data, bytes));
        }
    }
}
