package io.reactivep2p.swarm;

import io.reactivep2p.multiformats.Multiaddr;
import java.util.List;
import java.util.stream.Stream;

/** A range of IP addresses, as {@code /ip4/10.0.0.0/ipcidr/8} writes it. */
record IpRange(byte[] prefix, int bits) {

    /** This machine and its networks: RFC 1918, 4193, 6598, loopback and link-local. */
    static final List<IpRange> NEAR = all(
            "/ip4/127.0.0.0/ipcidr/8",
            "/ip4/10.0.0.0/ipcidr/8",
            "/ip4/100.64.0.0/ipcidr/10",
            "/ip4/172.16.0.0/ipcidr/12",
            "/ip4/192.168.0.0/ipcidr/16",
            "/ip4/169.254.0.0/ipcidr/16",
            "/ip6/::1/ipcidr/128",
            "/ip6/fc00::/ipcidr/7",
            "/ip6/fe80::/ipcidr/10");

    /** What a public network does not carry (RFC 6890): this network, documentation, benchmarks, multicast, reserved. */
    static final List<IpRange> UNROUTABLE = all(
            "/ip4/0.0.0.0/ipcidr/8",
            "/ip4/192.0.0.0/ipcidr/26",
            "/ip4/192.0.2.0/ipcidr/24",
            "/ip4/192.88.99.0/ipcidr/24",
            "/ip4/198.18.0.0/ipcidr/15",
            "/ip4/198.51.100.0/ipcidr/24",
            "/ip4/203.0.113.0/ipcidr/24",
            "/ip4/224.0.0.0/ipcidr/4",
            "/ip4/240.0.0.0/ipcidr/4",
            "/ip6/2001:db8::/ipcidr/32");

    /** Global unicast, and IPv4 behind NAT64 (RFC 6052, 8215). */
    static final List<IpRange> GLOBAL_IP6 =
            all("/ip6/2000::/ipcidr/3", "/ip6/64:ff9b::/ipcidr/96", "/ip6/64:ff9b:1::/ipcidr/48");

    static final IpRange MAPPED_IP4 = all("/ip6/::ffff:0:0/ipcidr/96").get(0);

    private static List<IpRange> all(String... ranges) {
        return Stream.of(ranges)
                .map(Multiaddr::of)
                .map(range ->
                        new IpRange(range.get(0).valueBytes(), range.get(1).valueBytes()[0] & 0xFF))
                .toList();
    }

    static boolean anyContains(List<IpRange> ranges, byte[] ip) {
        for (IpRange range : ranges) {
            if (range.contains(ip)) {
                return true;
            }
        }
        return false;
    }

    boolean contains(byte[] ip) {
        if (ip.length != prefix.length) {
            return false;
        }
        int whole = bits / Byte.SIZE;
        for (int i = 0; i < whole; i++) {
            if (ip[i] != prefix[i]) {
                return false;
            }
        }
        int rest = bits % Byte.SIZE;
        return rest == 0 || (ip[whole] ^ prefix[whole]) >> (Byte.SIZE - rest) == 0;
    }
}
