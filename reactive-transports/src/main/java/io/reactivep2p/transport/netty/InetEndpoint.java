package io.reactivep2p.transport.netty;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Multiaddr.Component;
import io.reactivep2p.multiformats.Protocol;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The head of an address that says where a socket is, {@code [/ip6zone/Z]/ip4|ip6/A/tcp|udp/P}, and what follows it.
 *
 * <p>An IPv4 address in IPv6 clothes ({@code ::ffff:192.0.2.1}) becomes plain IPv4 in both directions. A zone is kept for
 * link-local addresses and dropped from all others, which are unambiguous without.
 *
 * @param zone the name or number of the network interface a link-local IPv6 address belongs to
 * @param rest the components behind the port
 */
public record InetEndpoint(InetAddress ip, @Nullable String zone, int port, List<Component> rest) {

    private static final int MAPPED_PREFIX = 12;
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    /**
     * Reads the head of {@code address}; empty if it begins otherwise, with a name for one.
     *
     * @param transport {@link Protocol#TCP} or {@link Protocol#UDP}
     */
    public static Optional<InetEndpoint> of(Multiaddr address, Protocol transport) {
        List<Component> components = address.components();
        String zone =
                address.first().protocol() == Protocol.IP6ZONE ? address.first().value() : null;
        int at = zone == null ? 0 : 1;
        if (components.size() < at + 2) {
            return Optional.empty();
        }
        Protocol family = components.get(at).protocol();
        Component port = components.get(at + 1);
        boolean ip = family == Protocol.IP6 || (family == Protocol.IP4 && zone == null);
        if (!ip || port.protocol() != transport) {
            return Optional.empty();
        }
        InetAddress inet = inet(components.get(at).valueBytes());
        return Optional.of(
                new InetEndpoint(inet, zone, port.port().orElseThrow(), components.subList(at + 2, components.size())));
    }

    /** Where to connect or bind to. A zone that is no interface of this machine: {@link UnknownHostException}. */
    public InetSocketAddress socketAddress() throws UnknownHostException {
        if (zone == null || !(ip instanceof Inet6Address ip6) || !ip6.isLinkLocalAddress()) {
            return new InetSocketAddress(ip, port);
        }
        return new InetSocketAddress(scoped(ip6, zone), port);
    }

    private static Inet6Address scoped(Inet6Address ip, String zone) throws UnknownHostException {
        try {
            NetworkInterface named = NetworkInterface.getByName(zone);
            if (named != null) {
                return Inet6Address.getByAddress(null, ip.getAddress(), named);
            }
            return Inet6Address.getByAddress(null, ip.getAddress(), Integer.parseUnsignedInt(zone));
        } catch (SocketException | NumberFormatException e) {
            throw new UnknownHostException("no network interface " + zone);
        }
    }

    /** The address of a socket, as {@code /ip4/.../tcp/...} and the like. */
    public static Multiaddr multiaddr(InetSocketAddress socket, Protocol transport) {
        return Multiaddr.of(new InetSocketAddress(canonical(socket.getAddress()), socket.getPort()), transport);
    }

    private static InetAddress canonical(InetAddress ip) {
        if (ip instanceof Inet4Address) {
            return ip;
        }
        return ip instanceof Inet6Address ip6 && ip6.isLinkLocalAddress() ? named(ip6) : inet(ip.getAddress());
    }

    /** The kernel numbers the zone; a name is what people write, and survives a restart. */
    private static Inet6Address named(Inet6Address ip) {
        if (ip.getScopeId() == 0 || ip.getScopedInterface() != null) {
            return ip;
        }
        try {
            NetworkInterface zone = NetworkInterface.getByIndex(ip.getScopeId());
            return zone == null ? ip : Inet6Address.getByAddress(null, ip.getAddress(), zone);
        } catch (SocketException | UnknownHostException e) {
            return ip;
        }
    }

    /** Without a zone, and IPv4 if mapped. */
    private static InetAddress inet(byte[] bytes) {
        boolean mapped =
                bytes.length > MAPPED_PREFIX && Arrays.equals(bytes, 0, MAPPED_PREFIX, MAPPED, 0, MAPPED_PREFIX);
        try {
            return InetAddress.getByAddress(mapped ? Arrays.copyOfRange(bytes, MAPPED_PREFIX, bytes.length) : bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("no IP address: " + bytes.length + " bytes", e);
        }
    }
}
