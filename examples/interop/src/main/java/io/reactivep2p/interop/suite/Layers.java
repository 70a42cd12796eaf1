package io.reactivep2p.interop.suite;

import io.reactivep2p.HostBuilder;
import io.reactivep2p.muxer.StreamMuxer;
import io.reactivep2p.muxer.mplex.Mplex;
import io.reactivep2p.muxer.yamux.Yamux;
import io.reactivep2p.security.SecureChannel;
import io.reactivep2p.security.noise.Noise;
import io.reactivep2p.security.plaintext.Plaintext;
import io.reactivep2p.security.tls.Tls;
import io.reactivep2p.transport.Transport;
import io.reactivep2p.transport.netty.DnsAddressResolver;
import io.reactivep2p.transport.quic.Quic;
import io.reactivep2p.transport.tcp.Tcp;
import io.reactivep2p.transport.websocket.WebSocket;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a connection is made of, by the names that the public suites have for it.
 *
 * @param transport {@code tcp}, ...
 * @param security {@code noise}, ...; {@code null} for a transport that brings its own
 * @param muxer {@code yamux}, ...; {@code null} for a transport that brings its own
 */
public record Layers(
        String transport,
        @Nullable String security,
        @Nullable String muxer) {

    /**
     * @param address where to listen, with the IP and the port left open
     * @param whole whether the transport comes with security and a muxer of its own
     */
    private record Wire(String address, boolean whole, Function<WebTls, Transport> create) {}

    // A line in one of these three, and the suites and the matrix of interop tests have it.

    private static final Map<String, Wire> TRANSPORTS = Map.of(
            "tcp", new Wire("/ip4/%s/tcp/%d", false, tls -> Tcp.create()),
            "ws", new Wire("/ip4/%s/tcp/%d/ws", false, tls -> WebSocket.create()),
            "wss", new Wire("/ip4/%s/tcp/%d/tls/ws", false, Layers::webSocket),
            "quic-v1", new Wire("/ip4/%s/udp/%d/quic-v1", true, tls -> Quic.create()));

    private static final Map<String, Supplier<SecureChannel>> SECURITIES =
            Map.of("noise", Noise::create, "tls", Tls::create, "plaintext", Plaintext::create);

    private static final Map<String, Supplier<StreamMuxer>> MUXERS =
            Map.of("yamux", Yamux::create, "mplex", Mplex::create);

    /** @throws IllegalArgumentException if one of them is missing, or we do not have it */
    public Layers {
        Wire wire = known("transport", transport, TRANSPORTS);
        if (wire.whole()) {
            security = null;
            muxer = null;
        } else {
            known("secure channel", security, SECURITIES);
            known("muxer", muxer, MUXERS);
        }
    }

    /** Where to listen. */
    public String listenAddress(String ip, int port) {
        return wire().address().formatted(ip, port);
    }

    /** Adds the layers to a host, and no others that could be taken instead. */
    public void applyTo(HostBuilder builder, WebTls tls) {
        builder.transport(wire().create().apply(tls)).resolver(DnsAddressResolver.shared());
        // A host wants some even where its only transport asks for none.
        builder.security(known("secure channel", Optional.ofNullable(security).orElse("noise"), SECURITIES)
                .get());
        builder.muxer(known("muxer", Optional.ofNullable(muxer).orElse("yamux"), MUXERS)
                .get());
    }

    private static Transport webSocket(WebTls tls) {
        return WebSocket.create(spec -> spec.serverTls(tls.server()).clientTls(tls.client()));
    }

    private Wire wire() {
        return known("transport", transport, TRANSPORTS);
    }

    private static <T> T known(String kind, @Nullable String name, Map<String, T> all) {
        T found = name == null ? null : all.get(name);
        if (found == null) {
            throw new IllegalArgumentException((name == null ? "no " + kind + " given" : "no " + kind + " " + name)
                    + "; there are " + new TreeSet<>(all.keySet()));
        }
        return found;
    }

    /** For example {@code tcp-noise-yamux}. */
    @Override
    public String toString() {
        return security == null ? transport : transport + "-" + security + "-" + muxer;
    }
}
