package io.reactivep2p.transport.quic;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Multiaddr.Component;
import io.reactivep2p.multiformats.Protocol;
import io.reactivep2p.transport.netty.InetEndpoint;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * The shapes of address that are QUIC version 1, each with or without a {@code /p2p/...} at the end:
 *
 * <pre>
 *   [/ip6zone/Z]/ip6/A/udp/P/quic-v1    /ip4/A/udp/P/quic-v1                                endpoint
 *   /dns/H/udp/P/quic-v1    /dns4/...    /dns6/...    /dnsaddr/H/udp/P/quic-v1              name
 * </pre>
 */
final class QuicAddress {

    private QuicAddress() {}

    static Optional<InetEndpoint> endpoint(Multiaddr address) {
        return InetEndpoint.of(address, Protocol.UDP).filter(endpoint -> isEnd(endpoint.rest()));
    }

    static boolean isName(Multiaddr address) {
        List<Component> components = address.components();
        boolean name =
                switch (address.first().protocol()) {
                    case DNS, DNS4, DNS6, DNSADDR -> true;
                    default -> false;
                };
        return name
                && components.size() > 2
                && components.get(1).protocol() == Protocol.UDP
                && isEnd(components.subList(2, components.size()));
    }

    static Multiaddr of(InetSocketAddress socket) {
        return InetEndpoint.multiaddr(socket, Protocol.UDP).with(Protocol.QUIC_V1);
    }

    private static boolean isEnd(List<Component> rest) {
        return !rest.isEmpty()
                && rest.get(0).protocol() == Protocol.QUIC_V1
                && (rest.size() == 1 || (rest.size() == 2 && rest.get(1).protocol() == Protocol.P2P));
    }
}
