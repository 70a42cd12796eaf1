package io.reactivep2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DialRankerTest {

    private static final String RELAY = "/p2p/QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N/p2p-circuit";

    @ParameterizedTest
    @CsvSource({
        "/memory/7,                          NEAR",
        "/unix/tmp%2Fsocket,                 NEAR",
        "/ip4/127.0.0.1/tcp/1,               NEAR",
        "/ip4/127.255.0.9/udp/1/quic-v1,     NEAR",
        "/ip6/::1/tcp/1,                     NEAR",
        "/ip4/10.1.2.3/tcp/1,                NEAR",
        "/ip4/172.16.0.1/tcp/1,              NEAR",
        "/ip4/172.31.255.255/tcp/1,          NEAR",
        "/ip4/172.32.0.1/tcp/1,              PUBLIC",
        "/ip4/192.168.1.1/tcp/1,             NEAR",
        "/ip4/169.254.1.1/tcp/1,             NEAR",
        "/ip4/100.64.0.1/tcp/1,              NEAR",
        "/ip4/100.127.255.255/tcp/1,         NEAR",
        "/ip4/100.128.0.1/tcp/1,             PUBLIC",
        "/ip4/100.63.255.255/tcp/1,          PUBLIC",
        "/ip6/fd00::1/tcp/1,                 NEAR",
        "/ip6/fc12::1/tcp/1,                 NEAR",
        "/ip6/fe80::1/tcp/1,                 NEAR",
        "/ip6zone/eth0/ip6/fe80::1/tcp/1,    NEAR",
        "/ip6/2001:db8::1/tcp/1,             PUBLIC",
        "/ip4/203.0.113.1/tcp/1,             PUBLIC",
        "/dns4/example.org/tcp/1,            PUBLIC",
    })
    void anAddressIsNearOrPublic(String address, AddressDistance expected) {
        assertThat(AddressDistance.of(Multiaddr.of(address))).isEqualTo(expected);
        if (!address.startsWith("/unix")) {
            assertThat(AddressDistance.of(Multiaddr.of(address + RELAY))).isEqualTo(AddressDistance.RELAYED);
        }
    }

    @Test
    void nearAddressesComeFirstAndRelayedOnesLastEachInTheirOrder() {
        assertThat(rank(
                        "/ip4/10.0.0.1/tcp/1" + RELAY,
                        "/ip4/203.0.113.2/tcp/1",
                        "/ip4/192.168.0.2/tcp/1",
                        "/ip4/203.0.113.1/tcp/1",
                        "/ip4/127.0.0.1/tcp/1",
                        "/ip4/203.0.113.3/tcp/1" + RELAY))
                .containsExactly(
                        "/ip4/192.168.0.2/tcp/1",
                        "/ip4/127.0.0.1/tcp/1",
                        "/ip4/203.0.113.2/tcp/1",
                        "/ip4/203.0.113.1/tcp/1",
                        "/ip4/10.0.0.1/tcp/1" + RELAY,
                        "/ip4/203.0.113.3/tcp/1" + RELAY);
    }

    @Test
    void theHundredNearestAddressesAreKept() {
        List<Multiaddr> many = new ArrayList<>();
        many.addAll(Collections.nCopies(80, Multiaddr.of("/ip4/203.0.113.1/tcp/1" + RELAY)));
        IntStream.range(0, 90).forEach(i -> many.add(Multiaddr.of("/ip4/203.0.113.1/tcp/" + i)));
        IntStream.range(0, 20).forEach(i -> many.add(Multiaddr.of("/ip4/10.0.0.1/tcp/" + i)));

        List<Multiaddr> ranked = DialRanker.STANDARD.rank(many);

        assertThat(ranked).hasSize(DialRanker.MAX_ADDRESSES);
        assertThat(ranked.subList(0, 20)).containsExactlyElementsOf(many.subList(170, 190));
        assertThat(ranked.subList(20, 100)).containsExactlyElementsOf(many.subList(80, 160));
    }

    @Test
    void nothingIsMadeOfNothing() {
        assertThat(DialRanker.STANDARD.rank(List.of())).isEmpty();
        List<Multiaddr> one = List.of(Multiaddr.of("/ip4/203.0.113.1/tcp/1"));
        assertThat(DialRanker.AS_GIVEN.rank(one)).isSameAs(one);
    }

    private static List<String> rank(String... addresses) {
        return DialRanker.STANDARD
                .rank(List.of(addresses).stream().map(Multiaddr::of).toList())
                .stream()
                .map(Multiaddr::toString)
                .toList();
    }
}
