package io.reactivep2p.swarm;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Protocol;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;

/** How far away an address is, nearest first: a near one answers or fails soonest, and a relay is the last resort. */
enum AddressDistance {
    NEAR,
    PUBLIC,
    RELAYED;

    private static final int IP4_BYTES = 4;

    static List<Multiaddr> rank(List<Multiaddr> addresses) {
        return addresses.stream()
                .sorted(Comparator.comparing(AddressDistance::of)) // stable
                .limit(DialRanker.MAX_ADDRESSES)
                .toList();
    }

    /** A name that nobody resolved counts as public. */
    static AddressDistance of(Multiaddr address) {
        if (address.has(Protocol.P2P_CIRCUIT)) {
            return RELAYED;
        }
        Protocol first = address.first().protocol();
        if (first == Protocol.MEMORY || first == Protocol.UNIX) {
            return NEAR;
        }
        return address.ipAddress().filter(AddressDistance::isNear).isPresent() ? NEAR : PUBLIC;
    }

    private static boolean isNear(InetAddress ip) {
        return ip.isLoopbackAddress() || ip.isLinkLocalAddress() || ip.isSiteLocalAddress() || isShared(ip);
    }

    /** What {@link InetAddress} does not know as private: 100.64.0.0/10 (RFC 6598) and fc00::/7 (RFC 4193). */
    private static boolean isShared(InetAddress ip) {
        byte[] bytes = ip.getAddress();
        return bytes.length == IP4_BYTES ? bytes[0] == 100 && (bytes[1] & 0xC0) == 0x40 : (bytes[0] & 0xFE) == 0xFC;
    }
}
