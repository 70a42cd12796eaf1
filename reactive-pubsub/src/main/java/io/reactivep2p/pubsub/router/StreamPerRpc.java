package io.reactivep2p.pubsub.router;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.multistream.NegotiationException;
import io.reactivep2p.pubsub.PubsubOptions;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * A stream for each RPC to a peer that reads no more of one, see {@link StreamHabit}. One after the other, each when the peer has ended the
 * one before: so RPCs are read in order, and who keeps streams never has two. Without anything to say there is no stream.
 *
 * <pre>
 *   idle --flush--> opening ----> sending ----> waiting --the peer ends it--> idle
 *                     |  ^           |             |
 *            refused  v  |  refused  |             +--on trial, and still there after a second--> Owner.kept
 *                    later <---------+
 *                      +--4 times in a row--> Owner.refused
 * </pre>
 */
final class StreamPerRpc implements PeerLink.Outbound {

    /** Who still has the stream so long after the first RPC of it seems to keep it. A choice of ours. */
    static final Duration TRIAL = Duration.ofSeconds(1);

    /** How long a peer may take to end a stream that we have ended. A choice of ours. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final PeerLink link;
    private final OutboundQueue queue;
    private final RemotePeer peer;
    private final SerialSection section;
    private final PubsubOptions options;
    private final Owner owner;

    /** The opening, or a timer. */
    private final Disposable.Swap step = Disposables.swap();

    /** What is being said, until it is handed to a stream. */
    private @Nullable ByteBuf frame;

    private @Nullable ProtocolStream stream;
    private boolean busy;
    private boolean ending;
    private boolean done;

    /** Told in the serial section. */
    interface Owner {

        /** Opens a stream of floodsub; fails where there is no connection. */
        Mono<ProtocolStream> openFloodsub(PeerLink link);

        /** How long to wait after a failure, in nanoseconds; negative when there were too many. */
        long nextDelayNanos(PeerLink link);

        /** The peer keeps its stream. */
        void kept(PeerLink link, StreamPerRpc former, ProtocolStream stream);

        /** The peer takes no streams; what waits is lost. */
        void refused(PeerLink link, StreamPerRpc former);

        /** Everything is said, after {@link #end}. */
        void allSaid(PeerLink link, StreamPerRpc former);
    }

    StreamPerRpc(
            PeerLink link,
            OutboundQueue queue,
            RemotePeer peer,
            SerialSection section,
            PubsubOptions options,
            Owner owner) {
        this.link = link;
        this.queue = queue;
        this.peer = peer;
        this.section = section;
        this.options = options;
        this.owner = owner;
    }

    @Override
    public OutboundQueue queue() {
        return queue;
    }

    @Override
    public RemotePeer peer() {
        return peer;
    }

    @Override
    public void flush() {
        if (done || busy) {
            return;
        }
        frame = queue.pollRpc(ByteBufAllocator.DEFAULT);
        if (frame != null) {
            busy = true;
            open();
        } else if (ending) {
            done = true;
            owner.allSaid(link, this);
        }
    }

    private void open() {
        step.update(owner.openFloodsub(link)
                .subscribe(
                        opened -> section.execute(() -> opened(opened)),
                        cause -> section.execute(() -> failed(cause))));
    }

    private void opened(ProtocolStream opened) {
        if (done || frame == null) {
            opened.dispose();
            return;
        }
        stream = opened;
        opened.send(Mono.just(frame.retainedDuplicate()))
                .subscribe(
                        none -> {},
                        cause -> section.execute(() -> ended(opened, cause)),
                        () -> section.execute(() -> said(opened)));
        opened.onDispose().subscribe(none -> {}, cause -> {}, () -> section.execute(() -> ended(opened, null)));
    }

    private void said(ProtocolStream on) {
        if (done || stream != on) {
            return;
        }
        releaseFrame();
        if (ending || link.habit.use() == StreamHabit.Use.ONE_RPC) {
            close(on);
        } else {
            later(TRIAL.toNanos(), () -> keep(on));
        }
    }

    private void close(ProtocolStream on) {
        on.close().subscribe();
        later(PATIENCE.toNanos(), on::dispose);
    }

    private void keep(ProtocolStream on) {
        if (!done && stream == on) {
            done = true;
            stream = null;
            owner.kept(link, this, on);
        }
    }

    /** @param cause why the RPC could not be sent; {@code null} where it may have been */
    private void ended(ProtocolStream ended, @Nullable Throwable cause) {
        if (done || stream != ended) {
            return;
        }
        stream = null;
        ended.dispose();
        if (frame != null) {
            failed(cause);
            return;
        }
        step.update(Disposables.disposed());
        link.failures = 0;
        link.habit.onDropped(peer.protocol(), 0);
        busy = false;
        flush();
    }

    private void failed(@Nullable Throwable cause) {
        if (done) {
            return;
        }
        long delay = cause instanceof NegotiationException ? -1 : owner.nextDelayNanos(link);
        if (delay >= 0) {
            later(delay, this::open);
        } else {
            dispose();
            owner.refused(link, this);
        }
    }

    private void later(long delayNanos, Runnable task) {
        try {
            step.update(options.timer()
                    .schedule(
                            () -> section.execute(() -> {
                                if (!done) {
                                    task.run();
                                }
                            }),
                            delayNanos,
                            TimeUnit.NANOSECONDS));
        } catch (RejectedExecutionException closing) {
            // The host ends, and its connections with it.
        }
    }

    @Override
    public void end() {
        ending = true;
        if (stream != null && frame == null) {
            close(stream);
        }
        flush();
    }

    @Override
    public void dispose() {
        done = true;
        step.dispose();
        releaseFrame();
        if (stream != null) {
            stream.dispose();
            stream = null;
        }
    }

    private void releaseFrame() {
        if (frame != null) {
            frame.release();
            frame = null;
        }
    }
}
