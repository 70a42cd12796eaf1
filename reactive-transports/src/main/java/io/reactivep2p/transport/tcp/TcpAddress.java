package io.reactivep2p.transport.tcp;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Multiaddr.Component;
import io.reactivep2p.multiformats.Protocol;
import io.reactivep2p.transport.netty.InetEndpoint;
import java.util.List;
import java.util.Optional;

/**
 * The shapes of address that are plain TCP, each with or without a {@code /p2p/...} at the end:
 *
 * <pre>
 *   [/ip6zone/Z]/ip6/A/tcp/P    /ip4/A/tcp/P            endpoint
 *   /dns/H/tcp/P    /dns4/H/tcp/P    /dns6/H/tcp/P      name
 *   /dnsaddr/H      /dnsaddr/H/tcp/P                    name
 * </pre>
 */
final class TcpAddress {

    private TcpAddress() {}

    static Optional<InetEndpoint> endpoint(Multiaddr address) {
        return InetEndpoint.of(address, Protocol.TCP).filter(endpoint -> isEnd(endpoint.rest()));
    }

    static boolean isName(Multiaddr address) {
        List<Component> components = address.components();
        List<Component> rest = components.subList(1, components.size());
        boolean port = !rest.isEmpty() && rest.get(0).protocol() == Protocol.TCP;
        List<Component> end = port ? rest.subList(1, rest.size()) : rest;
        return switch (address.first().protocol()) {
            case DNS, DNS4, DNS6 -> port && isEnd(end);
            case DNSADDR -> isEnd(end);
            default -> false;
        };
    }

    private static boolean isEnd(List<Component> rest) {
        return rest.isEmpty() || (rest.size() == 1 && rest.get(0).protocol() == Protocol.P2P);
    }
}
