package io.reactivep2p.pubsub.router;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.wire.PartialSupport;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** What the node has of one peer. Only touched in the serial section. */
final class PeerLink {

    final PeerId id;

    /** The topics it subscribes to, as far as they are remembered. They outlive our stream to it, but not its last connection. */
    final Set<String> topics = new LinkedHashSet<>();

    /** Those of the topics that it sends parts of, or requests. */
    final Map<String, PartialSupport> partials = new HashMap<>();

    /** The streams that it opened to us. */
    final InboundStreams inbound = new InboundStreams();

    /** What is said to it, on streams that we open. */
    @Nullable
    Outbound outbound;

    final StreamHabit habit = new StreamHabit();

    /** The router knows of it: since our first stream to it, and as long as there is one, or more to be read of what it says. */
    boolean known;

    /** Our stream is being opened, or waits to be. */
    final Disposable.Swap opening = Disposables.swap();

    boolean isOpening;

    /** Streams in a row that came to nothing. */
    int failures;

    /** It has something to be flushed. */
    boolean dirty;

    PeerLink(PeerId id) {
        this.id = id;
    }

    /** Whether what is sent to it finds at least half of its queue free. One that is gone holds nobody up. */
    boolean hasRoom() {
        return outbound == null || outbound.queue().hasRoom();
    }

    /** What we say to a peer, on one stream or several. */
    sealed interface Outbound permits KeptStream, StreamPerRpc {

        OutboundQueue queue();

        RemotePeer peer();

        /** Sends what waits in the queue, as far as the peer takes it. */
        void flush();

        /** Ends after what waits. */
        void end();

        /** Ends at once. */
        void dispose();
    }
}
