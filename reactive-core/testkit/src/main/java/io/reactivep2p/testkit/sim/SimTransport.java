package io.reactivep2p.testkit.sim;

import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.MuxedTransport;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.TransportException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** One host's way into the network: dials and listens on the address that the network gave it. */
final class SimTransport implements MuxedTransport {

    private final SimNetwork network;
    private final Multiaddr own;

    SimTransport(SimNetwork network, Multiaddr own) {
        this.network = network;
        this.own = own;
    }

    @Override
    public boolean canDial(Multiaddr address) {
        return true;
    }

    @Override
    public boolean canListen(Multiaddr address) {
        return address.equals(own);
    }

    /** Takes one round trip, like a handshake that is as short as can be. */
    @Override
    public Mono<MuxedConnection> dial(Multiaddr address, KeyPair identity, @Nullable PeerId expectedPeer) {
        SimConnection.End dialer = new SimConnection.End(identity.publicKey(), own);
        SimLink there = network.link();
        SimLink back = network.link();
        return Mono.delay(Duration.ofNanos(there.latencyNanos() + back.latencyNanos()), network.scheduler())
                .map(tick -> connect(address, dialer, expectedPeer, there, back));
    }

    private MuxedConnection connect(
            Multiaddr address, SimConnection.End dialer, @Nullable PeerId expectedPeer, SimLink there, SimLink back) {
        SimListener listener = network.listener(own, address);
        if (listener == null) {
            throw new TransportException(address, "nobody is there", null);
        }
        PeerId reached = PeerId.of(listener.end.key());
        if (expectedPeer != null && !expectedPeer.equals(reached)) {
            throw new HandshakeException("expected " + expectedPeer + ", reached " + reached);
        }
        SimConnection[] ends = SimConnection.pair(network, dialer, listener.end, there, back);
        network.opened(ends[0]);
        listener.acceptor.accept(ends[1]);
        return ends[0];
    }

    @Override
    public Mono<Listener> listen(Multiaddr address, KeyPair identity, Consumer<MuxedConnection> acceptor) {
        return Mono.fromSupplier(() -> {
            SimListener listener =
                    new SimListener(new SimConnection.End(identity.publicKey(), address), acceptor, network);
            network.listens(listener);
            return listener;
        });
    }

    /** A host that can be dialed. */
    static final class SimListener implements Listener {

        private final SimConnection.End end;
        private final Consumer<MuxedConnection> acceptor;
        private final SimNetwork network;
        private final Sinks.Empty<Void> disposed = Sinks.empty();

        private SimListener(SimConnection.End end, Consumer<MuxedConnection> acceptor, SimNetwork network) {
            this.end = end;
            this.acceptor = acceptor;
            this.network = network;
        }

        @Override
        public Multiaddr address() {
            return end.address();
        }

        @Override
        public Mono<Void> close() {
            return Mono.fromRunnable(this::dispose);
        }

        @Override
        public Mono<Void> onDispose() {
            return disposed.asMono();
        }

        @Override
        public void dispose() {
            network.silent(this);
            disposed.tryEmitEmpty();
        }
    }
}
