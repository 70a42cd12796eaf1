package io.reactivep2p.transport.quic;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.transport.TransportException;
import io.reactivep2p.transport.netty.InetEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;

/** Says why an address could not be bound, by looking at the address: the JDK tells the reasons apart by their text alone. */
final class BindFailure {

    private static final int FIRST_UNPRIVILEGED_PORT = 1024;

    private BindFailure() {}

    static TransportException of(Multiaddr address, Throwable cause) {
        return new TransportException(address, "cannot listen: " + describe(address, cause), cause);
    }

    private static String describe(Multiaddr address, Throwable cause) {
        InetEndpoint endpoint = QuicAddress.endpoint(address).orElse(null);
        if (endpoint == null || cause instanceof UnknownHostException || !(cause instanceof IOException)) {
            return address + ": " + cause.getMessage();
        }
        if (!isOurs(endpoint.ip())) {
            return "address " + address + " is none of this machine (" + cause.getMessage() + ")";
        }
        return endpoint.port() >= FIRST_UNPRIVILEGED_PORT
                ? "address " + address + " is in use"
                : "address " + address + ": " + cause.getMessage();
    }

    private static boolean isOurs(InetAddress ip) {
        try {
            return ip.isAnyLocalAddress() || ip.isLoopbackAddress() || NetworkInterface.getByInetAddress(ip) != null;
        } catch (SocketException e) {
            return true;
        }
    }
}
