package io.reactivep2p.swarm;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The rules of {@link DialRanker#STANDARD}. */
@SansIo
final class HappyEyeballs {

    private static final Comparator<Multiaddr> BEST_FIRST = Comparator.comparing(HappyEyeballs::road)
            .thenComparing(HappyEyeballs::family)
            .thenComparing(HappyEyeballs::draft)
            .thenComparing(HappyEyeballs::port);

    private HappyEyeballs() {}

    /** What carries a connection, the best first. */
    private enum Road {
        QUIC,
        WEBTRANSPORT,
        TCP,
        WEBRTC,
        OTHER,
        IN_PROCESS
    }

    /** IPv6 is tried first: where it works at all it has no NAT in its way. */
    private enum Family {
        IP6,
        IP4,
        NAME
    }

    /** @param same the delay between attempts on one kind of road; @param other before those on any other */
    private record Pace(Duration same, Duration other) {
        static final Pace NEAR = new Pace(DialRanker.NEAR_DELAY, DialRanker.NEAR_OTHER_DELAY);
        static final Pace PUBLIC = new Pace(DialRanker.PUBLIC_DELAY, DialRanker.PUBLIC_OTHER_DELAY);
    }

    static List<RankedAddress> rank(List<Multiaddr> addresses) {
        List<Multiaddr> distinct = addresses.stream().distinct().toList();
        Map<AddressDistance, List<Multiaddr>> groups =
                RedundantAddresses.without(distinct).stream().collect(Collectors.groupingBy(AddressDistance::of));
        List<Multiaddr> open = groups.getOrDefault(AddressDistance.PUBLIC, List.of());
        List<RankedAddress> ranked = new ArrayList<>(distinct.size());
        rank(groups.getOrDefault(AddressDistance.NEAR, List.of()), Pace.NEAR, Duration.ZERO, ranked);
        rank(open, Pace.PUBLIC, Duration.ZERO, ranked);
        Duration relayOffset = open.isEmpty() ? Duration.ZERO : DialRanker.RELAY_DELAY;
        rank(groups.getOrDefault(AddressDistance.RELAYED, List.of()), Pace.PUBLIC, relayOffset, ranked);
        Duration last = ranked.stream()
                .map(RankedAddress::delay)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        for (Multiaddr address : groups.getOrDefault(AddressDistance.ELSEWHERE, List.of())) {
            ranked.add(new RankedAddress(address, last.plus(DialRanker.PUBLIC_OTHER_DELAY)));
        }
        ranked.sort(Comparator.comparing(RankedAddress::delay)); // stable
        return ranked.size() <= DialRanker.MAX_ADDRESSES
                ? List.copyOf(ranked)
                : List.copyOf(ranked.subList(0, DialRanker.MAX_ADDRESSES));
    }

    private static void rank(List<Multiaddr> group, Pace pace, Duration offset, List<RankedAddress> ranked) {
        List<Multiaddr> quic = new ArrayList<>();
        List<Multiaddr> tcp = new ArrayList<>();
        List<Multiaddr> others = new ArrayList<>();
        for (Multiaddr address : group.stream().sorted(BEST_FIRST).toList()) {
            switch (road(address)) {
                case QUIC, WEBTRANSPORT -> quic.add(address);
                case TCP -> tcp.add(address);
                case IN_PROCESS -> ranked.add(new RankedAddress(address, offset));
                default -> others.add(address);
            }
        }
        Duration last = race(quic, pace.same, offset, ranked);
        if (!tcp.isEmpty()) {
            last = race(tcp, pace.same, quic.isEmpty() ? offset : last.plus(pace.same), ranked);
        }
        for (Multiaddr address : others) {
            ranked.add(new RankedAddress(address, last.plus(pace.other)));
        }
    }

    /** Adds addresses of one kind, best first, and returns the delay of the last; {@code begin} if there is none. */
    private static Duration race(List<Multiaddr> best, Duration step, Duration begin, List<RankedAddress> ranked) {
        List<Multiaddr> order = new ArrayList<>(best);
        boolean bothFamilies = moveIp4Second(order);
        Duration delay = begin;
        for (int i = 0; i < order.size(); i++) {
            if (i == 1 || (i == 2 && bothFamilies)) {
                delay = delay.plus(step);
            }
            ranked.add(new RankedAddress(order.get(i), delay));
        }
        return delay;
    }

    private static boolean moveIp4Second(List<Multiaddr> order) {
        if (order.isEmpty() || family(order.get(0)) != Family.IP6) {
            return false;
        }
        for (int i = 1; i < order.size(); i++) {
            if (family(order.get(i)) == Family.IP4) {
                order.add(1, order.remove(i));
                return true;
            }
        }
        return false;
    }

    private static Road road(Multiaddr address) {
        if (address.has(Protocol.WEBTRANSPORT)) {
            return Road.WEBTRANSPORT;
        }
        if (address.has(Protocol.QUIC_V1) || address.has(Protocol.QUIC)) {
            return Road.QUIC;
        }
        if (address.has(Protocol.TCP)) {
            return Road.TCP;
        }
        if (address.has(Protocol.WEBRTC_DIRECT)) {
            return Road.WEBRTC;
        }
        Protocol head = address.first().protocol();
        return head == Protocol.MEMORY || head == Protocol.UNIX ? Road.IN_PROCESS : Road.OTHER;
    }

    private static Family family(Multiaddr address) {
        return switch (AddressDistance.head(address).protocol()) {
            case IP6 -> Family.IP6;
            case IP4 -> Family.IP4;
            default -> Family.NAME;
        };
    }

    private static boolean draft(Multiaddr address) {
        return address.has(Protocol.QUIC) && !address.has(Protocol.QUIC_V1);
    }

    private static int port(Multiaddr address) {
        Protocol carrier = road(address) == Road.TCP ? Protocol.TCP : Protocol.UDP;
        return address.port(carrier).orElse(0);
    }
}
