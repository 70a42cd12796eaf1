package io.reactivep2p.transport.quic;

import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.muxer.StreamOpening;
import io.reactivep2p.peer.PeerId;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** A QUIC connection whose handshake has ended, as the layers above see it. */
final class QuicConnection implements MuxedConnection {

    /** QUIC is both; the names are those its addresses have. */
    private static final ProtocolId QUIC = ProtocolId.of("/quic-v1");

    private static final ProtocolId TLS = ProtocolId.of("/tls/1.0.0");

    private final QuicHandler handler;
    private final PeerId localPeer;
    private final PeerId remotePeer;
    private final PublicKey remoteKey;
    private final Multiaddr localAddress;
    private final Multiaddr remoteAddress;

    QuicConnection(
            QuicHandler handler,
            PeerId localPeer,
            PublicKey remoteKey,
            Multiaddr localAddress,
            Multiaddr remoteAddress) {
        this.handler = handler;
        this.localPeer = localPeer;
        this.remotePeer = PeerId.of(remoteKey);
        this.remoteKey = remoteKey;
        this.localAddress = localAddress;
        this.remoteAddress = remoteAddress;
    }

    @Override
    public PeerId localPeer() {
        return localPeer;
    }

    @Override
    public PeerId remotePeer() {
        return remotePeer;
    }

    @Override
    public PublicKey remoteKey() {
        return remoteKey;
    }

    @Override
    public Multiaddr localAddress() {
        return localAddress;
    }

    @Override
    public Multiaddr remoteAddress() {
        return remoteAddress;
    }

    @Override
    public Direction direction() {
        return handler.direction();
    }

    @Override
    public ProtocolId security() {
        return TLS;
    }

    @Override
    public ProtocolId muxer() {
        return QUIC;
    }

    @Override
    public EventExecutor executor() {
        return handler.executor();
    }

    @Override
    public Mono<MuxedStream> openStream() {
        return new StreamOpening(handler);
    }

    @Override
    public void acceptStreams(Consumer<MuxedStream> acceptor) {
        handler.acceptStreams(acceptor);
    }

    @Override
    public int streamCount() {
        return handler.streams().size();
    }

    @Override
    public long rttNanos() {
        return handler.rttNanos();
    }

    @Override
    public void close(ErrorCode code) {
        if (executor().inEventLoop()) {
            handler.close(code);
            return;
        }
        try {
            executor().execute(() -> handler.close(code));
        } catch (RejectedExecutionException e) {
            // The event loop is shut down, and the socket was closed with it.
        }
    }

    @Override
    public Mono<Void> onDispose() {
        return handler.onClosed();
    }

    @Override
    public Optional<ConnectionClosedException> closeCause() {
        return Optional.ofNullable(handler.closeCause());
    }

    @Override
    public String toString() {
        return handler.direction() + " QUIC connection with " + remotePeer + " at " + remoteAddress;
    }
}
