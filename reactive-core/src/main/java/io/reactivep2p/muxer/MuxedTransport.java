package io.reactivep2p.muxer;

import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.Transport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A transport that brings its own security and streams, and skips the upgrader: QUIC, WebTransport. */
public interface MuxedTransport extends Transport {

    /**
     * Connects and proves the remote peer.
     *
     * <p><b>Errors</b>: {@code TransportException}, {@code HandshakeException}.
     *
     * @param expectedPeer whom we mean to reach; {@code null} takes anyone
     */
    Mono<MuxedConnection> dial(Multiaddr address, KeyPair identity, @Nullable PeerId expectedPeer);

    /** Listens; {@code acceptor} gets each connection on its event loop, when its handshake has ended. */
    Mono<Listener> listen(Multiaddr address, KeyPair identity, Consumer<MuxedConnection> acceptor);
}
