package io.reactivep2p.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.handler.ssl.SslHandler;
import io.reactivep2p.Libp2p;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.host.Host;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Protocol;
import io.reactivep2p.muxer.yamux.Yamux;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.security.noise.Noise;
import io.reactivep2p.testkit.HostExtension;
import io.reactivep2p.transport.AddressResolver;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.RawConnection;
import io.reactivep2p.transport.TransportException;
import io.reactivep2p.transport.netty.DnsAddressResolver;
import io.reactivep2p.transport.tcp.Tcp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** Names, IPs and certificates: who is believed, and what is said. */
class WebSocketTlsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @RegisterExtension
    final HostExtension hosts =
            HostExtension.create(() -> Libp2p.host().security(Noise.create()).muxer(Yamux.create()));

    private final WebSocket node = WebSocket.create(spec -> {
        TestCertificates.node(spec);
        spec.trust(TestCertificates.AUTHORITY).tcp(Tcp.create(tcp -> tcp.resolver(loopback())));
    });
    private final List<RawConnection> accepted = new ArrayList<>();
    private final List<String> serverNames = new ArrayList<>();
    private Listener listener = listen(node);

    @AfterEach
    void closeAll() {
        listener.close().block(PATIENCE);
        synchronized (accepted) {
            accepted.forEach(raw -> raw.channel().close().syncUninterruptibly());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/ip4/127.0.0.1/tcp/%d/tls/ws,                     /ip4/127.0.0.1/tcp/%d/tls/ws",
        "/ip4/127.0.0.1/tcp/%d/wss,                        /ip4/127.0.0.1/tcp/%d/tls/ws",
        "/ip4/127.0.0.1/tcp/%d/tls/sni/node.example/ws,    /ip4/127.0.0.1/tcp/%d/tls/sni/node.example/ws",
        "/dns4/node.example/tcp/%d/tls/ws,                 /ip4/127.0.0.1/tcp/%d/tls/sni/node.example/ws",
        "/dns4/localhost/tcp/%d/wss,                       /ip4/127.0.0.1/tcp/%d/tls/sni/localhost/ws",
        "/dns4/other.example/tcp/%d/tls/sni/localhost/ws,  /ip4/127.0.0.1/tcp/%d/tls/sni/localhost/ws",
        "/dns4/127.0.0.1/tcp/%d/tls/ws,                    /ip4/127.0.0.1/tcp/%d/tls/sni/127.0.0.1/ws",
    })
    void aCertificateForTheNameOrTheIpIsBelieved(String address, String remote) {
        RawConnection raw = Objects.requireNonNull(node.dial(here(address)).block(PATIENCE));
        assertThat(raw.remoteAddress()).isEqualTo(here(remote));
        raw.channel().close().syncUninterruptibly();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ip4/127.0.0.1/tcp/%d/tls/sni/elsewhere.example/ws",
                "/dns4/elsewhere.example/tcp/%d/tls/ws",
                "/dns4/elsewhere.example/tcp/%d/wss",
            })
    void aCertificateForAnotherNameIsNot(String address) {
        assertThatThrownBy(() -> node.dial(here(address)).block(PATIENCE))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("websocket: TLS failed")
                .hasMessageContaining("elsewhere.example")
                .satisfies(e -> assertThat(causes(e)).hasAtLeastOneElementOfType(HandshakeException.class));
        stillListens();
    }

    @Test
    void anAuthorityThatIsNotTrustedIsNot() {
        assertThatThrownBy(() -> WebSocket.create()
                        .dial(here("/ip4/127.0.0.1/tcp/%d/tls/ws"))
                        .block(PATIENCE))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("websocket: TLS failed")
                .hasCauseInstanceOf(HandshakeException.class);
        stillListens();
    }

    @Test
    void theNameIsSentToTheListenerAndAnIpIsNot() {
        dialAndClose("/ip4/127.0.0.1/tcp/%d/tls/sni/node.example/ws");
        dialAndClose("/dns4/localhost/tcp/%d/tls/ws");
        dialAndClose("/ip4/127.0.0.1/tcp/%d/tls/ws");
        dialAndClose("/dns4/127.0.0.1/tcp/%d/tls/ws");
        assertThat(serverNames()).containsExactly("node.example", "localhost", "", "");
    }

    @Test
    void tlsAgainstAListenerWithoutTlsFailsAndSaysSo() {
        listener.close().block(PATIENCE);
        WebSocket plain = WebSocket.create();
        listener = plain.listen(Multiaddr.of("/ip4/127.0.0.1/tcp/0/ws"), this::accept)
                .block(PATIENCE);
        assertThatThrownBy(() -> node.dial(here("/ip4/127.0.0.1/tcp/%d/tls/ws")).block(PATIENCE))
                .hasMessageContaining("websocket: TLS failed")
                .hasCauseInstanceOf(HandshakeException.class);
        assertThatThrownBy(() -> {
                    listener.close().block(PATIENCE);
                    listener = listen(node);
                    node.dial(here("/ip4/127.0.0.1/tcp/%d/ws")).block(PATIENCE);
                })
                .hasMessageContaining("websocket: ")
                .hasCauseInstanceOf(HandshakeException.class);
    }

    @Test
    void withoutACertificateNobodyListensWithTls() {
        assertThatThrownBy(() -> WebSocket.create()
                        .listen(Multiaddr.of("/ip4/127.0.0.1/tcp/0/tls/ws"), raw -> {})
                        .block(PATIENCE))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("no certificate");
    }

    @Test
    void filesThatAreNoCertificatesAreRefusedAtOnce() {
        Path key = TestCertificates.resource("node.key");
        Path chain = TestCertificates.resource("node.pem");
        assertThatThrownBy(() -> WebSocket.create(spec -> spec.certificate(key, key)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("node.key");
        assertThatThrownBy(() -> WebSocket.create(spec -> spec.certificate(Path.of("none.pem"), key)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none.pem");
        assertThatThrownBy(() ->
                        WebSocket.create(spec -> spec.certificate(chain, TestCertificates.resource("elsewhere.key"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WebSocket.create(spec -> spec.trust(key)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aHostThatResolvesNamesKeepsThemForTls() {
        Host listening = hosts.start(builder -> builder.transport(node).listen("/ip4/127.0.0.1/tcp/0/tls/ws"));
        Host dialing = hosts.start(builder -> builder.transport(node).resolver(DnsAddressResolver.shared()));
        int port = listening.addresses().get(0).port(Protocol.TCP).orElseThrow();
        Connection connection = Objects.requireNonNull(
                dialing.dial(Multiaddr.of("/dns4/localhost/tcp/" + port + "/tls/ws/p2p/" + listening.id()))
                        .block(PATIENCE));
        assertThat(connection.remoteAddress().toString())
                .startsWith("/ip4/127.0.0.1/tcp/" + port + "/tls/sni/localhost/ws");
    }

    private Listener listen(WebSocket transport) {
        return Objects.requireNonNull(transport
                .listen(Multiaddr.of("/ip4/127.0.0.1/tcp/0/tls/ws"), this::accept)
                .block(PATIENCE));
    }

    private void accept(RawConnection raw) {
        synchronized (accepted) {
            accepted.add(raw);
            serverNames.add(serverName(raw));
        }
        raw.channel().config().setAutoRead(true);
    }

    /** Both ends are done with the handshake when it returns. */
    private void dialAndClose(String address) {
        int before = serverNames().size();
        Objects.requireNonNull(node.dial(here(address)).block(PATIENCE))
                .channel()
                .close()
                .syncUninterruptibly();
        await().atMost(PATIENCE).until(() -> serverNames().size() > before);
    }

    private void stillListens() {
        dialAndClose("/ip4/127.0.0.1/tcp/%d/tls/ws");
    }

    private List<String> serverNames() {
        synchronized (accepted) {
            return List.copyOf(serverNames);
        }
    }

    private static String serverName(RawConnection raw) {
        SslHandler handler = raw.channel().pipeline().get(SslHandler.class);
        if (handler == null) {
            return "no TLS";
        }
        SSLEngine engine = handler.engine();
        List<SNIServerName> names = ((ExtendedSSLSession) engine.getSession()).getRequestedServerNames();
        return names.isEmpty() ? "" : ((SNIHostName) names.get(0)).getAsciiName();
    }

    private Multiaddr here(String address) {
        return Multiaddr.of(address.replace(
                "%d", Integer.toString(listener.address().port(Protocol.TCP).orElseThrow())));
    }

    private static List<Throwable> causes(Throwable error) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }

    /** Every name is this machine's. */
    private static AddressResolver loopback() {
        return address -> Flux.just(
                Multiaddr.of("/ip4/127.0.0.1/tcp/" + address.port(Protocol.TCP).orElseThrow()));
    }
}
