package io.reactivep2p.pubsub.router;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.event.HostEvent;
import io.reactivep2p.host.HandlerOptions;
import io.reactivep2p.host.Host;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.PubsubOptions;
import io.reactivep2p.pubsub.wire.Rpc;
import io.reactivep2p.pubsub.wire.RpcCodec;
import io.reactivep2p.pubsub.wire.RpcLimits;
import io.reactivep2p.wire.MessageCodec;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * The peers and their streams: one that we open to each peer which speaks a protocol of the router, and write to; one that it opens to us,
 * and that we read. With floodsub it may be a stream for each RPC instead, both ways. Methods are called in the serial section, handlers and
 * events bring themselves there.
 *
 * <pre>
 *   identified, connected, or opened a stream to us
 *        |
 *        v            opened                         reset, while connected
 *     opening ------------------> outbound, known -------------------------> waiting 100 ms, 200 ms, ... -----> opening
 *        |                        to the router        (4 times in a row, then until it comes by again)
 *        +--> does not speak it: until it comes by again
 * </pre>
 *
 * <p>A peer whose stream is lost stays known until what it has said is read: who closes resets our stream, and its last messages may be
 * unread by then. What is sent to it meanwhile is lost.
 */
final class PeerTable implements InboundStream.Owner, OutboundStreams.Owner {

    /** Inbound streams of one protocol on one connection: the one in use, one that replaces it, and the same again while closing. */
    static final int STREAMS_PER_CONNECTION = 4;

    /**
     * Of floodsub: rust-libp2p opens a stream for each RPC, eight at a time, and ends the connection when one is refused; those that it has
     * ended are still read.
     */
    static final int ONE_RPC_STREAMS_PER_CONNECTION = 32;

    /** How long a stream may still bring its first RPC when there is a newer one. A choice of ours. */
    static final Duration GRACE = Duration.ofSeconds(5);

    private final Host host;
    private final PubsubOptions options;
    private final SerialSection section;
    private final MessageCodec<Rpc> codec;
    private final List<ProtocolId> protocols;
    private final Supplier<VerificationLane> lanes;
    private final Listener listener;
    private final OutboundStreams outbound;
    private final Map<PeerId, PeerLink> links = new LinkedHashMap<>();
    private final Disposable.Composite registrations = Disposables.composite();
    private boolean closed;

    /** What the node hears of its peers, in the serial section. */
    interface Listener {

        /** Our stream to the peer is there; its queue takes what is to be said first. */
        void connected(PeerLink link, PeerLink.Outbound outbound);

        /**
         * Our stream to the peer is gone, and all that it had to say by then was {@link #received}, or its last connection. Only after {@link
         * #connected}.
         */
        void disconnected(PeerLink link);

        /** The last connection is gone. */
        void removed(PeerLink link);

        /** @param lane where signatures of the messages are verified */
        void received(PeerLink link, Rpc rpc, VerificationLane lane);

        void malformed();

        /** The last of our streams has ended, after {@link #close}. */
        void allClosed();
    }

    /** @param lanes a new one for each stream */
    PeerTable(
            Host host,
            PubsubOptions options,
            SerialSection section,
            List<ProtocolId> protocols,
            Supplier<VerificationLane> lanes,
            Listener listener) {
        this.host = host;
        this.options = options;
        this.section = section;
        RpcLimits rpcLimits = RpcLimits.defaults().withMaxBytes(options.limits().maxRpcBytes());
        this.codec = RpcCodec.create(rpcLimits);
        this.protocols = protocols;
        this.lanes = lanes;
        this.listener = listener;
        this.outbound = new OutboundStreams(options, section, rpcLimits, protocols, this);
    }

    /** Begins to serve and to look for peers. Not in the serial section. Throws what {@code host.handle} throws. */
    void start() {
        int streams = Math.multiplyExact(2, options.limits().maxPeers());
        try {
            for (ProtocolId protocol : protocols) {
                int perConnection =
                        StreamHabit.mayDrop(protocol) ? ONE_RPC_STREAMS_PER_CONNECTION : STREAMS_PER_CONNECTION;
                registrations.add(host.handle(protocol, new HandlerOptions(streams, perConnection), this::serve));
            }
        } catch (IllegalStateException servedAlready) {
            registrations.dispose();
            throw servedAlready;
        }
        registrations.add(host.events().subscribe(this::happened));
        section.execute(() -> host.connections().forEach(connection -> consider(connection.remotePeer())));
    }

    @Nullable
    PeerLink get(PeerId peer) {
        return links.get(peer);
    }

    Collection<PeerLink> all() {
        return links.values();
    }

    // ---- events of the host ----

    private void happened(HostEvent event) {
        if (event instanceof HostEvent.PeerIdentified identified) {
            section.execute(() -> cameBy(identified.peer()));
        } else if (event instanceof HostEvent.ConnectionOpened opened) {
            section.execute(() -> cameBy(opened.connection().remotePeer()));
        } else if (event instanceof HostEvent.PeerDisconnected gone) {
            section.execute(() -> disconnected(gone.peer()));
        }
    }

    private void cameBy(PeerId peer) {
        PeerLink link = links.get(peer);
        if (link != null) {
            link.failures = 0;
        }
        consider(peer);
    }

    private void consider(PeerId peer) {
        if (!closed && protocols.stream().anyMatch(protocol -> host.peerstore().supports(peer, protocol))) {
            PeerLink link = link(peer);
            if (link != null) {
                outbound.open(link);
            }
        }
    }

    private void disconnected(PeerId peer) {
        PeerLink link = links.get(peer);
        if (link != null && connection(peer) != null && link.outbound instanceof StreamPerRpc) {
            // It has come back meanwhile, knowing nothing, and there may have been no stream whose end would tell us.
            endOutbound(link);
            outbound.open(link);
        } else {
            left(peer);
        }
    }

    private void left(PeerId peer) {
        PeerLink link = links.get(peer);
        if (link == null || connection(peer) != null || hasMoreToSay(link)) {
            return; // it has come back meanwhile, or is asked again when it has said all
        }
        links.remove(peer);
        link.opening.dispose();
        link.inbound.reset(ErrorCode.NONE);
        endOutbound(link);
        forget(link);
        listener.removed(link);
    }

    /** What came before the connection ended still counts: until it is read, the peer is known to the router. */
    private boolean hasMoreToSay(PeerLink link) {
        return !closed && link.known && !link.inbound.isEmpty() && connection(link.id) == null;
    }

    /** The peer's entry, a new one where it is connected and there is room. */
    private @Nullable PeerLink link(PeerId peer) {
        PeerLink known = links.get(peer);
        if (known == null && links.size() < options.limits().maxPeers() && connection(peer) != null) {
            known = new PeerLink(peer);
            links.put(peer, known);
        }
        return known;
    }

    private @Nullable Connection connection(PeerId peer) {
        for (Connection connection : host.connections(peer)) {
            if (!connection.isDisposed()) {
                return connection;
            }
        }
        return null;
    }

    // ---- our streams to peers ----

    @Override
    public boolean wants(PeerLink link) {
        return !closed && links.get(link.id) == link;
    }

    @Override
    public @Nullable Connection connection(PeerLink link) {
        return connection(link.id);
    }

    @Override
    public void connected(PeerLink link, PeerLink.Outbound outbound) {
        forget(link); // it begins anew
        link.known = true;
        listener.connected(link, outbound);
    }

    @Override
    public void ended(PeerLink link) {
        if (closed || link.inbound.isEmpty()) {
            forget(link);
        }
        if (closed && links.values().stream().allMatch(each -> each.outbound == null)) {
            listener.allClosed();
        }
    }

    private static void endOutbound(PeerLink link) {
        PeerLink.Outbound outbound = link.outbound;
        if (outbound != null) {
            link.outbound = null;
            outbound.dispose();
        }
    }

    /** For the router the peer is gone. */
    private void forget(PeerLink link) {
        if (link.known) {
            link.known = false;
            listener.disconnected(link);
        }
    }

    // ---- a peer's stream to us ----

    private Mono<Void> serve(ProtocolStream stream) {
        InboundStream inbound = new InboundStream(stream, section, lanes.get(), options.nanoClock(), this);
        stream.receive(codec).subscribe(inbound);
        section.execute(() -> accept(inbound));
        // It is ended by us, since its end in order must not wait for this Mono's.
        return Mono.never();
    }

    private void accept(InboundStream inbound) {
        PeerLink link = closed ? null : link(inbound.peer());
        if (link == null) {
            inbound.reset(closed ? ErrorCode.SHUTDOWN : ErrorCode.RESOURCE_LIMIT_EXCEEDED);
            return;
        }
        InboundStream former = link.inbound.add(inbound);
        if (former != null) {
            former.grace.update(options.timer()
                    .schedule(() -> former.reset(ErrorCode.SUPPLANTED), GRACE.toNanos(), TimeUnit.NANOSECONDS));
        }
        if (link.known) {
            inbound.begin();
        }
        if (link.outbound == null) {
            link.failures = 0;
            outbound.open(link);
        }
    }

    @Override
    public boolean received(InboundStream from, Rpc rpc) {
        PeerLink link = links.get(from.peer());
        if (closed || link == null || !link.inbound.has(from)) {
            return true; // nobody wants it any more
        }
        if (!link.known) {
            return false; // the router knows the peer once our stream is there
        }
        listener.received(link, rpc, from.lane);
        return true;
    }

    @Override
    public void ended(InboundStream stream, boolean malformed) {
        if (malformed) {
            listener.malformed();
        }
        stream.grace.dispose();
        stream.stream.close().subscribe();
        PeerLink link = links.get(stream.peer());
        if (link != null && link.inbound.has(stream)) {
            link.inbound.remove(stream);
            if (link.outbound == null && link.inbound.isEmpty()) {
                forget(link);
            }
            left(link.id);
        }
    }

    // ---- the end ----

    /** Takes no more streams, and ends ours after what waits in their queues. */
    void close() {
        closed = true;
        registrations.dispose();
        boolean waits = false;
        for (PeerLink link : links.values()) {
            link.opening.dispose();
            link.inbound.reset(ErrorCode.SHUTDOWN);
            if (link.outbound != null) {
                waits = true;
                link.outbound.end();
            }
        }
        if (!waits) {
            listener.allClosed();
        }
    }

    /** Ends what has not ended by itself. */
    void abort() {
        links.values().forEach(link -> {
            endOutbound(link);
            forget(link);
        });
        links.clear();
        listener.allClosed();
    }
}
