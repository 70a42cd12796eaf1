package io.reactivep2p.pubsub.router;

import io.netty.buffer.ByteBufAllocator;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.pubsub.PubsubOptions;
import org.jspecify.annotations.Nullable;

/** One stream to a peer, for everything that is said to it. */
final class KeptStream implements PeerLink.Outbound {

    private final ProtocolStream stream;
    private final OutboundQueue queue;
    private final RemotePeer peer;
    private final SerialSection section;
    private final PubsubOptions options;
    private final FramePublisher frames;
    private final long sinceNanos;

    /** What may have to be said again; {@code null} where the peer reads on. */
    private @Nullable Unread unread;

    KeptStream(
            ProtocolStream stream, OutboundQueue queue, RemotePeer peer, SerialSection section, PubsubOptions options) {
        this.stream = stream;
        this.queue = queue;
        this.peer = peer;
        this.section = section;
        this.options = options;
        this.frames = new FramePublisher(section, queue, ByteBufAllocator.DEFAULT);
        this.sinceNanos = options.nanoClock().getAsLong();
        this.unread = StreamHabit.mayDrop(peer.protocol()) ? new Unread() : null;
        queue.rememberIn(unread);
    }

    /** @param ended run in the serial section, once or more, when the stream has ended */
    void start(Runnable ended) {
        stream.send(frames)
                .subscribe(
                        none -> {},
                        cause -> section.execute(ended),
                        // The node closes, and everything is sent.
                        () -> stream.close().subscribe());
        // A peer may also end a stream to which nothing is being sent.
        stream.onDispose().subscribe(none -> {}, cause -> {}, () -> section.execute(ended));
    }

    long livedNanos() {
        return options.nanoClock().getAsLong() - sinceNanos;
    }

    /** Has the queue say again what the peer may have left unread. */
    void repeat() {
        queue.rememberIn(null);
        if (unread != null) {
            queue.repeat(unread);
            unread = null;
        }
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
        if (unread != null && livedNanos() >= StreamHabit.KEPT_NANOS) {
            unread = null;
            queue.rememberIn(null);
        }
        frames.flush();
    }

    @Override
    public void end() {
        frames.end();
    }

    @Override
    public void dispose() {
        // No effect where it has ended, as it mostly has.
        stream.dispose();
    }
}
