package io.reactivep2p.pubsub.router;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Protocol;
import io.reactivep2p.multistream.NegotiationException;
import io.reactivep2p.pubsub.PubsubOptions;
import io.reactivep2p.pubsub.wire.RpcLimits;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Our streams to peers: opens them, opens them again, and changes to a stream for each RPC where a peer asks for that by what it does. Only
 * touched in the serial section.
 */
final class OutboundStreams implements StreamPerRpc.Owner {

    /** go-libp2p-pubsub: begins with 100 ms, doubles up to 10 s, gives up after 4. */
    static final Duration FIRST_DELAY = Duration.ofMillis(100);

    static final int MAX_FAILURES = 4;

    /** A stream that lived so long was no failure. A choice of ours. */
    static final long STABLE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final Logger LOG = LoggerFactory.getLogger(OutboundStreams.class);

    private final PubsubOptions options;
    private final SerialSection section;
    private final RpcLimits rpcLimits;
    private final List<ProtocolId> protocols;
    private final Owner owner;

    interface Owner {

        /** Whether the node goes on and the peer is still its own. */
        boolean wants(PeerLink link);

        /** A connection to the peer that has not ended. */
        @Nullable
        Connection connection(PeerLink link);

        /** {@link PeerLink#outbound} is new, and the peer hears everything from the beginning. */
        void connected(PeerLink link, PeerLink.Outbound outbound);

        /** {@link PeerLink#outbound} has ended. */
        void ended(PeerLink link);
    }

    OutboundStreams(
            PubsubOptions options,
            SerialSection section,
            RpcLimits rpcLimits,
            List<ProtocolId> protocols,
            Owner owner) {
        this.options = options;
        this.section = section;
        this.rpcLimits = rpcLimits;
        this.protocols = protocols;
        this.owner = owner;
    }

    /** Opens a stream where there is none. */
    void open(PeerLink link) {
        Connection connection = owner.connection(link);
        if (!owner.wants(link) || link.outbound != null || link.isOpening || connection == null) {
            return;
        }
        link.isOpening = true;
        link.opening.update(connection
                .open(protocols)
                .subscribe(
                        stream -> section.execute(() -> opened(link, stream)),
                        cause -> section.execute(() -> notOpened(link, cause))));
    }

    private void opened(PeerLink link, ProtocolStream stream) {
        link.isOpening = false;
        if (!owner.wants(link)) {
            stream.dispose();
            return;
        }
        Connection connection = stream.connection();
        RemotePeer peer = new RemotePeer(
                link.id,
                stream.protocol(),
                connection.direction() == Direction.OUTBOUND,
                ip(connection.remoteAddress()));
        OutboundQueue queue = new OutboundQueue(
                rpcLimits, options.limits().queueMessages(), options.limits().queueBytes());
        KeptStream outbound = new KeptStream(stream, queue, peer, section, options);
        link.outbound = outbound;
        owner.connected(link, outbound);
        outbound.start(() -> ended(link, outbound));
        link.inbound.begin();
    }

    private void notOpened(PeerLink link, Throwable cause) {
        link.isOpening = false;
        LOG.debug("no pubsub stream to {}", link.id, cause);
        if (!(cause instanceof NegotiationException)) {
            openLater(link);
        }
    }

    private void ended(PeerLink link, KeptStream outbound) {
        if (link.outbound != outbound) {
            return;
        }
        long lived = outbound.livedNanos();
        if (lived >= STABLE_NANOS) {
            link.failures = 0;
        }
        outbound.dispose();
        if (owner.wants(link)
                && owner.connection(link) != null
                && link.failures < MAX_FAILURES
                && link.habit.onDropped(outbound.peer().protocol(), lived)) {
            link.failures++;
            outbound.repeat();
            StreamPerRpc next = new StreamPerRpc(link, outbound.queue(), outbound.peer(), section, options, this);
            link.outbound = next;
            next.flush();
            return;
        }
        link.outbound = null;
        owner.ended(link);
        openLater(link);
    }

    private void openLater(PeerLink link) {
        long delay = nextDelayNanos(link);
        if (delay < 0) {
            return;
        }
        link.isOpening = true;
        try {
            link.opening.update(options.timer()
                    .schedule(
                            () -> section.execute(() -> {
                                link.isOpening = false;
                                open(link);
                            }),
                            delay,
                            TimeUnit.NANOSECONDS));
        } catch (RejectedExecutionException closing) {
            // The host ends, and its connections with it.
        }
    }

    @Override
    public long nextDelayNanos(PeerLink link) {
        if (!owner.wants(link) || owner.connection(link) == null || link.failures >= MAX_FAILURES) {
            return -1;
        }
        return (FIRST_DELAY.toNanos() << link.failures++) + options.random().nextLong(FIRST_DELAY.toNanos());
    }

    /** The IP address at the other end; a relay's says nothing of the peer. */
    private static @Nullable String ip(Multiaddr address) {
        return address.has(Protocol.P2P_CIRCUIT)
                ? null
                : address.ipAddress().map(InetAddress::getHostAddress).orElse(null);
    }

    // ---- a stream for each RPC ----

    @Override
    public Mono<ProtocolStream> openFloodsub(PeerLink link) {
        Connection connection = owner.connection(link);
        return connection == null
                ? Mono.error(new IllegalStateException("no connection to " + link.id))
                : connection.open(List.of(StreamHabit.FLOODSUB));
    }

    @Override
    public void kept(PeerLink link, StreamPerRpc former, ProtocolStream stream) {
        link.habit.onKept();
        KeptStream outbound = new KeptStream(stream, former.queue(), former.peer(), section, options);
        link.outbound = outbound;
        outbound.start(() -> ended(link, outbound));
    }

    @Override
    public void refused(PeerLink link, StreamPerRpc former) {
        link.habit.onGivenUp();
        allSaid(link, former);
    }

    @Override
    public void allSaid(PeerLink link, StreamPerRpc former) {
        if (link.outbound == former) {
            link.outbound = null;
            owner.ended(link);
        }
    }
}
