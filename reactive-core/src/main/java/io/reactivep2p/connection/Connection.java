package io.reactivep2p.connection;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * A finished connection to a peer: secured, multiplexed, authenticated. Its methods may be called from any thread; what it
 * publishes is emitted on the connection's event loop, which user code must not block.
 *
 * <p>{@link #dispose()} drops the connection at once and resets its streams; {@link #close()} says goodbye first.
 */
public interface Connection extends Disposable {

    /** The peer at the other end, as the security handshake proved it. */
    PeerId remotePeer();

    PeerId localPeer();

    /** The remote end's address as seen from here, without {@code /p2p/...}. */
    Multiaddr remoteAddress();

    Multiaddr localAddress();

    Direction direction();

    /** The secure channel that protects the connection, for example {@code /noise}. */
    ProtocolId security();

    /** The stream muxer, for example {@code /yamux/1.0.0}. */
    ProtocolId muxer();

    /** The round-trip time as the muxer last measured it. */
    Optional<Duration> rtt();

    /**
     * Opens a stream for one protocol.
     *
     * <p><b>Completion</b>: with the stream. Where the remote peer is known to speak {@code protocol} (identify said so, or it did
     * before on this connection) the stream is usable at once and its negotiation travels with the first data; else the {@code
     * Mono} waits for the peer's answer.
     *
     * <p><b>Errors</b>: {@code NegotiationException} when the peer does not speak it, {@link ConnectionClosedException}, {@code
     * ResourceLimitException}. On a stream opened without waiting, a refusal comes out of its {@code receive()} and {@code send()}.
     *
     * <p><b>Cancellation</b>: resets the stream if it is not handed out yet.
     */
    Mono<ProtocolStream> open(ProtocolId protocol);

    /** As {@link #open(ProtocolId)}, with several names of which the remote peer takes the first it speaks; always waits for the answer. */
    Mono<ProtocolStream> open(List<ProtocolId> protocols);

    /** The streams now open, negotiated ones only. A snapshot. */
    Collection<ProtocolStream> streams();

    /** Ends the connection in order: tells the remote peer, then closes. Completes when it is closed; never fails. */
    Mono<Void> close();

    /** Completes when the connection is closed, whoever closed it. Never fails. */
    Mono<Void> onDispose();

    /** Why the connection ended; empty while it is open. */
    Optional<ConnectionClosedException> closeCause();
}
