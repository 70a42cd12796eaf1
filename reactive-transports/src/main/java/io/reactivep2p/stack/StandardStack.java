package io.reactivep2p.stack;

import io.reactivep2p.HostBuilder;
import io.reactivep2p.muxer.yamux.Yamux;
import io.reactivep2p.protocol.identify.Identify;
import io.reactivep2p.protocol.ping.Ping;
import io.reactivep2p.security.noise.Noise;
import io.reactivep2p.transport.TransportProvider;
import io.reactivep2p.transport.netty.DnsAddressResolver;
import io.reactivep2p.transport.tcp.Tcp;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/** What a host that talks to go-, rust- and js-libp2p needs. Use as {@code Libp2p.host().apply(StandardStack.defaults())}. */
public final class StandardStack {

    private StandardStack() {}

    /** {@link #transports()} and {@link #services()}. */
    public static Consumer<HostBuilder> defaults() {
        return transports().andThen(services());
    }

    /**
     * TCP with names resolved by DNS, Noise, Yamux, and what other transports are on the class path, QUIC for one (see {@link
     * TransportProvider}); without services.
     */
    public static Consumer<HostBuilder> transports() {
        return builder -> {
            builder.transport(Tcp.create())
                    .resolver(DnsAddressResolver.shared())
                    .security(Noise.create())
                    .muxer(Yamux.create());
            ServiceLoader.load(TransportProvider.class).forEach(found -> builder.transport(found.create()));
        };
    }

    /** Identify and ping. */
    public static Consumer<HostBuilder> services() {
        return builder -> builder.service(Identify.create()).service(Ping.create());
    }
}
