package io.reactivep2p.transport.netty;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.transport.TransportException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;

/**
 * Says why an address could not be bound. The JDK tells "in use" from "not ours" and "not allowed" by its text alone, so these are told
 * apart by looking at the address.
 */
public final class BindFailure {

    private static final int FIRST_UNPRIVILEGED_PORT = 1024;

    private BindFailure() {}

    /** @param endpoint of the address */
    public static TransportException of(Multiaddr address, InetEndpoint endpoint, Throwable cause) {
        return new TransportException(address, "cannot listen: " + describe(address, endpoint, cause), cause);
    }

    private static String describe(Multiaddr address, InetEndpoint endpoint, Throwable cause) {
        if (cause instanceof UnknownHostException || !(cause instanceof IOException)) {
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
