package io.reactivep2p.stack;

import io.reactivep2p.HostBuilder;
import io.reactivep2p.muxer.yamux.Yamux;
import io.reactivep2p.protocol.identify.Identify;
import io.reactivep2p.protocol.ping.Ping;
import io.reactivep2p.security.Protector;
import io.reactivep2p.security.noise.Noise;
import io.reactivep2p.security.tls.Tls;
import io.reactivep2p.transport.TransportProvider;
import io.reactivep2p.transport.netty.DnsAddressResolver;
import io.reactivep2p.transport.tcp.Tcp;
import io.reactivep2p.transport.websocket.WebSocket;
import io.reactivep2p.transport.websocket.WebSocketSpec;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/** What a host that talks to go-, rust- and js-libp2p needs. Use as {@code Libp2p.host().apply(StandardStack.defaults())}. */
public final class StandardStack {

    private StandardStack() {}

    /** {@link #transports()} and {@link #services()}. */
    public static Consumer<HostBuilder> defaults() {
        return transports().andThen(services());
    }

    /** {@link #transports(Consumer)} with the default options of WebSocket. */
    public static Consumer<HostBuilder> transports() {
        return transports(spec -> {});
    }

    /**
     * TCP and WebSocket, which can share a port, with names resolved by DNS, Noise and TLS, Yamux, and what other transports are on the
     * class path, QUIC for one (see {@link TransportProvider}); without services.
     *
     * @param webSocket more options of WebSocket, for example its certificate
     */
    public static Consumer<HostBuilder> transports(Consumer<WebSocketSpec> webSocket) {
        return byteStreams(webSocket).andThen(builder -> ServiceLoader.load(TransportProvider.class)
                .forEach(found -> builder.transport(found.create())));
    }

    /** As {@link #transports(Consumer)}, within a private network: without transports that bring their own security, as QUIC does. */
    public static Consumer<HostBuilder> privateNetwork(Protector network, Consumer<WebSocketSpec> webSocket) {
        return byteStreams(webSocket).andThen(builder -> builder.privateNetwork(network));
    }

    private static Consumer<HostBuilder> byteStreams(Consumer<WebSocketSpec> webSocket) {
        return builder -> {
            Tcp tcp = Tcp.create();
            builder.transport(tcp)
                    .transport(WebSocket.create(spec -> webSocket.accept(spec.tcp(tcp))))
                    .resolver(DnsAddressResolver.shared())
                    .security(Noise.create())
                    .security(Tls.create())
                    .muxer(Yamux.create());
        };
    }

    /** Identify and ping. */
    public static Consumer<HostBuilder> services() {
        return builder -> builder.service(Identify.create()).service(Ping.create());
    }
}
