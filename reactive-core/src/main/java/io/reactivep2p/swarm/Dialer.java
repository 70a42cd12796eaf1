package io.reactivep2p.swarm;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Protocol;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.MuxedTransport;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.resource.ResourceLimitException;
import io.reactivep2p.transport.RawTransport;
import io.reactivep2p.transport.Transport;
import io.reactivep2p.transport.TransportException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Makes outbound connections: resolves, ranks and races addresses, and shares one attempt among all who want the same peer. */
final class Dialer {

    private final SwarmOptions options;
    private final PeerId self;
    private final Function<MuxedConnection, Connection> admit;
    private final Map<PeerId, Mono<Connection>> underWay = new ConcurrentHashMap<>();
    private final AtomicInteger dials = new AtomicInteger();
    private final DialBackoff backoff = new DialBackoff();

    Dialer(SwarmOptions options, Function<MuxedConnection, Connection> admit) {
        this.options = options;
        this.self = PeerId.of(options.identity().publicKey());
        this.admit = admit;
    }

    /** Dials a peer, or joins the dial of it that is under way. */
    Mono<Connection> dial(PeerId peer, List<Multiaddr> given) {
        return Mono.defer(() -> underWay.computeIfAbsent(peer, id -> share(id, given)));
    }

    /** Dials an address of whoever is there. */
    Mono<Connection> dial(Multiaddr address) {
        return race(null, List.of(address), Map.of());
    }

    private Mono<Connection> share(PeerId peer, List<Multiaddr> given) {
        return Mono.defer(() -> {
                    if (peer.equals(self)) {
                        return Mono.error(new DialException(peer, "that is this host itself", Map.of()));
                    }
                    List<Multiaddr> candidates = new ArrayList<>(given);
                    Map<Multiaddr, Throwable> skipped = new LinkedHashMap<>();
                    for (Multiaddr known : options.peerstore().addresses(peer)) {
                        if (!candidates.contains(known)) {
                            skipOrAdd(known, candidates, skipped);
                        }
                    }
                    return race(peer, candidates, skipped);
                })
                // Before anyone hears of the end: who then dials again shall not join what is over.
                .doOnTerminate(() -> underWay.remove(peer))
                .doOnCancel(() -> underWay.remove(peer))
                .flux()
                .replay(1)
                .refCount() // the attempt is given up when the last of those who wait for it cancels
                .next();
    }

    /** Addresses the caller gave are always tried; those only remembered are left alone while they are backed off. */
    private void skipOrAdd(Multiaddr known, List<Multiaddr> candidates, Map<Multiaddr, Throwable> skipped) {
        long remaining;
        synchronized (backoff) {
            remaining = backoff.remainingNanos(known, options.nanoClock().getAsLong());
        }
        if (remaining == 0) {
            candidates.add(known);
        } else {
            skipped.put(
                    known,
                    new TransportException(
                            known,
                            "it failed lately and is not tried for another " + TimeUnit.NANOSECONDS.toMillis(remaining)
                                    + " ms",
                            null));
        }
    }

    private Mono<Connection> race(
            @Nullable PeerId peer, List<Multiaddr> candidates, Map<Multiaddr, Throwable> skipped) {
        return Mono.defer(() -> {
            Map<Multiaddr, Throwable> failures = Collections.synchronizedMap(new LinkedHashMap<>(skipped));
            return Flux.fromIterable(candidates)
                    .flatMap(address -> resolve(address, failures))
                    .distinct()
                    .collectList()
                    .flatMapMany(resolved -> Flux.fromIterable(options.ranker().rank(resolved)))
                    .flatMap(
                            address -> attempt(address, peer, failures),
                            options.limits().dialsPerPeer())
                    .next()
                    .doOnDiscard(Connection.class, Connection::dispose)
                    .switchIfEmpty(Mono.error(() -> new DialException(peer, reason(failures), failures)));
        });
    }

    private static String reason(Map<Multiaddr, Throwable> failures) {
        return failures.isEmpty()
                ? "no address is known"
                : failures.size() == 1 ? "its one address failed" : "all " + failures.size() + " addresses failed";
    }

    private Flux<Multiaddr> resolve(Multiaddr address, Map<Multiaddr, Throwable> failures) {
        return options.resolver().resolve(address).onErrorResume(cause -> {
            failures.put(address, cause);
            return Flux.empty();
        });
    }

    /** One address: completes empty, having noted the cause, where it fails. */
    private Mono<Connection> attempt(Multiaddr address, @Nullable PeerId peer, Map<Multiaddr, Throwable> failures) {
        return connect(address, peer)
                .doOnSuccess(connection -> forgive(address))
                .onErrorResume(cause -> {
                    failures.put(address, cause);
                    if (!(cause instanceof ResourceLimitException)) { // our own limits are no fault of the address
                        blame(address);
                    }
                    return Mono.empty();
                });
    }

    private Mono<Connection> connect(Multiaddr address, @Nullable PeerId peer) {
        return Mono.defer(() -> {
            if (dials.incrementAndGet() > options.limits().dials()) {
                dials.decrementAndGet();
                return Mono.error(
                        new ResourceLimitException("dials", options.limits().dials() + " dials are under way already"));
            }
            return Mono.defer(() -> muxed(address, peer)).map(admit).doFinally(end -> dials.decrementAndGet());
        });
    }

    private Mono<MuxedConnection> muxed(Multiaddr address, @Nullable PeerId peer) {
        for (Transport transport : options.transports()) {
            if (!transport.canDial(address)) {
                continue;
            }
            if (transport instanceof RawTransport raw) {
                return raw.dial(address)
                        .flatMap(connection -> options.upgrader().upgrade(connection, peer));
            }
            if (transport instanceof MuxedTransport whole) {
                return whole.dial(address, options.identity(), peer);
            }
        }
        String reason = address.has(Protocol.P2P_CIRCUIT)
                ? "relayed addresses are not dialed"
                : "no transport dials such an address";
        return Mono.error(new TransportException(address, reason, null));
    }

    private void forgive(Multiaddr address) {
        synchronized (backoff) {
            backoff.onSuccess(address);
        }
    }

    private void blame(Multiaddr address) {
        synchronized (backoff) {
            backoff.onFailure(address, options.nanoClock().getAsLong());
        }
    }
}
