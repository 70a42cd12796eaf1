package io.reactivep2p.swarm;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Multiaddr.Component;
import io.reactivep2p.multiformats.Protocol;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Leaves out addresses that a better one at the same IP and port makes superfluous: WebTransport and draft QUIC beside {@code quic-v1},
 * WebSocket beside plain TCP. As go-libp2p does.
 */
@SansIo
final class RedundantAddresses {

    private static final Set<Protocol> DRESSES_OF_TCP =
            EnumSet.of(Protocol.WS, Protocol.WSS, Protocol.TLS, Protocol.HTTP, Protocol.HTTPS);

    private RedundantAddresses() {}

    static List<Multiaddr> without(List<Multiaddr> addresses) {
        Set<Place> direct = new HashSet<>();
        for (Multiaddr address : addresses) {
            // Strangers advertise what is of two kinds at once: such an address must not make itself superfluous.
            if (!isDressed(address) && (isPlainQuic(address) || isPlainTcp(address))) {
                direct.add(place(address));
            }
        }
        return addresses.stream()
                .filter(address -> !isDressed(address) || !direct.contains(place(address)))
                .toList();
    }

    private static boolean isPlainQuic(Multiaddr address) {
        return address.has(Protocol.QUIC_V1) && !address.has(Protocol.WEBTRANSPORT);
    }

    private static boolean isPlainTcp(Multiaddr address) {
        return address.has(Protocol.TCP) && DRESSES_OF_TCP.stream().noneMatch(address::has);
    }

    private static boolean isDressed(Multiaddr address) {
        return address.has(Protocol.WEBTRANSPORT)
                || (address.has(Protocol.QUIC) && !address.has(Protocol.QUIC_V1))
                || address.has(Protocol.WS)
                || address.has(Protocol.WSS);
    }

    private static Place place(Multiaddr address) {
        int at = address.first().protocol() == Protocol.IP6ZONE ? 1 : 0;
        int end = Math.min(at + 2, address.size());
        // A relay that is there and the peer itself are two different ends.
        return new Place(List.copyOf(address.components().subList(0, end)), address.has(Protocol.P2P_CIRCUIT));
    }

    /** @param head IP and port, or whatever an address without them begins with */
    private record Place(List<Component> head, boolean relayed) {}
}
