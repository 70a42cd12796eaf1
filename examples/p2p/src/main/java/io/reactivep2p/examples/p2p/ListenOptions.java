package io.reactivep2p.examples.p2p;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.security.tls.TlsCertificate;
import io.reactivep2p.transport.websocket.WebSocketSpec;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a node listens. */
final class ListenOptions {

    private static final List<String> IP4 = List.of("/ip4/0.0.0.0/tcp/4001", "/ip4/0.0.0.0/tcp/4001/ws");
    private static final List<String> IP6 = List.of("/ip6/::/tcp/4001", "/ip6/::/tcp/4001/ws");
    private static final String QUIC_IP4 = "/ip4/0.0.0.0/udp/4001/quic-v1";
    private static final String QUIC_IP6 = "/ip6/::/udp/4001/quic-v1";
    private static final String TLS_IP4 = "/ip4/0.0.0.0/tcp/4001/tls/ws";
    private static final String TLS_IP6 = "/ip6/::/tcp/4001/tls/ws";

    @Option(
            names = "--listen",
            arity = "1..*",
            paramLabel = "ADDR",
            description =
                    "Where to listen, for example /ip4/127.0.0.1/tcp/0 for any free port. Default: port 4001 of all IPv4"
                            + " addresses, and of IPv6 where the machine has it, for TCP, WebSocket and QUIC.")
    private List<Multiaddr> addresses = List.of();

    @Option(
            names = "--all",
            description = "Listen on WebSocket with TLS, too; without --certificate with one signed by itself.")
    private boolean all;

    @Option(names = "--certificate", paramLabel = "FILE", description = "For /tls/ws: the chain of certificates, PEM.")
    private @Nullable Path certificate;

    @Option(names = "--certificate-key", paramLabel = "FILE", description = "For /tls/ws: the certificate's key, PEM.")
    private @Nullable Path certificateKey;

    /** Those without which the node does not start. */
    String[] required() {
        return addresses.isEmpty()
                ? IP4.toArray(String[]::new)
                : addresses.stream().map(Multiaddr::toString).toArray(String[]::new);
    }

    /** Those that are left out where the machine cannot have them. */
    List<String> ifPossible(boolean quic) {
        List<String> wanted = new ArrayList<>();
        if (addresses.isEmpty()) {
            if (quic) {
                wanted.add(QUIC_IP4);
            }
            if (all) {
                wanted.add(TLS_IP4);
            }
            wanted.addAll(IP6);
            if (quic) {
                wanted.add(QUIC_IP6);
            }
            if (all) {
                wanted.add(TLS_IP6);
            }
        }
        return wanted;
    }

    /** The certificate of /tls/ws, where one is wanted. */
    void apply(WebSocketSpec spec, KeyPair identity) {
        if ((certificate == null) != (certificateKey == null)) {
            throw new MalformedOptionException("--certificate and --certificate-key go together");
        }
        if (certificate != null && certificateKey != null) {
            spec.certificate(certificate, certificateKey);
        } else if (all) {
            spec.serverTls(selfSigned(identity));
        }
    }

    private static SslContext selfSigned(KeyPair identity) {
        TlsCertificate made = TlsCertificate.create(identity, Instant.now(), new SecureRandom());
        try {
            return SslContextBuilder.forServer(made.privateKey(), made.certificate())
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("no certificate for /tls/ws: " + e.getMessage(), e);
        }
    }
}
