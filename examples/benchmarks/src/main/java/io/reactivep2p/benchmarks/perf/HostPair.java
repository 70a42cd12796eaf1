package io.reactivep2p.benchmarks.perf;

import io.reactivep2p.HostBuilder;
import io.reactivep2p.Libp2p;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.event.HostEvent;
import io.reactivep2p.host.Host;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.StreamMuxer;
import io.reactivep2p.muxer.mplex.Mplex;
import io.reactivep2p.muxer.yamux.Yamux;
import io.reactivep2p.protocol.echo.Echo;
import io.reactivep2p.protocol.identify.Identify;
import io.reactivep2p.protocol.perf.Perf;
import io.reactivep2p.protocol.ping.Ping;
import io.reactivep2p.resource.Limits;
import io.reactivep2p.security.SecureChannel;
import io.reactivep2p.security.noise.Noise;
import io.reactivep2p.transport.Transport;
import io.reactivep2p.transport.netty.EventLoops;
import io.reactivep2p.transport.tcp.Tcp;
import io.reactivep2p.transport.tcp.TcpSpec;
import io.reactivep2p.transport.websocket.WebSocket;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A host that listens on loopback and one that dials it: TCP or WebSocket, a secure channel (Noise if not said), Yamux, identify. */
final class HostPair implements AutoCloseable {

    /** For anything that should have happened long before. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    /** More than any row needs: limits are not what is measured. */
    private static final int PLENTY = 32_768;

    private static final String LOOPBACK = "/ip4/127.0.0.1/tcp/0";

    private static final Limits LIMITS = new Limits(PLENTY, PLENTY, PLENTY, PLENTY, 8, PLENTY, PLENTY, PLENTY);

    private static final Logger LOG = LoggerFactory.getLogger(HostPair.class);

    private final Loops loops;
    private final Host listener;
    private final Host dialer;
    private final Identifications identified;

    private HostPair(Loops loops, Host listener, Host dialer) {
        this.loops = loops;
        this.listener = listener;
        this.dialer = dialer;
        this.identified = new Identifications(dialer);
        logFailures("listener", listener);
        logFailures("dialer", dialer);
    }

    /** A connection that breaks spoils the figures, and only the end that broke it knows why. */
    private static void logFailures(String end, Host host) {
        host.events(HostEvent.ConnectionClosed.class)
                .filter(closed -> closed.cause().getCause() != null)
                .publishOn(Schedulers.boundedElastic()) // a log blocks
                .subscribe(closed -> LOG.warn("a connection of the {} broke", end, closed.cause()));
    }

    static HostPair start(Loops loops) {
        return start(loops, spec -> {});
    }

    static HostPair start(Loops loops, Consumer<TcpSpec> tcp) {
        return start(loops, Noise::create, tcp);
    }

    /** @param security called for each of the hosts */
    static HostPair start(Loops loops, Supplier<SecureChannel> security, Consumer<TcpSpec> tcp) {
        return start(loops, host -> builder(host, security.get(), tcp), LOOPBACK);
    }

    /** Over WebSocket without TLS. */
    static HostPair startWebSockets(Loops loops) {
        return start(
                loops,
                host -> builder(WebSocket.create(spec -> spec.tcp(Tcp.create(tcp -> tcp.loops(host)))), Noise.create()),
                LOOPBACK + "/ws");
    }

    /** With mplex in place of Yamux; a reader that takes nothing may do so for as long as anything is waited for. */
    static HostPair startMplex(Loops loops) {
        return start(
                loops,
                host -> builder(
                        Tcp.create(spec -> spec.loops(host)),
                        Noise.create(),
                        Mplex.create(spec -> spec.stallTimeout(PATIENCE))),
                LOOPBACK);
    }

    /** Over another road: hosts of {@code builder}, one of which listens on {@code address}. */
    static HostPair start(Loops loops, Function<EventLoops, HostBuilder> builder, String address) {
        Host listener = builder.apply(loops.ofListener())
                .service(Ping.create())
                .service(Perf.create())
                .service(Echo.create())
                .listen(address)
                .startNow();
        return new HostPair(loops, listener, builder.apply(loops.ofDialer()).startNow());
    }

    /** A host without anything but identify. */
    static HostBuilder builder(EventLoops loops, Consumer<TcpSpec> tcp) {
        return builder(loops, Noise.create(), tcp);
    }

    static HostBuilder builder(EventLoops loops, SecureChannel security, Consumer<TcpSpec> tcp) {
        return builder(Tcp.create(spec -> tcp.accept(spec.loops(loops))), security);
    }

    private static HostBuilder builder(Transport transport, SecureChannel security) {
        return builder(transport, security, Yamux.create(spec -> spec.maxInboundStreams(PLENTY)));
    }

    private static HostBuilder builder(Transport transport, SecureChannel security, StreamMuxer muxer) {
        return Libp2p.host()
                .transport(transport)
                .security(security)
                .muxer(muxer)
                .service(Identify.create())
                .limits(LIMITS);
    }

    Host listener() {
        return listener;
    }

    /** The listener's address without its peer id: each dial of it makes a new connection. */
    Multiaddr address() {
        return listener.addresses().get(0);
    }

    /** One more connection, after the dialer has learned what the listener speaks. */
    Mono<Connection> connect() {
        return dialer.dial(address()).flatMap(identified::await);
    }

    Connection connectNow() {
        return await(connect());
    }

    /** Waits for what cannot be empty. */
    static <T> T await(Mono<T> mono) {
        T value = mono.block(PATIENCE);
        if (value == null) {
            throw new IllegalStateException("nothing came");
        }
        return value;
    }

    @Override
    public void close() {
        identified.dispose();
        dialer.close().then(listener.close()).block(PATIENCE);
        loops.dispose();
    }
}
