package io.reactivep2p.transport.websocket;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Multiaddr.Component;
import io.reactivep2p.multiformats.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of address that are WebSockets, each with or without a {@code /p2p/...} at the end:
 *
 * <pre>
 *   [/ip6zone/Z]/ip6/A    /tcp/P /ws                    no TLS
 *   /ip4/A                       /tls/ws                TLS, the certificate is for the IP
 *   /dns/H /dns4/H /dns6/H       /tls/sni/H/ws          TLS, the certificate is for the name H
 *                                /wss                   old for /tls/ws
 * </pre>
 *
 * Without {@code /tcp/P} the port is that of HTTP or HTTPS.
 *
 * @param tcp the part that is for TCP, up to the port
 * @param name the name to show to the remote side, of {@code sni} or else of {@code dns}; {@code null} if there is but an IP
 * @param sni whether the name is an {@code sni} component
 */
record WebSocketAddress(
        Multiaddr tcp, boolean tls, @Nullable String name, boolean sni) {

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    static Optional<WebSocketAddress> of(Multiaddr address) {
        List<Component> all = address.components();
        int at = all.get(0).protocol() == Protocol.IP6ZONE ? 1 : 0;
        if (at == all.size() || !isHost(all.get(at).protocol(), at == 1)) {
            return Optional.empty();
        }
        Component host = all.get(at++);
        boolean port = at < all.size() && all.get(at).protocol() == Protocol.TCP;
        int headEnd = port ? at + 1 : at;
        Suffix suffix = Suffix.of(all.subList(headEnd, all.size()));
        if (suffix == null) {
            return Optional.empty();
        }
        List<Component> head = new ArrayList<>(all.subList(0, headEnd));
        if (!port) {
            head.add(Component.of(Protocol.TCP, Integer.toString(suffix.tls() ? HTTPS_PORT : HTTP_PORT)));
        }
        boolean sni = suffix.sni() != null;
        boolean named = host.protocol() != Protocol.IP4 && host.protocol() != Protocol.IP6;
        return Optional.of(new WebSocketAddress(
                Multiaddr.of(head), suffix.tls(), sni ? suffix.sni() : named ? host.value() : null, sni));
    }

    private static boolean isHost(Protocol protocol, boolean zoned) {
        return switch (protocol) {
            case IP6 -> true;
            case IP4, DNS, DNS4, DNS6 -> !zoned;
            default -> false;
        };
    }

    /** Whether it begins with an IP, so that it can be listened on. */
    boolean isConcrete() {
        return tcp.ipAddress().isPresent();
    }

    int port() {
        return tcp.port(Protocol.TCP).orElseThrow();
    }

    boolean isDefaultPort() {
        return port() == (tls ? HTTPS_PORT : HTTP_PORT);
    }

    /** A TCP address as that of a WebSocket of this kind, in the form that is announced. */
    Multiaddr over(Multiaddr socket) {
        Multiaddr secured = tls ? socket.with(Protocol.TLS) : socket;
        return secured.with(Protocol.WS);
    }

    /** As {@link #over}, with the name that makes the TLS handshake succeed. */
    Multiaddr namedOver(Multiaddr socket) {
        return tls && name != null
                ? socket.with(Protocol.TLS).with(Protocol.SNI, name).with(Protocol.WS)
                : over(socket);
    }

    /** What stands behind the port. */
    private record Suffix(boolean tls, @Nullable String sni) {

        static @Nullable Suffix of(List<Component> components) {
            int end = components.size();
            if (end > 0 && components.get(end - 1).protocol() == Protocol.P2P) {
                end--;
            }
            List<Protocol> shape =
                    components.subList(0, end).stream().map(Component::protocol).toList();
            if (shape.equals(List.of(Protocol.WS))) {
                return new Suffix(false, null);
            }
            if (shape.equals(List.of(Protocol.WSS)) || shape.equals(List.of(Protocol.TLS, Protocol.WS))) {
                return new Suffix(true, null);
            }
            return shape.equals(List.of(Protocol.TLS, Protocol.SNI, Protocol.WS))
                    ? new Suffix(true, Objects.requireNonNull(components.get(1).value()))
                    : null;
        }
    }
}
