package io.reactivep2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivep2p.multiformats.Multiaddr;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The expectations are those of go-libp2p's {@code dial_ranker_test.go}, and some more. */
class DialRankerTest {

    private static final String RELAY = "/p2p/QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N/p2p-circuit";
    private static final String CERTHASH = "/certhash/uEiAkH5a4DPGKUuOBjYw0CgwjvcJCJMD2K_1aluKR_tpevQ";
    private static final String ONION = "/onion3/vww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd:1234";

    private static final String QUIC_1 = "/ip4/1.2.3.4/udp/1/quic-v1";
    private static final String QUIC_2 = "/ip4/1.2.3.4/udp/2/quic-v1";
    private static final String QUIC_3 = "/ip4/1.2.3.4/udp/3/quic-v1";
    private static final String QUIC6_1 = "/ip6/1::2/udp/1/quic-v1";
    private static final String QUIC6_2 = "/ip6/1::2/udp/2/quic-v1";
    private static final String QUIC6_3 = "/ip6/1::2/udp/3/quic-v1";
    private static final String WEBTRANSPORT_9 = "/ip4/1.2.3.4/udp/9/quic-v1/webtransport" + CERTHASH;
    private static final String TCP_1 = "/ip4/1.2.3.5/tcp/1";
    private static final String TCP_2 = "/ip4/1.2.3.4/tcp/2";
    private static final String TCP_3 = "/ip4/1.2.3.4/tcp/3";
    private static final String TCP6_1 = "/ip6/1::2/tcp/1";
    private static final String WEBRTC = "/ip4/1.2.3.4/udp/1/webrtc-direct" + CERTHASH;
    private static final String WEBRTC6 = "/ip6/1::2/udp/1/webrtc-direct" + CERTHASH;
    private static final String ONLY_IP = "/ip4/1.2.3.4";

    static Stream<Arguments> tables() {
        return Stream.of(
                table("nothing"),
                table("QUIC over IPv4", at(0, QUIC_1), at(250, QUIC_2), at(250, QUIC_3)),
                table("QUIC over IPv6", at(0, QUIC6_1), at(250, QUIC6_2), at(250, QUIC6_3)),
                table("QUIC over both", at(0, QUIC6_1), at(250, QUIC_2)),
                table(
                        "QUIC and WebTransport",
                        at(0, QUIC6_1),
                        at(250, QUIC_1),
                        at(500, QUIC_2),
                        at(500, QUIC_3),
                        at(500, WEBTRANSPORT_9)),
                table(
                        "WebTransport stands for IPv4",
                        at(0, QUIC6_1),
                        at(250, WEBTRANSPORT_9),
                        at(500, QUIC6_2),
                        at(500, QUIC6_3)),
                table(
                        "QUIC and TCP over both",
                        at(0, QUIC6_1),
                        at(250, QUIC_1),
                        at(500, QUIC6_2),
                        at(500, QUIC6_3),
                        at(500, QUIC_2),
                        at(750, TCP6_1),
                        at(1000, TCP_1),
                        at(1250, TCP_2),
                        at(1250, TCP_3)),
                table("QUIC over IPv4, TCP over both", at(0, QUIC_1), at(250, TCP6_1), at(500, TCP_1), at(750, TCP_2)),
                table("QUIC and TCP over IPv4", at(0, QUIC_1), at(250, TCP_1), at(500, TCP_2), at(500, TCP_3)),
                table("QUIC over IPv4, one TCP each", at(0, QUIC_1), at(250, TCP6_1), at(500, TCP_2)),
                table("TCP over both", at(0, TCP6_1), at(250, TCP_1), at(500, TCP_2), at(500, TCP_3)),
                table(
                        "a relay waits for public addresses",
                        at(0, QUIC_1),
                        at(250, QUIC_2),
                        at(500, "/ip4/1.2.3.4/udp/1/quic-v1" + RELAY),
                        at(750, "/ip4/1.2.3.4/tcp/1" + RELAY)),
                table(
                        "a relay does not wait for near addresses",
                        at(0, "/ip4/192.168.0.1/tcp/1"),
                        at(0, "/ip4/1.2.3.4/tcp/1" + RELAY)),
                table("a relay alone", at(0, "/ip4/1.2.3.4/udp/1/quic-v1" + RELAY)),
                table(
                        "QUIC and others",
                        at(0, QUIC6_1),
                        at(250, QUIC_1),
                        at(1250, WEBRTC6),
                        at(1250, WEBRTC),
                        at(1250, ONLY_IP),
                        at(2250, ONION)),
                table(
                        "QUIC, TCP and others",
                        at(0, QUIC_1),
                        at(250, TCP6_1),
                        at(500, TCP_1),
                        at(1500, WEBRTC6),
                        at(1500, WEBRTC),
                        at(1500, ONLY_IP),
                        at(2500, ONION)),
                table("no IP at all", at(1000, ONION)),
                table("others alone", at(1000, WEBRTC)),
                table(
                        "near ones are quick",
                        at(0, "/ip6/fd00::1/udp/1/quic-v1"),
                        at(30, "/ip4/10.0.0.1/udp/1/quic-v1"),
                        at(60, "/ip4/10.0.0.1/udp/2/quic-v1"),
                        at(90, "/ip6/::1/tcp/1"),
                        at(120, "/ip4/127.0.0.1/tcp/1"),
                        at(150, "/ip4/10.0.0.1/tcp/2"),
                        at(250, "/ip4/10.0.0.1/udp/9/webrtc-direct" + CERTHASH)),
                table(
                        "near and public ones at the same time",
                        at(0, "/ip4/10.0.0.1/udp/1/quic-v1"),
                        at(0, QUIC_1),
                        at(30, "/ip4/10.0.0.1/tcp/1"),
                        at(250, TCP_1)),
                table("in the process", at(0, "/memory/1"), at(0, "/memory/2")),
                table(
                        "the lower port first",
                        at(0, "/ip4/1.2.3.4/tcp/80"),
                        at(250, "/ip4/1.2.3.4/tcp/443/tls/ws"),
                        at(250, "/ip4/1.2.3.4/tcp/4001")),
                table("names behind IPs", at(0, "/ip4/1.2.3.4/tcp/4001"), at(250, "/dns4/example.org/tcp/443/wss")),
                table(
                        "IPv6 and names",
                        at(0, "/ip6/1::2/tcp/1"),
                        at(250, "/ip4/1.2.3.4/tcp/2"),
                        at(500, "/dns/example.org/tcp/1/ws")));
    }

    private static Arguments table(String name, RankedAddress... expected) {
        return Arguments.of(name, List.of(expected));
    }

    private static RankedAddress at(long millis, String address) {
        return new RankedAddress(Multiaddr.of(address), Duration.ofMillis(millis));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tables")
    void addressesAreTriedByTheRulesWhateverOrderTheyComeIn(String name, List<RankedAddress> expected) {
        List<Multiaddr> addresses = new ArrayList<>();
        expected.forEach(ranked -> addresses.add(ranked.address()));
        Random random = new Random(1);
        for (int i = 0; i < 20; i++) {
            Collections.shuffle(addresses, random);
            assertThat(DialRanker.STANDARD.rank(addresses))
                    .as("given as %s", addresses)
                    .containsExactlyInAnyOrderElementsOf(expected)
                    .isSortedAccordingTo((a, b) -> a.delay().compareTo(b.delay()));
        }
    }

    static Stream<Arguments> redundant() {
        return Stream.of(
                Arguments.of(
                        List.of(
                                QUIC_1,
                                "/ip4/1.2.3.4/udp/1/quic-v1/webtransport" + CERTHASH,
                                "/ip4/1.2.3.4/udp/1/quic"),
                        List.of(QUIC_1)),
                Arguments.of(
                        List.of(TCP_2, "/ip4/1.2.3.4/tcp/2/ws", "/ip4/1.2.3.4/tcp/2/tls/ws", "/ip4/1.2.3.4/tcp/2/wss"),
                        List.of(TCP_2)),
                Arguments.of(List.of(QUIC_1, WEBTRANSPORT_9), List.of(QUIC_1, WEBTRANSPORT_9)),
                Arguments.of(List.of(TCP_1, "/ip4/1.2.3.4/tcp/1/ws"), List.of(TCP_1, "/ip4/1.2.3.4/tcp/1/ws")),
                Arguments.of(List.of(QUIC_2, "/ip4/1.2.3.4/tcp/2/ws"), List.of(QUIC_2, "/ip4/1.2.3.4/tcp/2/ws")),
                Arguments.of(
                        List.of(TCP_2 + RELAY, "/ip4/1.2.3.4/tcp/2/ws"),
                        List.of(TCP_2 + RELAY, "/ip4/1.2.3.4/tcp/2/ws")),
                Arguments.of(
                        List.of("/ip4/1.2.3.4/tcp/2/tls/http", "/ip4/1.2.3.4/tcp/2/ws"),
                        List.of("/ip4/1.2.3.4/tcp/2/tls/http", "/ip4/1.2.3.4/tcp/2/ws")),
                Arguments.of(
                        List.of("/ip6zone/a/ip6/fe80::1/tcp/1", "/ip6zone/a/ip6/fe80::1/tcp/1/ws"),
                        List.of("/ip6zone/a/ip6/fe80::1/tcp/1")),
                Arguments.of(
                        List.of("/ip6zone/a/ip6/fe80::1/tcp/1", "/ip6zone/b/ip6/fe80::1/tcp/1/ws"),
                        List.of("/ip6zone/a/ip6/fe80::1/tcp/1", "/ip6zone/b/ip6/fe80::1/tcp/1/ws")));
    }

    @ParameterizedTest
    @MethodSource("redundant")
    void aWorseAddressAtTheSamePlaceIsLeftOut(List<String> given, List<String> expected) {
        assertThat(RedundantAddresses.without(given.stream().map(Multiaddr::of).toList()))
                .extracting(Multiaddr::toString)
                .containsExactlyElementsOf(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ip4/1.2.3.4/udp/1/quic-v1/tls/ws",
                "/ip4/1.2.3.4/tcp/1/quic",
                "/ip4/1.2.3.4/tcp/1/webtransport",
                "/ip4/1.2.3.4/tcp/1/ws/quic-v1",
            })
    void anAddressOfTwoKindsDoesNotMakeItselfSuperfluous(String odd) {
        Multiaddr address = Multiaddr.of(odd);
        assertThat(RedundantAddresses.without(List.of(address))).containsExactly(address);
        assertThat(DialRanker.STANDARD.rank(List.of(address))).hasSize(1);
    }

    @Test
    void theFirstHundredAddressesAreKeptEachOnce() {
        List<Multiaddr> many = new ArrayList<>();
        IntStream.range(1, 91).forEach(i -> many.add(Multiaddr.of("/ip4/1.2.3.4/tcp/" + i)));
        IntStream.range(1, 21).forEach(i -> many.add(Multiaddr.of("/ip4/10.0.0.1/tcp/" + i)));
        many.addAll(many);

        List<RankedAddress> ranked = DialRanker.STANDARD.rank(many);

        assertThat(ranked).hasSize(DialRanker.MAX_ADDRESSES).doesNotHaveDuplicates();
        assertThat(ranked)
                .filteredOn(r -> r.address().toString().startsWith("/ip4/10."))
                .hasSize(20);
    }

    @Test
    void asGivenMeansAllAtOnceInTheirOrder() {
        List<Multiaddr> given =
                Stream.of(ONION, TCP_1, QUIC_1, TCP_1).map(Multiaddr::of).toList();

        assertThat(DialRanker.AS_GIVEN.rank(given)).containsExactly(at(0, ONION), at(0, TCP_1), at(0, QUIC_1));
        assertThat(DialRanker.AS_GIVEN.rank(List.of())).isEmpty();
    }

    @Test
    void whatIsGivenIsLeftAsItIs() {
        List<Multiaddr> given = Collections.unmodifiableList(
                Arrays.asList(Multiaddr.of(TCP_1), Multiaddr.of(QUIC_1), Multiaddr.of(ONION)));

        DialRanker.STANDARD.rank(given);

        assertThat(given).extracting(Multiaddr::toString).containsExactly(TCP_1, QUIC_1, ONION);
    }

    @Test
    void aDelayIsNotNegative() {
        assertThatThrownBy(() -> at(-1, TCP_1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("negative");
    }
}
