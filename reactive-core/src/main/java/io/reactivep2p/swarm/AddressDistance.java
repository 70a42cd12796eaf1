package io.reactivep2p.swarm;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Multiaddr.Component;
import io.reactivep2p.multiformats.Protocol;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How far away an address is, nearest first. */
enum AddressDistance {
    /** In this process, on this machine, or on a network of its own. */
    NEAR,
    /** An IP that is not near, or a name that nobody resolved. */
    PUBLIC,
    /** Behind a relay, wherever that is. */
    RELAYED,
    /** No IP at all: onion routing and the like. */
    ELSEWHERE;

    private static final int IP4_BYTES = 4;
    private static final String LOCALHOST = "localhost";

    /** Names that the public DNS does not answer, or not the same everywhere (RFC 6761, 6762, 8375). */
    private static final List<String> NOT_PUBLIC =
            List.of(LOCALHOST, "local", "test", "invalid", "home.arpa", "in-addr.arpa", "ip6.arpa");

    static AddressDistance of(Multiaddr address) {
        if (address.has(Protocol.P2P_CIRCUIT)) {
            return RELAYED;
        }
        Component head = head(address);
        return switch (head.protocol()) {
            case MEMORY, UNIX -> NEAR;
            case IP4, IP6 -> IpRange.anyContains(IpRange.NEAR, ip(head)) ? NEAR : PUBLIC;
            case DNS, DNS4, DNS6, DNSADDR -> isWithin(head.value(), LOCALHOST) ? NEAR : PUBLIC;
            default -> ELSEWHERE;
        };
    }

    /** Whether a public network carries packets there: narrower than {@link #PUBLIC}, and looks at a relay's own address. */
    static boolean isRoutable(Multiaddr address) {
        Component head = head(address);
        return switch (head.protocol()) {
            case IP4, IP6 -> isRoutable(ip(head));
            case DNS, DNS4, DNS6, DNSADDR -> NOT_PUBLIC.stream().noneMatch(domain -> isWithin(head.value(), domain));
            default -> false;
        };
    }

    /** What says where it is: the first component, or the one behind a zone. */
    static Component head(Multiaddr address) {
        return address.first().protocol() == Protocol.IP6ZONE && address.size() > 1 ? address.get(1) : address.first();
    }

    private static boolean isRoutable(byte[] ip) {
        return !IpRange.anyContains(IpRange.NEAR, ip)
                && !IpRange.anyContains(IpRange.UNROUTABLE, ip)
                && (ip.length == IP4_BYTES || IpRange.anyContains(IpRange.GLOBAL_IP6, ip));
    }

    /** IPv4 in IPv6 clothes, as {@code ::ffff:10.0.0.1}, is as far away as it is without. */
    private static byte[] ip(Component component) {
        byte[] ip = component.valueBytes();
        return IpRange.MAPPED_IP4.contains(ip) ? Arrays.copyOfRange(ip, ip.length - IP4_BYTES, ip.length) : ip;
    }

    private static boolean isWithin(@Nullable String name, String domain) {
        String lower = name == null ? "" : name.toLowerCase(Locale.ROOT);
        return lower.equals(domain) || lower.endsWith("." + domain);
    }
}
