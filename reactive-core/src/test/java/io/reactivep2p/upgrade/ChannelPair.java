package io.reactivep2p.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.transport.RawConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Two channels, one the wire of the other; time and delivery are the test's. */
final class ChannelPair {

    private static final Multiaddr DIALER = Multiaddr.of("/memory/1");
    private static final Multiaddr LISTENER = Multiaddr.of("/memory/2");

    final EmbeddedChannel dialer = new EmbeddedChannel();
    final EmbeddedChannel listener = new EmbeddedChannel();

    /** What went over the wire, in order, one entry a write. */
    final List<Integer> dialerWrites = new ArrayList<>();

    private final List<ByteBuf> seen = new ArrayList<>();
    private final int chunk;

    ChannelPair() {
        this(Integer.MAX_VALUE);
    }

    /** @param chunk delivers in pieces of so many bytes at most */
    ChannelPair(int chunk) {
        this.chunk = chunk;
        for (EmbeddedChannel channel : List.of(dialer, listener)) {
            channel.freezeTime();
            channel.config().setAutoRead(false);
        }
    }

    RawConnection dialed() {
        return new RawConnection(dialer, DIALER, LISTENER, Direction.OUTBOUND);
    }

    RawConnection accepted() {
        return new RawConnection(listener, LISTENER, DIALER, Direction.INBOUND);
    }

    /** Carries everything to and fro until both are silent. */
    void pump() {
        while (step()) {
            // until neither has anything to say
        }
        if (!dialer.isOpen() || !listener.isOpen()) {
            dialer.close();
            listener.close();
        }
    }

    /** Carries what has been written so far in one direction, the dialer's where {@code step} is even. */
    void half(int step) {
        if (step % 2 == 0) {
            carry(dialer, listener, dialerWrites);
        } else {
            carry(listener, dialer, new ArrayList<>());
        }
    }

    /** Carries what has been written so far, once each way. */
    boolean step() {
        return carry(dialer, listener, dialerWrites) | carry(listener, dialer, new ArrayList<>());
    }

    void advance(Duration time) {
        for (EmbeddedChannel channel : List.of(dialer, listener)) {
            channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
            channel.runScheduledPendingTasks();
        }
    }

    void assertNothingLeft() {
        dialer.finishAndReleaseAll();
        listener.finishAndReleaseAll();
        assertThat(seen).allMatch(buffer -> buffer.refCnt() == 0, "released");
    }

    private boolean carry(EmbeddedChannel from, EmbeddedChannel to, List<Integer> writes) {
        from.runPendingTasks();
        boolean carried = false;
        for (ByteBuf data = from.readOutbound(); data != null; data = from.readOutbound()) {
            carried = true;
            writes.add(data.readableBytes());
            seen.add(data);
            while (data.isReadable()) {
                ByteBuf piece = to.alloc().buffer().writeBytes(data, Math.min(chunk, data.readableBytes()));
                seen.add(piece);
                if (to.isOpen()) {
                    to.writeInbound(piece);
                } else {
                    piece.release();
                }
            }
            data.release();
        }
        to.runPendingTasks();
        return carried;
    }
}
