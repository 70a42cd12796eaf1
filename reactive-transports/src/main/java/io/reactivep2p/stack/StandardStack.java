package io.reactivep2p.stack;

import io.reactivep2p.HostBuilder;
import io.reactivep2p.muxer.yamux.Yamux;
import io.reactivep2p.protocol.identify.Identify;
import io.reactivep2p.protocol.ping.Ping;
import io.reactivep2p.security.noise.Noise;
import io.reactivep2p.security.tls.Tls;
import io.reactivep2p.transport.netty.DnsAddressResolver;
import io.reactivep2p.transport.tcp.Tcp;
import io.reactivep2p.transport.websocket.WebSocket;
import java.util.function.Consumer;

/** What a host that talks to go-, rust- and js-libp2p needs. Use as {@code Libp2p.host().apply(StandardStack.defaults())}. */
public final class StandardStack {

    private StandardStack() {}

    /** {@link #transports()} and {@link #services()}. */
    public static Consumer<HostBuilder> defaults() {
        return transports().andThen(services());
    }

    /** TCP and WebSocket, which can share a port, with names resolved by DNS, Noise and TLS, Yamux; without services. */
    public static Consumer<HostBuilder> transports() {
        return builder -> {
            Tcp tcp = Tcp.create();
            builder.transport(tcp)
                    .transport(WebSocket.create(spec -> spec.tcp(tcp)))
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
