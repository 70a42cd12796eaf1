package io.reactivep2p.muxer;

import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.SecuredConnection;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A secured connection with a muxer's handler on it, as the layers above see it: what every {@link StreamMuxer} can return. */
public final class SecuredMuxedConnection implements MuxedConnection {

    /** What muxes, in the channel's pipeline. Called on the event loop, but for what says otherwise. */
    public interface Muxing extends StreamOpening.Opener {

        /** As {@link MuxedConnection#acceptStreams}. */
        void acceptStreams(Consumer<MuxedStream> acceptor);

        /** The streams open now, both directions. */
        int streamCount();

        /** The last measured round-trip time in nanoseconds, -1 while unknown or if nothing measures it. Any thread. */
        default long rttNanos() {
            return -1;
        }

        /** As {@link MuxedConnection#close}. */
        void close(ErrorCode code);

        /** Why it ended; {@code null} while it is open. Any thread. */
        @Nullable
        ConnectionClosedException closeCause();

        /** Completes on the event loop when the channel is closed, whoever closed it. Never fails. */
        Mono<Void> onClosed();
    }

    private final SecuredConnection secured;
    private final ProtocolId muxer;
    private final Muxing muxing;

    /** @param muxer the name that was negotiated */
    public SecuredMuxedConnection(SecuredConnection secured, ProtocolId muxer, Muxing muxing) {
        this.secured = secured;
        this.muxer = muxer;
        this.muxing = muxing;
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
        return muxer;
    }

    @Override
    public EventExecutor executor() {
        return secured.raw().channel().eventLoop();
    }

    @Override
    public Mono<MuxedStream> openStream() {
        return new StreamOpening(muxing);
    }

    @Override
    public void acceptStreams(Consumer<MuxedStream> acceptor) {
        muxing.acceptStreams(acceptor);
    }

    @Override
    public int streamCount() {
        return muxing.streamCount();
    }

    @Override
    public long rttNanos() {
        return muxing.rttNanos();
    }

    @Override
    public void close(ErrorCode code) {
        if (executor().inEventLoop()) {
            muxing.close(code);
            return;
        }
        try {
            executor().execute(() -> muxing.close(code));
        } catch (RejectedExecutionException e) {
            // The event loop is shut down, and the channel was closed with it.
        }
    }

    @Override
    public boolean isDisposed() {
        return muxing.closeCause() != null;
    }

    @Override
    public Mono<Void> onDispose() {
        return muxing.onClosed();
    }

    @Override
    public Optional<ConnectionClosedException> closeCause() {
        return Optional.ofNullable(muxing.closeCause());
    }
}
