package io.reactivep2p.swarm;

import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.MuxedTransport;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.TransportException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A transport that fails in the turn in which it is asked, and notes how deep the stack is then. */
final class FailingRoads implements MuxedTransport {

    private long deepest;

    long deepest() {
        return deepest;
    }

    @Override
    public Mono<MuxedConnection> dial(Multiaddr address, KeyPair identity, @Nullable PeerId expectedPeer) {
        return Mono.error(() -> {
            deepest = Math.max(deepest, StackWalker.getInstance().walk(frames -> frames.count()));
            return new TransportException(address, "on purpose", null);
        });
    }

    @Override
    public Mono<Listener> listen(Multiaddr address, KeyPair identity, Consumer<MuxedConnection> acceptor) {
        return Mono.error(new UnsupportedOperationException());
    }

    @Override
    public boolean canDial(Multiaddr address) {
        return true;
    }

    @Override
    public boolean canListen(Multiaddr address) {
        return false;
    }
}
