package io.reactivep2p.transport.quic;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one transport, and which of them a dial leaves from: one that listens, so that the peer sees an address that others can
 * use, else one that other dials have opened, else a new one. Thread-safe.
 */
final class SocketTable {

    private final QuicOptions options;
    private final List<QuicSocket> listening = new ArrayList<>();
    private final List<QuicSocket> dialing = new ArrayList<>();

    SocketTable(QuicOptions options) {
        this.options = options;
    }

    synchronized void addListening(QuicSocket socket) {
        listening.add(socket);
        socket.onClosed(() -> removeListening(socket));
    }

    synchronized void removeListening(QuicSocket socket) {
        listening.remove(socket);
    }

    private synchronized void addDialing(QuicSocket socket) {
        dialing.add(socket);
        socket.onClosed(() -> removeDialing(socket));
    }

    private synchronized void removeDialing(QuicSocket socket) {
        dialing.remove(socket);
    }

    /** Finds a socket to dial {@code remote} from, which counts the caller as a user. */
    void acquire(InetSocketAddress remote, Consumer<QuicSocket> found, Consumer<Throwable> failed) {
        QuicSocket present = present(remote);
        if (present != null) {
            found.accept(present);
            return;
        }
        QuicSocket.bind(
                options,
                new InetSocketAddress(wildcard(remote.getAddress()), 0),
                null,
                socket -> {
                    addDialing(socket);
                    found.accept(socket);
                },
                failed);
    }

    private synchronized @Nullable QuicSocket present(InetSocketAddress remote) {
        Predicate<QuicSocket> usable = socket -> reaches(socket.local(), remote) && socket.acquire();
        return listening.stream()
                .filter(usable)
                .findFirst()
                .or(() -> dialing.stream().filter(usable).findFirst())
                .orElse(null);
    }

    /** Whether packets from a socket bound to {@code local} get to {@code remote}, and are not its own. */
    static boolean reaches(InetSocketAddress local, InetSocketAddress remote) {
        InetAddress from = local.getAddress();
        InetAddress to = remote.getAddress();
        if ((from instanceof Inet4Address) != (to instanceof Inet4Address)) {
            return false;
        }
        if (from.isAnyLocalAddress()) {
            return local.getPort() != remote.getPort();
        }
        return !local.equals(remote)
                && from.isLoopbackAddress() == to.isLoopbackAddress()
                && from.isLinkLocalAddress() == to.isLinkLocalAddress();
    }

    private static InetAddress wildcard(InetAddress family) {
        try {
            return InetAddress.getByAddress(new byte[family.getAddress().length]);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
