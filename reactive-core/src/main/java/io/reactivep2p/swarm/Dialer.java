package io.reactivep2p.swarm;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.MuxedTransport;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.transport.RawTransport;
import io.reactivep2p.transport.Transport;
import io.reactivep2p.transport.TransportException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Makes outbound connections: one {@link PeerDial} for all who want the same peer at the same time. */
final class Dialer {

    private final SwarmOptions options;
    private final PeerId self;
    private final Function<MuxedConnection, Connection> admit;
    private final Function<PeerId, @Nullable Connection> existing;
    private final Map<PeerId, PeerDial> byPeer = new ConcurrentHashMap<>();
    private final Set<PeerDial> underWay = ConcurrentHashMap.newKeySet();
    private final DialMemory memory;
    private final DialGate gate;
    private final DialCandidates candidates;
    private volatile @Nullable Throwable closed;

    /**
     * @param own where this host listens
     * @param existing the connection to a peer, if there is one
     * @param admit enters a new connection into the host's table, or closes it and throws
     */
    Dialer(
            SwarmOptions options,
            Supplier<? extends Collection<Multiaddr>> own,
            Function<PeerId, @Nullable Connection> existing,
            Function<MuxedConnection, Connection> admit) {
        this.options = options;
        this.self = PeerId.of(options.identity().publicKey());
        this.existing = existing;
        this.admit = admit;
        this.memory = new DialMemory(options.nanoClock());
        this.gate = new DialGate(options.limits().dials());
        this.candidates = new DialCandidates(options, memory, own);
    }

    /** Dials a peer, or joins the dial of it that is under way with the addresses given. */
    Mono<Connection> dial(PeerId peer, List<Multiaddr> given) {
        return peer.equals(self)
                ? Mono.error(() -> new DialException(peer, "that is this host itself", Map.of()))
                : Mono.create(sink -> begin(join(peer, sink), given, sink));
    }

    /** Dials an address of whoever is there. */
    Mono<Connection> dial(Multiaddr address) {
        return Mono.create(sink -> {
            PeerDial dial = create(null);
            dial.join(sink);
            begin(dial, List.of(address), sink);
        });
    }

    private PeerDial join(PeerId peer, MonoSink<Connection> sink) {
        while (true) {
            PeerDial dial = byPeer.computeIfAbsent(peer, this::create);
            if (dial.join(sink)) {
                return dial;
            }
            byPeer.remove(peer, dial); // it has just ended and is about to do so itself
        }
    }

    private PeerDial create(@Nullable PeerId peer) {
        PeerDial dial = new PeerDial(this, peer);
        underWay.add(dial); // before anyone can end it
        return dial;
    }

    private void begin(PeerDial dial, List<Multiaddr> given, MonoSink<Connection> sink) {
        sink.onCancel(() -> dial.leave(sink));
        Throwable cause = closed; // asked after the dial was entered, as close() ends what is entered after it says so
        if (cause != null) {
            dial.fail(cause);
            return;
        }
        // Asked after the dial was entered: one that ended a moment ago has left its connection.
        Connection found = dial.peer() == null ? null : existing(dial.peer());
        if (found != null) {
            dial.found(found);
            return;
        }
        try {
            candidates.prepare(dial, given);
        } catch (RuntimeException e) { // the user's ranker, peerstore or transport
            dial.fail(e);
        }
    }

    /** Ends every dial under way with {@code cause}, and every one that follows. */
    void close(Throwable cause) {
        closed = cause;
        underWay.forEach(dial -> dial.fail(cause));
    }

    void ended(PeerDial dial) {
        underWay.remove(dial);
        if (dial.peer() != null) {
            byPeer.remove(dial.peer(), dial);
        }
    }

    SwarmOptions options() {
        return options;
    }

    long nanoTime() {
        return options.nanoClock().getAsLong();
    }

    DialMemory memory() {
        return memory;
    }

    DialGate gate() {
        return gate;
    }

    @Nullable
    Connection existing(PeerId peer) {
        return existing.apply(peer);
    }

    /** Enters a connection, unless it leads to somebody else than it should. */
    Connection admit(MuxedConnection muxed, @Nullable PeerId expected) {
        PeerId remote = muxed.remotePeer();
        if (remote.equals(self) || (expected != null && !expected.equals(remote))) {
            muxed.dispose();
            throw new HandshakeException(
                    "the transport promised " + (expected == null ? "a peer" : expected) + " and reached " + remote);
        }
        return admit.apply(muxed);
    }

    /**
     * Connects to one address and upgrades.
     *
     * @param connected called when the address answers and is about to be secured, where that can be told
     */
    Mono<MuxedConnection> connect(Multiaddr address, @Nullable PeerId peer, Runnable connected) {
        return Mono.defer(() -> {
            PeerId expected = peer == null ? PeerId.in(address).orElse(null) : peer;
            Transport transport =
                    DialCandidates.transport(options.transports(), address).orElse(null);
            if (transport instanceof RawTransport raw) {
                return raw.dial(address).flatMap(connection -> {
                    connected.run();
                    return options.upgrader().upgrade(connection, expected);
                });
            }
            return transport instanceof MuxedTransport whole
                    ? whole.dial(address, options.identity(), expected)
                    : Mono.error(new TransportException(address, "no transport dials such an address", null));
        });
    }
}
