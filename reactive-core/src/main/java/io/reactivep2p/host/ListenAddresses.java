package io.reactivep2p.host;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Multiaddr.Component;
import io.reactivep2p.multiformats.Protocol;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.stream.Stream;

/** Replaces the unspecified IP ({@code 0.0.0.0}, {@code ::}) of a listening address by the IPs of this machine's interfaces. */
final class ListenAddresses {

    /** More than this many addresses of one listener are not told to anyone. */
    static final int MAX_ADDRESSES = 64;

    private ListenAddresses() {}

    /**
     * The addresses that {@code bound} can be reached at, itself if its first component is no unspecified IP or if the interfaces
     * cannot be listed. Link-local IPs are left out, since they mean nothing without their zone.
     *
     * <p>Asks the operating system: some microseconds per interface, no waiting.
     */
    static List<Multiaddr> of(Multiaddr bound) {
        if (!isUnspecified(bound)) {
            return List.of(bound);
        }
        Protocol family = bound.first().protocol();
        try (Stream<NetworkInterface> interfaces = NetworkInterface.networkInterfaces()) {
            List<Multiaddr> reachable = interfaces
                    .filter(ListenAddresses::isUp)
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(ip -> ip instanceof Inet4Address == (family == Protocol.IP4) && !ip.isLinkLocalAddress())
                    .limit(MAX_ADDRESSES)
                    .map(ip -> bound.replace(0, Component.of(ip)))
                    .distinct()
                    .toList();
            return reachable.isEmpty() ? List.of(bound) : reachable;
        } catch (SocketException unknown) {
            return List.of(bound);
        }
    }

    /** Whether the interfaces must be asked for. */
    static boolean isUnspecified(Multiaddr bound) {
        Protocol family = bound.first().protocol();
        return (family == Protocol.IP4 || family == Protocol.IP6)
                && bound.ipAddress().filter(InetAddress::isAnyLocalAddress).isPresent();
    }

    private static boolean isUp(NetworkInterface network) {
        try {
            return network.isUp();
        } catch (SocketException gone) {
            return false;
        }
    }
}
