package io.reactivep2p.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.transport.TransportException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class DnsAddressResolverTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String A = "12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN";
    private static final String B = "QmaCpDMGvV2BGHeYERUEnRQAwe3N8SzbUtfsmvsqQLuvuJ";

    private FakeDnsServer server;
    private DnsAddressResolver resolver;

    @BeforeEach
    void start() {
        server = new FakeDnsServer();
        resolver =
                DnsAddressResolver.create(spec -> spec.servers(server.address()).queryTimeout(Duration.ofSeconds(5)));
    }

    @AfterEach
    void stop() {
        resolver.dispose();
        server.close();
    }

    @Test
    void concreteAddressesPass() {
        assertThat(resolve("/ip4/192.0.2.1/tcp/4001/p2p/" + A)).containsExactly("/ip4/192.0.2.1/tcp/4001/p2p/" + A);
        assertThat(resolve("/memory/1")).containsExactly("/memory/1");
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void onlyTheNameIsReplaced() throws Exception {
        server.ip("node.example", "192.0.2.1", "192.0.2.2", "2001:db8::1");
        assertThat(resolve("/dns4/node.example/tcp/4001/p2p/" + A))
                .containsExactly("/ip4/192.0.2.1/tcp/4001/p2p/" + A, "/ip4/192.0.2.2/tcp/4001/p2p/" + A);
        assertThat(resolve("/dns6/node.example/udp/4001/quic-v1")).containsExactly("/ip6/2001:db8::1/udp/4001/quic-v1");
        assertThat(resolve("/dns/node.example/tcp/1"))
                .containsExactly("/ip6/2001:db8::1/tcp/1", "/ip4/192.0.2.1/tcp/1", "/ip4/192.0.2.2/tcp/1");
    }

    @Test
    void theNameOfAWebSocketWithTlsStaysForItsCertificate() throws Exception {
        server.ip("node.example", "192.0.2.1");
        String kept = "/ip4/192.0.2.1/tcp/443/tls/sni/node.example/ws";
        assertThat(resolve("/dns4/node.example/tcp/443/tls/ws/p2p/" + A)).containsExactly(kept + "/p2p/" + A);
        assertThat(resolve("/dns4/node.example/tcp/443/wss")).containsExactly(kept);
        assertThat(resolve("/dns4/node.example/tls/ws")).containsExactly("/ip4/192.0.2.1/tls/sni/node.example/ws");
        assertThat(resolve("/dns4/node.example/tcp/443/tls/sni/other.example/ws"))
                .containsExactly("/ip4/192.0.2.1/tcp/443/tls/sni/other.example/ws");
        assertThat(resolve("/dns4/node.example/tcp/80/ws")).containsExactly("/ip4/192.0.2.1/tcp/80/ws");
        assertThat(resolve("/dns4/node.example/tcp/443/tls")).containsExactly("/ip4/192.0.2.1/tcp/443/tls");
    }

    @Test
    void oneIpVersionIsEnoughForDns() throws Exception {
        server.ip("v4.example", "192.0.2.1").ip("v6.example", "2001:db8::1");
        assertThat(resolve("/dns/v4.example/tcp/1")).containsExactly("/ip4/192.0.2.1/tcp/1");
        assertThat(resolve("/dns/v6.example/tcp/1")).containsExactly("/ip6/2001:db8::1/tcp/1");
        fails("/dns6/v4.example/tcp/1");
    }

    @Test
    void localhostIsNeverAskedFor() {
        assertThat(resolve("/dns/localhost/tcp/1")).containsExactly("/ip6/::1/tcp/1", "/ip4/127.0.0.1/tcp/1");
        assertThat(resolve("/dns4/a.LocalHost/tcp/1")).containsExactly("/ip4/127.0.0.1/tcp/1");
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void literalsInPlaceOfANameAreTakenForTheirVersionOnly() {
        assertThat(resolve("/dns4/192.0.2.1/tcp/1")).containsExactly("/ip4/192.0.2.1/tcp/1");
        assertThat(resolve("/dns/2001:db8::1/tcp/1")).containsExactly("/ip6/2001:db8::1/tcp/1");
        fails("/dns6/192.0.2.1/tcp/1");
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void unknownNameFailsWithTheAddress() {
        TransportException failure = fails("/dns4/nobody.example/tcp/1");
        assertThat(failure.address()).hasToString("/dns4/nobody.example/tcp/1");
        assertThat(failure)
                .hasMessageStartingWith("cannot resolve /dns4/nobody.example/tcp/1: ")
                .hasCauseInstanceOf(Exception.class);
    }

    @Test
    void namesThatCannotBeAskedForFailAndBreakNothing() throws Exception {
        server.ip("node.example", "192.0.2.1");
        for (String host : List.of(
                "a".repeat(64),
                "a..b",
                ".",
                "..",
                "x".repeat(300),
                "a.".repeat(200),
                "b\u00fccher..",
                "sp ace",
                "%",
                "-.-",
                "xn--\u00e4",
                "\ud83d\ude00".repeat(40),
                "_",
                "*",
                "@",
                "1.2.3.4.5",
                "::1%lo",
                "[::1]")) {
            fails("/dns4/" + host + "/tcp/1");
            fails("/dnsaddr/" + host);
        }
        assertThat(resolve("/dns4/node.example/tcp/1")).containsExactly("/ip4/192.0.2.1/tcp/1");
    }

    @Test
    void dnsaddrTakesItsRecordsAndPassesOverOthers() {
        server.txt(
                "_dnsaddr.nodes.example",
                "v=spf1 -all",
                "dnsaddr=/ip4/192.0.2.1/tcp/4001/p2p/" + A,
                "dnsaddr=no address",
                "dnsaddr=",
                "dnsaddr=/future-protocol/1",
                "DNSADDR=/ip4/192.0.2.9/tcp/4001",
                " dnsaddr=/ip4/192.0.2.9/tcp/4001",
                "dnsaddr=/ip6/2001:db8::1/udp/4001/quic-v1/p2p/" + B);
        server.raw("_dnsaddr.nodes.example", new byte[] {9, 'd', 'n', 's'}).raw("_dnsaddr.nodes.example", new byte[0]);
        assertThat(resolve("/dnsaddr/nodes.example"))
                .containsExactly("/ip4/192.0.2.1/tcp/4001/p2p/" + A, "/ip6/2001:db8::1/udp/4001/quic-v1/p2p/" + B);
    }

    @Test
    void dnsaddrKeepsTheRecordsThatEndAsAsked() {
        server.txt(
                "_dnsaddr.nodes.example",
                "dnsaddr=/ip4/192.0.2.1/tcp/4001/p2p/" + A,
                "dnsaddr=/ip4/192.0.2.2/tcp/4001/p2p/" + B,
                "dnsaddr=/ip4/192.0.2.3/tcp/4001",
                "dnsaddr=/ip4/192.0.2.4/tcp/4001/p2p/" + A + "/p2p-circuit");
        assertThat(resolve("/dnsaddr/nodes.example/p2p/" + A)).containsExactly("/ip4/192.0.2.1/tcp/4001/p2p/" + A);
        assertThat(resolve("/dnsaddr/nodes.example/tcp/4001/p2p/" + B))
                .containsExactly("/ip4/192.0.2.2/tcp/4001/p2p/" + B);
        assertThat(resolve("/dnsaddr/nodes.example/tcp/4001")).containsExactly("/ip4/192.0.2.3/tcp/4001");
        fails("/dnsaddr/nodes.example/tcp/5");
    }

    @Test
    void longRecordsComeInSeveralStrings() {
        String address = "/ip4/192.0.2.1/udp/4001/quic-v1/p2p/" + A;
        server.strings("_dnsaddr.nodes.example", "dns", "addr=" + address.substring(0, 20), "", address.substring(20));
        assertThat(resolve("/dnsaddr/nodes.example")).containsExactly(address);
    }

    @Test
    void dnsaddrLeadsOnToNames() throws Exception {
        server.txt(
                        "_dnsaddr.nodes.example",
                        "dnsaddr=/dnsaddr/more.example/p2p/" + A,
                        "dnsaddr=/dns4/node.example/tcp/4001/p2p/" + A,
                        "dnsaddr=/dnsaddr/missing.example/p2p/" + A)
                .txt(
                        "_dnsaddr.more.example",
                        "dnsaddr=/ip4/192.0.2.1/tcp/1/p2p/" + A,
                        "dnsaddr=/ip4/192.0.2.2/tcp/1/p2p/" + B)
                .ip("node.example", "192.0.2.3");
        assertThat(resolve("/dnsaddr/nodes.example/p2p/" + A))
                .containsExactly("/ip4/192.0.2.1/tcp/1/p2p/" + A, "/ip4/192.0.2.3/tcp/4001/p2p/" + A);
    }

    @Test
    void aRelayInFrontOfTheNameIsKept() {
        server.txt("_dnsaddr.nodes.example", "dnsaddr=/p2p/" + A);
        assertThat(resolve("/ip4/192.0.2.1/tcp/1/p2p/" + B + "/p2p-circuit/dnsaddr/nodes.example"))
                .containsExactly("/ip4/192.0.2.1/tcp/1/p2p/" + B + "/p2p-circuit/p2p/" + A);
    }

    @Test
    void recursionEndsAfterFour() {
        for (int i = 1; i <= 4; i++) {
            server.txt("_dnsaddr.n" + i + ".example", "dnsaddr=/dnsaddr/n" + (i + 1) + ".example");
        }
        server.txt("_dnsaddr.n5.example", "dnsaddr=/ip4/192.0.2.1/tcp/1");
        assertThat(resolve("/dnsaddr/n2.example")).containsExactly("/ip4/192.0.2.1/tcp/1");
        int before = server.asked().size();
        assertThat(fails("/dnsaddr/n1.example")).hasMessageContaining("more than 4 times");
        assertThat(server.asked()).hasSize(before + 4);
    }

    @Test
    void loopsEnd() {
        server.txt("_dnsaddr.self.example", "dnsaddr=/dnsaddr/self.example", "dnsaddr=/ip4/192.0.2.1/tcp/1")
                .txt("_dnsaddr.ping.example", "dnsaddr=/dnsaddr/pong.example")
                .txt("_dnsaddr.pong.example", "dnsaddr=/dnsaddr/ping.example");
        assertThat(resolve("/dnsaddr/self.example")).containsExactly("/ip4/192.0.2.1/tcp/1");
        assertThat(fails("/dnsaddr/ping.example")).hasMessageContaining("back to itself");
        assertThat(server.asked()).hasSize(3);
    }

    @Test
    void notMoreThanAHundredAddressesCome() {
        for (int i = 0; i < 4; i++) {
            server.txt("_dnsaddr.nodes.example", "dnsaddr=/dnsaddr/n" + i + ".example");
            for (int j = 0; j < 40; j++) {
                server.txt("_dnsaddr.n" + i + ".example", "dnsaddr=/ip4/192.0.2." + j + "/tcp/" + (1 + i));
            }
        }
        assertThat(resolve("/dnsaddr/nodes.example"))
                .hasSize(DnsAddressResolver.MAX_ADDRESSES)
                .doesNotHaveDuplicates();
    }

    @Test
    void notMoreThanSixtyFourNamesAreLookedUp() {
        // Two levels of ten each would be 111.
        for (int i = 0; i < 10; i++) {
            server.txt("_dnsaddr.tree.example", "dnsaddr=/dnsaddr/t" + i + ".example");
            for (int j = 0; j < 10; j++) {
                server.txt("_dnsaddr.t" + i + ".example", "dnsaddr=/dnsaddr/t" + i + "-" + j + ".example");
                server.txt("_dnsaddr.t" + i + "-" + j + ".example", "unrelated");
            }
        }
        fails("/dnsaddr/tree.example");
        assertThat(server.asked()).hasSize(DnsAddressResolver.MAX_LOOKUPS);
    }

    @Test
    void aServerThatDoesNotAnswerIsGivenUp() {
        server.silent("node.example");
        DnsAddressResolver hasty =
                DnsAddressResolver.create(spec -> spec.servers(server.address()).queryTimeout(Duration.ofMillis(100)));
        try {
            StepVerifier.create(hasty.resolve(Multiaddr.of("/dns4/node.example/tcp/1")))
                    .expectError(TransportException.class)
                    .verify(PATIENCE);
        } finally {
            hasty.dispose();
        }
    }

    @Test
    void whatCameInTimeIsKeptWhenTheTotalTimeoutStrikes() throws Exception {
        server.txt("_dnsaddr.nodes.example", "dnsaddr=/ip4/192.0.2.1/tcp/1", "dnsaddr=/dns4/silent.example/tcp/1")
                .silent("silent.example");
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        DnsAddressResolver timed = DnsAddressResolver.create(
                spec -> spec.servers(server.address()).timers(time).totalTimeout(Duration.ofSeconds(10)));
        try {
            StepVerifier.create(timed.resolve(Multiaddr.of("/dnsaddr/nodes.example")))
                    .expectNext(Multiaddr.of("/ip4/192.0.2.1/tcp/1"))
                    .then(() -> time.advanceTimeBy(Duration.ofSeconds(10)))
                    .expectComplete()
                    .verify(PATIENCE);
            StepVerifier.create(timed.resolve(Multiaddr.of("/dns4/silent.example/tcp/1")))
                    .expectSubscription()
                    .then(() -> time.advanceTimeBy(Duration.ofSeconds(10)))
                    .expectErrorSatisfies(e -> assertThat(e)
                            .isInstanceOf(TransportException.class)
                            .hasMessageContaining("not answered within"))
                    .verify(PATIENCE);
        } finally {
            timed.dispose();
        }
    }

    @Test
    void cancelledItAsksNoFurther() throws Exception {
        server.txt("_dnsaddr.nodes.example", "dnsaddr=/dnsaddr/silent.example", "dnsaddr=/ip4/192.0.2.1/tcp/1")
                .silent("_dnsaddr.silent.example");
        CountDownLatch terminated = new CountDownLatch(1);
        Disposable resolution = resolver.resolve(Multiaddr.of("/dnsaddr/nodes.example"))
                .doOnTerminate(terminated::countDown)
                .subscribe();
        resolution.dispose();
        assertThat(terminated.await(200, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(server.asked().size()).isLessThanOrEqualTo(2);
    }

    @Test
    void disposedItFails() {
        resolver.dispose();
        fails("/dns4/node.example/tcp/1");
    }

    private List<String> resolve(String address) {
        return resolver.resolve(Multiaddr.of(address))
                .map(Multiaddr::toString)
                .collectList()
                .block(PATIENCE);
    }

    private TransportException fails(String address) {
        Multiaddr asked = Multiaddr.of(address);
        TransportException[] failure = new TransportException[1];
        StepVerifier.create(resolver.resolve(asked))
                .expectErrorSatisfies(e -> {
                    assertThat(e).as(address).isInstanceOf(TransportException.class);
                    failure[0] = (TransportException) e;
                    assertThat(failure[0].address()).isEqualTo(asked);
                })
                .verify(PATIENCE);
        return failure[0];
    }
}
