package io.reactivep2p.host;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.event.HostEvent;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peer.PeerInfo;
import io.reactivep2p.peerstore.Peerstore;
import io.reactivep2p.record.SignedEnvelope;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A libp2p node: it listens, dials, and serves protocols. All methods may be called from any thread; publishers do nothing until
 * subscribed to and emit on event loops, which user code must not block.
 */
public interface Host extends Disposable {

    PeerId id();

    /** The key pair behind {@link #id()}, for services that sign in the host's name. Whoever has the host can sign as the host. */
    KeyPair identity();

    /** Where this host can be reached: each listening address with unspecified IPs replaced by those of the interfaces. */
    List<Multiaddr> addresses();

    /** {@link #addresses()}, each with {@code /p2p/} and our peer id: what to tell others. */
    List<Multiaddr> fullAddresses();

    /** Our own word on where we listen, signed; made anew when the addresses change. */
    SignedEnvelope peerRecord();

    /**
     * Starts listening on one more address.
     *
     * <p><b>Completion</b>: with the address bound. <b>Errors</b>: {@code TransportException}, {@link IllegalArgumentException} when no
     * transport listens on such an address.
     */
    Mono<Multiaddr> listen(Multiaddr address);

    /**
     * Connects to a peer: the existing connection if there is one, else its known addresses are raced. Dials of the same peer at the same
     * time share one attempt.
     *
     * <p><b>Errors</b>: {@code DialException} with the cause for each address. <b>Cancellation</b>: gives up the attempt if nobody else
     * waits for it.
     */
    Mono<Connection> dial(PeerId peer);

    /** As {@link #dial(PeerId)}, and remembers the addresses given. */
    Mono<Connection> dial(PeerInfo peer);

    /** Connects to an address. With a trailing {@code /p2p/...} as {@link #dial(PeerInfo)}; without, whoever answers is taken. */
    Mono<Connection> dial(Multiaddr address);

    /** As {@link #dial(Multiaddr)}; a malformed address is the {@code Mono}'s error. */
    Mono<Connection> dial(String address);

    /** Opens a stream to a peer, dialing it first where it is not connected. Errors of {@code dial} and {@link Connection#open}. */
    Mono<ProtocolStream> open(PeerId peer, ProtocolId protocol);

    /** The connections now open. A snapshot. */
    Collection<Connection> connections();

    /** The connections now open to {@code peer}, the preferred one first. A snapshot. */
    List<Connection> connections(PeerId peer);

    /**
     * Serves a protocol from now on, with the default limits.
     *
     * @return undoes it; streams being served go on
     * @throws IllegalStateException if the protocol is served already
     */
    Disposable handle(ProtocolId protocol, ProtocolHandler handler);

    /** As {@link #handle(ProtocolId, ProtocolHandler)}, with limits of its own. */
    Disposable handle(ProtocolId protocol, HandlerOptions options, ProtocolHandler handler);

    /** Answers requests: {@code answer} is asked once for each, and the first element it publishes is sent back. */
    <Q, A> Disposable handle(
            RequestResponse<Q, A> protocol,
            BiFunction<? super PeerId, ? super Q, ? extends Publisher<? extends A>> answer);

    /**
     * The inbound streams of a protocol, which is served while this is subscribed to. The subscriber owns the streams and ends each.
     *
     * <p><b>Errors</b>: {@link IllegalStateException} if the protocol is served already. <b>Backpressure</b>: streams that come while
     * nothing is requested are reset with {@code RESOURCE_LIMIT_EXCEEDED}.
     */
    Flux<ProtocolStream> streams(ProtocolId protocol);

    /** The protocols served. A snapshot. */
    Set<ProtocolId> protocols();

    /** What happens from now on. A subscriber that falls behind loses the oldest events; see {@code EventHub}. */
    Flux<HostEvent> events();

    /** The events of one kind. */
    <E extends HostEvent> Flux<E> events(Class<E> kind);

    /** Tells the subscribers of {@link #events()}; for services. */
    void publish(HostEvent event);

    Peerstore peerstore();

    /** Stops listening, then closes every connection in order. Completes when all is closed; never fails. */
    Mono<Void> close();

    /** {@link #close()}, not waited for. */
    @Override
    void dispose();

    /** Completes when the host is closed. */
    Mono<Void> onDispose();
}
