package io.reactivep2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.MultiformatException;
import io.reactivep2p.multiformats.Protocol;
import io.reactivep2p.testing.Rounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/**
 * What strangers advertise is ranked, sieved, refused or tried, and a dial of it ends: each address once, a hundred at most, and never a
 * failure of ours.
 */
class DialRulesFuzzTest {

    private static final String[] HEADS = {
        "/ip4/8.8.8.8",
        "/ip4/10.0.0.1",
        "/ip4/127.0.0.1",
        "/ip4/0.0.0.0",
        "/ip4/224.0.0.1",
        "/ip6/::",
        "/ip6/::1",
        "/ip6/2a00::1",
        "/ip6/fe80::1",
        "/ip6/::ffff:10.0.0.1",
        "/ip6/::ffff:0.0.0.0",
        "/ip6/ff02::1",
        "/ip6zone/eth0",
        "/ip6zone/eth0/ip6/fe80::1",
        "/ip6zone/eth0/ip4/1.2.3.4",
        "/dns/a.example",
        "/dns4/localhost",
        "/dns6/b.local",
        "/dnsaddr/c.example",
        "/memory/7",
        "/unix/tmp",
        "",
    };
    private static final String[] CARRIERS = {"/tcp/0", "/tcp/1", "/tcp/65535", "/udp/1", "/udp/9", "/p2p-circuit", ""};
    private static final String[] DRESSES = {
        "",
        "/quic-v1",
        "/quic",
        "/quic-v1/webtransport",
        "/ws",
        "/wss",
        "/tls/ws",
        "/tls/sni/x/ws",
        "/webrtc-direct",
        "/p2p/QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N",
        "/p2p/QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N/p2p-circuit",
        "/p2p/" + DialFixture.PEER,
        "/p2p/" + DialFixture.OTHER,
    };

    /** A relayed group of all kinds, and what is elsewhere behind it: 500 + 2 * 250 + 250 + 2 * 250 + 1,000, and 1,000 more. */
    private static final Duration LONGEST = Duration.ofMillis(3_750);

    @FuzzTest
    void anyAddressesAreRankedAndTriedOrRefused(FuzzedDataProvider data) {
        List<Multiaddr> addresses = new ArrayList<>();
        while (data.remainingBytes() > 0 && addresses.size() < 300) {
            add(addresses, data.consumeBytes(data.consumeInt(0, 64)));
            add(addresses, pick(HEADS, data) + pick(CARRIERS, data) + pick(DRESSES, data) + pick(DRESSES, data));
        }
        check(addresses);
    }

    private static String pick(String[] parts, FuzzedDataProvider data) {
        return parts[data.consumeInt(0, parts.length - 1)];
    }

    @Test
    void addressesPutTogetherAtRandomAreRankedAndTriedOrRefused() {
        Rounds.of(100, random -> {
            List<Multiaddr> addresses = new ArrayList<>();
            int count = random.nextInt(150);
            for (int i = 0; i < count; i++) {
                String text =
                        pick(HEADS, random) + pick(CARRIERS, random) + pick(DRESSES, random) + pick(DRESSES, random);
                add(addresses, text);
                addresses.stream()
                        .skip(Math.max(0, addresses.size() - 1))
                        .findFirst()
                        .ifPresent(last -> add(addresses, Rounds.damaged(random, last.toBytes())));
            }
            check(addresses);
        });
    }

    private static String pick(String[] parts, Random random) {
        return parts[random.nextInt(parts.length)];
    }

    private static void add(List<Multiaddr> addresses, String text) {
        try {
            addresses.add(Multiaddr.of(text));
        } catch (MultiformatException notOne) {
            // nothing to dial
        }
    }

    private static void add(List<Multiaddr> addresses, byte[] bytes) {
        try {
            addresses.add(Multiaddr.of(bytes));
        } catch (MultiformatException notOne) {
            // nothing to dial
        }
    }

    private static void check(List<Multiaddr> addresses) {
        List<RankedAddress> ranked = DialRanker.STANDARD.rank(addresses);
        List<Multiaddr> tried = ranked.stream().map(RankedAddress::address).toList();
        List<Multiaddr> kept =
                RedundantAddresses.without(addresses.stream().distinct().toList());
        assertThat(tried)
                .doesNotHaveDuplicates()
                .hasSize(Math.min(kept.size(), DialRanker.MAX_ADDRESSES))
                .isSubsetOf(kept);
        if (!addresses.isEmpty()) {
            assertThat(tried).isNotEmpty();
        }
        orderIsKept(ranked);
        List<Multiaddr> turned = new ArrayList<>(addresses);
        Collections.reverse(turned);
        assertThat(delays(DialRanker.STANDARD.rank(turned)))
                .as("delays of the same addresses in another order")
                .isEqualTo(delays(ranked));
        dial(addresses);
        dial(addresses.subList(0, Math.min(1, addresses.size())));
    }

    private static List<Duration> delays(List<RankedAddress> ranked) {
        return ranked.stream().map(RankedAddress::delay).toList();
    }

    /** The rules of {@link DialRanker#STANDARD}, as far as they hold whatever else there is. */
    private static void orderIsKept(List<RankedAddress> ranked) {
        assertThat(ranked).isSortedAccordingTo(Comparator.comparing(RankedAddress::delay));
        assertThat(ranked)
                .allMatch(one -> !one.delay().isNegative() && one.delay().compareTo(LONGEST) <= 0);
        Map<AddressDistance, List<RankedAddress>> groups =
                ranked.stream().collect(Collectors.groupingBy(one -> AddressDistance.of(one.address())));
        List<RankedAddress> open = groups.getOrDefault(AddressDistance.PUBLIC, List.of());
        groups.forEach((distance, group) -> {
            Duration begin = group.get(0).delay();
            switch (distance) {
                case NEAR, PUBLIC -> assertThat(begin).isLessThanOrEqualTo(DialRanker.PUBLIC_OTHER_DELAY);
                case RELAYED ->
                    assertThat(open.isEmpty() || begin.compareTo(DialRanker.RELAY_DELAY) >= 0)
                            .isTrue();
                case ELSEWHERE -> assertThat(begin).isGreaterThanOrEqualTo(DialRanker.PUBLIC_OTHER_DELAY);
            }
            assertThat(group.stream()
                            .filter(one -> one.delay().equals(begin))
                            .filter(one -> isQuic(one.address()) || isTcp(one.address()))
                            .filter(one -> distance != AddressDistance.ELSEWHERE))
                    .as("one attempt at a time to begin with")
                    .hasSizeLessThanOrEqualTo(1);
            if (distance != AddressDistance.ELSEWHERE) {
                tcpWaitsForQuic(group);
            }
        });
    }

    private static void tcpWaitsForQuic(List<RankedAddress> group) {
        Optional<Duration> lastQuic = group.stream()
                .filter(one -> isQuic(one.address()))
                .map(RankedAddress::delay)
                .max(Comparator.naturalOrder());
        lastQuic.ifPresent(last -> assertThat(group)
                .filteredOn(one -> isTcp(one.address()))
                .allMatch(one -> one.delay().compareTo(last) > 0));
    }

    private static boolean isQuic(Multiaddr address) {
        return address.has(Protocol.QUIC) || address.has(Protocol.QUIC_V1) || address.has(Protocol.WEBTRANSPORT);
    }

    private static boolean isTcp(Multiaddr address) {
        return address.has(Protocol.TCP) && !isQuic(address);
    }

    /** Everything that is tried fails, half of it at once and half by its time limit. */
    private static void dial(List<Multiaddr> addresses) {
        DialFixture f = new DialFixture();
        f.resolver = name -> name.toString().length() % 2 == 0
                ? Flux.just(Multiaddr.of("/ip4/9.9.9.9/tcp/1"), Multiaddr.of("/ip4/9.9.9.9/tcp/2"))
                : Flux.error(new IllegalStateException("no such name"));
        DialFixture.Call call = new DialFixture.Call(f.dialer().dial(DialFixture.PEER, addresses));
        for (int i = 0; call.isOpen(); i++) {
            List<String> open = f.roads.open();
            assertThat(open).hasSizeBetween(1, 8);
            if (i % 2 == 0) {
                f.roads.road(open.get(0)).fails();
            } else {
                f.advance(15_000);
            }
            assertThat(i).as("attempts at %s", addresses).isLessThan(500);
        }

        List<String> begun = f.roads.begun();
        assertThat(begun).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(DialRanker.MAX_ADDRESSES);
        assertThat(begun)
                .noneMatch(address -> address.startsWith("/ip4/0.0.0.0/") || address.startsWith("/ip6/ff02::1"));
        assertThat(call.failure()).isInstanceOf(DialException.class);
    }
}
