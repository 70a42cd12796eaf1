package io.reactivep2p.muxer.mplex;

import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.SecuredConnection;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** A secured connection with mplex on it, as the layers above see it. */
final class MplexConnection implements MuxedConnection {

    private final SecuredConnection secured;
    private final MplexHandler handler;

    MplexConnection(SecuredConnection secured, MplexHandler handler) {
        this.secured = secured;
        this.handler = handler;
    }

    @Override
    public PeerId localPeer() {
        return secured.localPeer();
    }

    @Override
    public PeerId remotePeer() {
        return secured.remotePeer();
    }

    @Override
    public PublicKey remoteKey() {
        return secured.remoteKey();
    }

    @Override
    public Multiaddr localAddress() {
        return secured.raw().localAddress();
    }

    @Override
    public Multiaddr remoteAddress() {
        return secured.raw().remoteAddress();
    }

    @Override
    public Direction direction() {
        return secured.raw().direction();
    }

    @Override
    public ProtocolId security() {
        return secured.security();
    }

    @Override
    public ProtocolId muxer() {
        return Mplex.PROTOCOL;
    }

    @Override
    public EventExecutor executor() {
        return secured.raw().channel().eventLoop();
    }

    @Override
    public Mono<MuxedStream> openStream() {
        return new OpenMplexStream(handler);
    }

    @Override
    public void acceptStreams(Consumer<MuxedStream> acceptor) {
        handler.acceptStreams(acceptor);
    }

    @Override
    public int streamCount() {
        return handler.session().streamCount();
    }

    /** {@inheritDoc} Always -1: mplex has no pings. */
    @Override
    public long rttNanos() {
        return -1;
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
            // The event loop is shut down, and the channel was closed with it.
        }
    }

    @Override
    public boolean isDisposed() {
        return handler.closeCause() != null;
    }

    @Override
    public Mono<Void> onDispose() {
        return handler.onClosed();
    }

    @Override
    public Optional<ConnectionClosedException> closeCause() {
        return Optional.ofNullable(handler.closeCause());
    }
}
