package io.reactivep2p.transport.quic;

import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.MuxedTransport;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.TransportException;
import io.reactivep2p.transport.netty.BindFailure;
import io.reactivep2p.transport.netty.InetEndpoint;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** QUIC version 1 over IPv4 and IPv6. See the package. */
public final class Quic implements MuxedTransport {

    private final QuicOptions options;
    private final boolean available;
    private final SocketTable sockets;
    private final AtomicReference<@Nullable QuicIdentity> identity = new AtomicReference<>();

    private Quic(QuicOptions options) {
        this.options = options;
        this.available = io.netty.handler.codec.quic.Quic.isAvailable();
        this.sockets = new SocketTable(options);
    }

    /** With default options. Loads the native library the first time; without one for this platform it serves no address. */
    public static Quic create() {
        return new Quic(QuicOptions.defaults());
    }

    public static Quic create(Consumer<QuicSpec> configuration) {
        QuicSpec spec = new QuicSpec();
        configuration.accept(spec);
        return new Quic(spec.options());
    }

    /** An IP or a name with a UDP port and {@code quic-v1}; with or without {@code /p2p/...}. */
    @Override
    public boolean canDial(Multiaddr address) {
        return available && (QuicAddress.endpoint(address).isPresent() || QuicAddress.isName(address));
    }

    /** An IP with a UDP port and {@code quic-v1}; port 0 takes a free one. */
    @Override
    public boolean canListen(Multiaddr address) {
        return available && QuicAddress.endpoint(address).isPresent();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Leaves from a socket that listens, if one of this transport can reach the address. The IPs behind a name are tried one after the
     * other; to race them, resolve the name before.
     *
     * <p><b>Completion</b>: on the connection's event loop, when the peer has shown that it accepted our certificate, too. Who takes
     * its streams must be set before the subscriber returns.
     *
     * <p><b>Cancellation</b>: gives up the attempt, or closes the connection if the subscriber has not got it.
     */
    @Override
    public Mono<MuxedConnection> dial(Multiaddr address, KeyPair identity, @Nullable PeerId expectedPeer) {
        return Mono.defer(() -> {
            Optional<InetEndpoint> endpoint = QuicAddress.endpoint(address);
            if (!canDial(address)) {
                return Mono.error(new TransportException(address, "no QUIC address to dial: " + address, null));
            }
            return endpoint.isPresent()
                    ? dial(address, endpoint.get(), identity, expectedPeer)
                    : dialName(address, identity, expectedPeer);
        });
    }

    private Mono<MuxedConnection> dialName(Multiaddr address, KeyPair identity, @Nullable PeerId expectedPeer) {
        List<Throwable> failures = new ArrayList<>();
        return options.resolver()
                .resolve(address)
                .concatMap(
                        concrete -> Mono.justOrEmpty(QuicAddress.endpoint(concrete))
                                .flatMap(endpoint -> dial(concrete, endpoint, identity, expectedPeer))
                                .onErrorResume(e -> {
                                    failures.add(e);
                                    return Mono.empty();
                                }),
                        1)
                .next()
                .switchIfEmpty(Mono.error(() -> noneAnswered(address, failures)));
    }

    private static TransportException noneAnswered(Multiaddr address, List<Throwable> failures) {
        if (failures.isEmpty()) {
            return new TransportException(address, "cannot dial " + address + ": no QUIC address behind it", null);
        }
        Throwable first = failures.get(0);
        TransportException failure =
                new TransportException(address, "cannot dial " + address + ": " + first.getMessage(), first);
        failures.subList(1, failures.size()).forEach(failure::addSuppressed);
        return failure;
    }

    private Mono<MuxedConnection> dial(
            Multiaddr address, InetEndpoint endpoint, KeyPair identity, @Nullable PeerId expectedPeer) {
        if (endpoint.port() == 0) {
            return Mono.error(new TransportException(address, "cannot dial " + address + ": port 0", null));
        }
        InetSocketAddress remote;
        try {
            remote = endpoint.socketAddress();
        } catch (UnknownHostException e) {
            return Mono.error(new TransportException(address, "cannot dial " + address + ": " + e.getMessage(), e));
        }
        return identity(identity)
                .flatMap(known -> new QuicDial(sockets, remote, new QuicSocket.ClientHandshake(known, expectedPeer)))
                .onErrorMap(e -> QuicFailure.ofDial(address, e));
    }

    @Override
    public Mono<Listener> listen(Multiaddr address, KeyPair identity, Consumer<MuxedConnection> acceptor) {
        return Mono.defer(() -> {
            InetEndpoint endpoint = QuicAddress.endpoint(address).orElse(null);
            if (endpoint == null || !available) {
                return Mono.error(new TransportException(address, "no QUIC address to listen on: " + address, null));
            }
            InetSocketAddress local;
            try {
                local = endpoint.socketAddress();
            } catch (UnknownHostException e) {
                return Mono.error(BindFailure.of(address, endpoint, e));
            }
            return identity(identity)
                    .flatMap(known -> new QuicBind(options, sockets, local, new QuicSocket.Accepting(known, acceptor)))
                    .onErrorMap(e -> BindFailure.of(address, endpoint, e));
        });
    }

    /**
     * One for all connections of a host: a host has one key, so the one made last is the only one that is kept. To make it reads random
     * bytes, for which it may wait.
     */
    private Mono<QuicIdentity> identity(KeyPair keys) {
        QuicIdentity known = identity.get();
        if (known != null && known.isOf(keys)) {
            return Mono.just(known);
        }
        return Mono.fromCallable(() -> {
                    QuicIdentity made = QuicIdentity.create(keys, options.clock(), options.random());
                    identity.set(made);
                    return made;
                })
                .subscribeOn(Schedulers.boundedElastic());
    }
}
