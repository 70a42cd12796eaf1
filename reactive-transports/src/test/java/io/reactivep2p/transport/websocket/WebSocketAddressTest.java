package io.reactivep2p.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.transport.tcp.Tcp;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketAddressTest {

    private static final String PEER = "/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN";

    private final WebSocket webSocket = WebSocket.create();

    @ParameterizedTest
    @CsvSource({
        "/ip4/192.0.2.1/tcp/80/ws,                     /ip4/192.0.2.1/tcp/80,        false, ,            192.0.2.1",
        "/ip4/192.0.2.1/tcp/81/ws,                     /ip4/192.0.2.1/tcp/81,        false, ,            192.0.2.1:81",
        "/ip4/192.0.2.1/ws,                            /ip4/192.0.2.1/tcp/80,        false, ,            192.0.2.1",
        "/ip4/192.0.2.1/tls/ws,                        /ip4/192.0.2.1/tcp/443,       true,  ,            192.0.2.1",
        "/ip4/192.0.2.1/wss,                           /ip4/192.0.2.1/tcp/443,       true,  ,            192.0.2.1",
        "/ip6/2001:db8::1/tcp/4001/ws,                 /ip6/2001:db8::1/tcp/4001,    false, ,  [2001:db8:0:0:0:0:0:1]:4001",
        "/dns4/a.example/tcp/443/tls/ws,               /dns4/a.example/tcp/443,      true,  a.example,   a.example",
        "/dns6/a.example/tcp/80/tls/ws,                /dns6/a.example/tcp/80,       true,  a.example,   a.example:80",
        "/dns/a.example/tcp/443/wss,                   /dns/a.example/tcp/443,       true,  a.example,   a.example",
        "/dns/a.example/tcp/443/tls/sni/b.example/ws,  /dns/a.example/tcp/443,       true,  b.example,   b.example",
        "/ip4/192.0.2.1/tcp/1/tls/sni/b.example/ws,    /ip4/192.0.2.1/tcp/1,         true,  b.example,   b.example:1",
        "/ip6zone/eth0/ip6/fe80::1/tcp/1/ws,           /ip6zone/eth0/ip6/fe80::1/tcp/1, false, ,         [fe80:0:0:0:0:0:0:1]:1",
    })
    void itsPartsAreKnown(String address, String tcp, boolean tls, @Nullable String name, String host) {
        for (String text : new String[] {address, address + PEER}) {
            WebSocketAddress parsed = WebSocketAddress.of(Multiaddr.of(text)).orElseThrow();
            assertThat(parsed.tcp()).isEqualTo(Multiaddr.of(tcp));
            assertThat(parsed.tls()).isEqualTo(tls);
            assertThat(parsed.name()).isEqualTo(name);
            assertThat(HostName.of(parsed).header(parsed)).isEqualTo(host);
            assertThat(webSocket.canDial(Multiaddr.of(text))).isTrue();
            assertThat(Tcp.create().canDial(Multiaddr.of(text))).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ip4/192.0.2.1/tcp/1",
                "/ip4/192.0.2.1/tcp/1/tls",
                "/ip4/192.0.2.1/tcp/1/ws/tls",
                "/ip4/192.0.2.1/tcp/1/ws/ws",
                "/ip4/192.0.2.1/tcp/1/tls/wss",
                "/ip4/192.0.2.1/tcp/1/sni/a.example/ws",
                "/ip4/192.0.2.1/tcp/1/tls/sni/a.example/tls/ws",
                "/ip4/192.0.2.1/udp/1/ws",
                "/ip4/192.0.2.1/udp/1/quic-v1",
                "/ip6zone/eth0/ip4/192.0.2.1/tcp/1/ws",
                "/ip6zone/eth0",
                "/dnsaddr/a.example/tcp/1/ws",
                "/memory/1/ws",
                "/ws",
                "/ip4/192.0.2.1/tcp/1/ws/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN/p2p-circuit",
            })
    void allElseIsForOthers(String address) {
        assertThat(WebSocketAddress.of(Multiaddr.of(address))).isEmpty();
        assertThat(webSocket.canDial(Multiaddr.of(address))).isFalse();
        assertThat(webSocket.canListen(Multiaddr.of(address))).isFalse();
    }

    @Test
    void namesAreForDialingOnly() {
        assertThat(webSocket.canListen(Multiaddr.of("/dns4/a.example/tcp/1/ws")))
                .isFalse();
        assertThat(webSocket.canListen(Multiaddr.of("/ip4/192.0.2.1/tcp/1/ws"))).isTrue();
    }

    @Test
    void aNameIsWrittenInAsciiAndALiteralIsAnIp() {
        assertThat(host("/dns4/b\u00fccher.example/tcp/1/ws").text()).isEqualTo("xn--bcher-kva.example");
        assertThat(host("/dns4/dotted.example./tcp/1/ws").text()).isEqualTo("dotted.example");
        assertThat(host("/dns4/192.0.2.1/tcp/1/ws").isIp()).isTrue();
        assertThat(host("/dns4/a.example/tcp/1/ws").isIp()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a\r\nX: y", "a:b", "a@b", "."})
    void whatIsNoHostNameReachesNoHeader(String name) {
        assertThatThrownBy(() -> host("/dns4/" + name + "/tcp/1/ws")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theAnnouncedAddressHasTheNameOfTheCertificate() {
        WebSocketAddress named = WebSocketAddress.of(Multiaddr.of("/ip4/0.0.0.0/tcp/0/tls/sni/a.example/ws"))
                .orElseThrow();
        Multiaddr socket = Multiaddr.of("/ip4/192.0.2.1/tcp/4001");
        assertThat(named.namedOver(socket)).hasToString("/ip4/192.0.2.1/tcp/4001/tls/sni/a.example/ws");
        assertThat(named.over(socket)).hasToString("/ip4/192.0.2.1/tcp/4001/tls/ws");
        WebSocketAddress old =
                WebSocketAddress.of(Multiaddr.of("/ip4/0.0.0.0/tcp/0/wss")).orElseThrow();
        assertThat(old.namedOver(socket)).hasToString("/ip4/192.0.2.1/tcp/4001/tls/ws");
    }

    private static HostName host(String address) {
        return HostName.of(WebSocketAddress.of(Multiaddr.of(address)).orElseThrow());
    }
}
