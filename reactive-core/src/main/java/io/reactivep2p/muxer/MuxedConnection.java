package io.reactivep2p.muxer;

import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import java.util.Optional;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * A connection that carries streams: what TCP, Noise and Yamux make together, or QUIC alone. Confined to one event loop: unless a
 * method says otherwise it is called there.
 */
public interface MuxedConnection extends Disposable {

    PeerId localPeer();

    PeerId remotePeer();

    PublicKey remoteKey();

    /** Without {@code /p2p/...}. */
    Multiaddr localAddress();

    /** Without {@code /p2p/...}. */
    Multiaddr remoteAddress();

    Direction direction();

    ProtocolId security();

    ProtocolId muxer();

    /** The event loop that everything of this connection happens on. Any thread may ask. */
    EventExecutor executor();

    /**
     * Opens a stream. Subscribed to on the event loop. Waits while too many of our streams are not acknowledged yet (the number waiting is
     * bounded too).
     *
     * <p><b>Errors</b>: {@link ConnectionClosedException}; {@code ResourceLimitException} when too many wait.
     *
     * <p><b>Cancellation</b>: leaves the queue; a stream that was already opened is the subscriber's.
     */
    Mono<MuxedStream> openStream();

    /**
     * Who takes the streams that the remote peer opens; called on the event loop, and the consumer attaches its listener before it
     * returns. Streams that arrive before anyone takes them are reset.
     */
    void acceptStreams(Consumer<MuxedStream> acceptor);

    /** The streams open now, both directions. */
    int streamCount();

    /** The last measured round-trip time in nanoseconds, -1 while unknown. Any thread may ask. */
    long rttNanos();

    /** Says goodbye with {@code code}, resets what streams are left, and closes the channel. Any thread. Idempotent. */
    void close(ErrorCode code);

    /** As {@link #close} with {@link ErrorCode#NONE}. Any thread. */
    @Override
    default void dispose() {
        close(ErrorCode.NONE);
    }

    /** Any thread. */
    @Override
    default boolean isDisposed() {
        return closeCause().isPresent();
    }

    /** Completes when the connection is closed, whoever closed it, on the event loop. Never fails. */
    Mono<Void> onDispose();

    /** Why it ended; empty while it is open. Any thread. */
    Optional<ConnectionClosedException> closeCause();
}
