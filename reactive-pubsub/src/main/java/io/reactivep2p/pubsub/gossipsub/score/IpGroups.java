package io.reactivep2p.pubsub.gossipsub.score;

import io.reactivep2p.connection.SansIo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * How many peers are behind an IP address (P6). A peer belongs to the group of each of its addresses, and with an IPv6 address to that
 * of its network of 64 bits: one household or server has as many addresses of those as it likes. Holds no more groups than the peers
 * have.
 */
@SansIo
final class IpGroups {

    /** Addresses of one peer that are looked at; it has one for each connection. */
    static final int MAX_ADDRESSES = 8;

    private static final int NETWORK_BYTES = 8;
    private static final IpRange LOOPBACK_4 = IpRange.of("127.0.0.0/8");
    private static final IpRange LOOPBACK_6 = IpRange.of("::1/128");
    private static final IpRange MAPPED_4 = IpRange.of("::ffff:0:0/96");

    private final ScoreParams.Colocation params;
    private final List<IpRange> exempt;
    private final Map<String, Integer> peers = new HashMap<>();

    IpGroups(ScoreParams.Colocation params) {
        this.params = params;
        this.exempt = params.exempt().stream().map(IpRange::of).toList();
    }

    /** The groups of a peer with these addresses; what is no address is left out. */
    List<String> of(Collection<String> addresses) {
        List<String> groups = new ArrayList<>(2);
        addresses.stream().limit(MAX_ADDRESSES).forEach(address -> addGroups(address, groups));
        return List.copyOf(groups);
    }

    private void addGroups(String address, List<String> groups) {
        byte[] ip;
        try {
            ip = IpRange.bytes(address);
        } catch (IllegalArgumentException notAnIp) {
            return;
        }
        if (MAPPED_4.contains(ip)) {
            ip = Arrays.copyOfRange(ip, IpRange.IP6_BYTES - 4, IpRange.IP6_BYTES);
        }
        if (LOOPBACK_4.contains(ip) || LOOPBACK_6.contains(ip)) {
            return; // many nodes on one machine are a test, not an attack
        }
        add(ip, ip.length, groups);
        if (ip.length == IpRange.IP6_BYTES) {
            Arrays.fill(ip, NETWORK_BYTES, ip.length, (byte) 0);
            add(ip, NETWORK_BYTES, groups);
        }
    }

    private void add(byte[] ip, int bytes, List<String> groups) {
        String group = HexFormat.of().formatHex(ip, 0, bytes);
        if (exempt.stream().noneMatch(range -> range.contains(ip)) && !groups.contains(group)) {
            groups.add(group);
        }
    }

    void join(List<String> groups) {
        groups.forEach(group -> peers.merge(group, 1, Integer::sum));
    }

    void leave(List<String> groups) {
        groups.forEach(group -> peers.computeIfPresent(group, (key, count) -> count > 1 ? count - 1 : null));
    }

    /** The sum of the squares of what the groups have too many. */
    double excess(List<String> groups) {
        double sum = 0;
        for (String group : groups) {
            double excess = peers.getOrDefault(group, 0) - params.threshold();
            if (excess > 0) {
                sum += excess * excess;
            }
        }
        return sum;
    }

    /** For tests: how many groups are known. */
    int size() {
        return peers.size();
    }
}
