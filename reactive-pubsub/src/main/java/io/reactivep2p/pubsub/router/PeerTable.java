package io.reactivep2p.pubsub.router;

import io.netty.buffer.ByteBufAllocator;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.event.HostEvent;
import io.reactivep2p.host.HandlerOptions;
import io.reactivep2p.host.Host;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Protocol;
import io.reactivep2p.multistream.NegotiationException;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.PubsubOptions;
import io.reactivep2p.pubsub.wire.Rpc;
import io.reactivep2p.pubsub.wire.RpcCodec;
import io.reactivep2p.pubsub.wire.RpcLimits;
import io.reactivep2p.wire.MessageCodec;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * The peers and their streams: one that we open to each peer which speaks a protocol of the router, and write to; one that it opens to us,
 * and that we read. Methods are called in the serial section, handlers and events bring themselves there.
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
final class PeerTable implements InboundStream.Owner {

    /** Inbound streams of one protocol on one connection: the one in use, one that replaces it, and the same again while closing. */
    static final int STREAMS_PER_CONNECTION = 4;

    /** go-libp2p-pubsub: begins with 100 ms, doubles up to 10 s, gives up after 4. */
    static final Duration FIRST_DELAY = Duration.ofMillis(100);

    static final int MAX_FAILURES = 4;

    /** A stream that lived so long was no failure. A choice of ours. */
    static final long STABLE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final Logger LOG = LoggerFactory.getLogger(PeerTable.class);

    private final Host host;
    private final PubsubOptions options;
    private final SerialSection section;
    private final RpcLimits rpcLimits;
    private final MessageCodec<Rpc> codec;
    private final List<ProtocolId> protocols;
    private final Listener listener;
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

        void received(PeerLink link, Rpc rpc);

        void malformed();

        /** The last of our streams has ended, after {@link #close}. */
        void allClosed();
    }

    PeerTable(Host host, PubsubOptions options, SerialSection section, List<ProtocolId> protocols, Listener listener) {
        this.host = host;
        this.options = options;
        this.section = section;
        this.rpcLimits = RpcLimits.defaults().withMaxBytes(options.limits().maxRpcBytes());
        this.codec = RpcCodec.create(rpcLimits);
        this.protocols = protocols;
        this.listener = listener;
    }

    /** Begins to serve and to look for peers. Not in the serial section. Throws what {@code host.handle} throws. */
    void start() {
        HandlerOptions limits =
                new HandlerOptions(Math.multiplyExact(2, options.limits().maxPeers()), STREAMS_PER_CONNECTION);
        try {
            for (ProtocolId protocol : protocols) {
                registrations.add(host.handle(protocol, limits, this::serve));
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
            section.execute(() -> left(gone.peer()));
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
                open(link);
            }
        }
    }

    private void left(PeerId peer) {
        PeerLink link = links.get(peer);
        if (link == null || connection(peer) != null || hasMoreToSay(link)) {
            return; // it has come back meanwhile, or is asked again when it has said all
        }
        links.remove(peer);
        link.opening.dispose();
        if (link.inbound != null) {
            link.inbound.reset(ErrorCode.NONE);
            link.inbound = null;
        }
        endOutbound(link);
        forget(link);
        listener.removed(link);
    }

    /** What came before the connection ended still counts: until it is read, the peer is known to the router. */
    private boolean hasMoreToSay(PeerLink link) {
        return !closed && link.known && link.inbound != null && connection(link.id) == null;
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

    // ---- our stream to a peer ----

    private void open(PeerLink link) {
        Connection connection = connection(link.id);
        if (closed || link.outbound != null || link.isOpening || connection == null) {
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
        if (closed || links.get(link.id) != link) {
            stream.dispose();
            return;
        }
        OutboundQueue queue = new OutboundQueue(
                rpcLimits, options.limits().queueMessages(), options.limits().queueBytes());
        FramePublisher frames = new FramePublisher(section, queue, ByteBufAllocator.DEFAULT);
        Connection connection = stream.connection();
        PeerLink.Outbound outbound = new PeerLink.Outbound(
                stream,
                queue,
                frames,
                new RemotePeer(
                        link.id,
                        stream.protocol(),
                        connection.direction() == Direction.OUTBOUND,
                        ip(connection.remoteAddress())),
                options.nanoClock().getAsLong());
        forget(link); // it begins anew
        link.outbound = outbound;
        link.known = true;
        listener.connected(link, outbound);
        stream.send(frames)
                .subscribe(
                        none -> {},
                        cause -> section.execute(() -> ended(link, outbound)),
                        // The node closes, and everything is sent.
                        () -> stream.close().subscribe());
        // A peer may also end a stream to which nothing is being sent.
        stream.onDispose().subscribe(none -> {}, cause -> {}, () -> section.execute(() -> ended(link, outbound)));
        if (link.inbound != null) {
            link.inbound.begin();
        }
    }

    private void notOpened(PeerLink link, Throwable cause) {
        link.isOpening = false;
        LOG.debug("no pubsub stream to {}", link.id, cause);
        if (!(cause instanceof NegotiationException)) {
            openLater(link);
        }
    }

    private void ended(PeerLink link, PeerLink.Outbound outbound) {
        if (link.outbound != outbound) {
            return;
        }
        if (options.nanoClock().getAsLong() - outbound.sinceNanos() >= STABLE_NANOS) {
            link.failures = 0;
        }
        endOutbound(link);
        if (closed || link.inbound == null) {
            forget(link);
        }
        if (!closed) {
            openLater(link);
        } else if (links.values().stream().allMatch(each -> each.outbound == null)) {
            listener.allClosed();
        }
    }

    private static void endOutbound(PeerLink link) {
        PeerLink.Outbound outbound = link.outbound;
        if (outbound != null) {
            link.outbound = null;
            // No effect where it has ended, as it mostly has.
            outbound.stream().dispose();
        }
    }

    /** For the router the peer is gone. */
    private void forget(PeerLink link) {
        if (link.known) {
            link.known = false;
            listener.disconnected(link);
        }
    }

    private void openLater(PeerLink link) {
        if (closed || links.get(link.id) != link || connection(link.id) == null || link.failures >= MAX_FAILURES) {
            return;
        }
        long delay = FIRST_DELAY.toNanos() << link.failures++;
        long jitter = options.random().nextLong(FIRST_DELAY.toNanos());
        link.isOpening = true;
        link.opening.update(options.timer()
                .schedule(
                        () -> section.execute(() -> {
                            link.isOpening = false;
                            if (links.get(link.id) == link) {
                                open(link);
                            }
                        }),
                        delay + jitter,
                        TimeUnit.NANOSECONDS));
    }

    /** The IP address at the other end; a relay's says nothing of the peer. */
    private static @Nullable String ip(Multiaddr address) {
        return address.has(Protocol.P2P_CIRCUIT)
                ? null
                : address.ipAddress().map(InetAddress::getHostAddress).orElse(null);
    }

    // ---- a peer's stream to us ----

    private Mono<Void> serve(ProtocolStream stream) {
        InboundStream inbound = new InboundStream(stream, section, this);
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
        InboundStream former = link.inbound;
        link.inbound = inbound;
        if (former != null) {
            former.reset(ErrorCode.SUPPLANTED);
        }
        if (link.known) {
            inbound.begin();
        }
        if (link.outbound == null) {
            link.failures = 0;
            open(link);
        }
    }

    @Override
    public boolean received(InboundStream from, Rpc rpc) {
        PeerLink link = links.get(from.peer());
        if (closed || link == null || link.inbound != from) {
            return true; // nobody wants it any more
        }
        if (!link.known) {
            return false; // the router knows the peer once our stream is there
        }
        listener.received(link, rpc);
        return true;
    }

    @Override
    public void ended(InboundStream stream, boolean malformed) {
        if (malformed) {
            listener.malformed();
        }
        stream.stream.close().subscribe();
        PeerLink link = links.get(stream.peer());
        if (link != null && link.inbound == stream) {
            link.inbound = null;
            if (link.outbound == null) {
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
            if (link.inbound != null) {
                link.inbound.reset(ErrorCode.SHUTDOWN);
                link.inbound = null;
            }
            if (link.outbound != null) {
                waits = true;
                link.outbound.frames().end();
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
