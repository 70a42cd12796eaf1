package io.reactivep2p.transport.netty;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Multiaddr.Component;
import io.reactivep2p.multiformats.Protocol;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the name of a WebSocket over TLS, whose certificate is for it, where an IP takes its place in the address:
 *
 * <pre>
 *   /dns4/node.example/tcp/443/tls/ws   becomes   /dns4/node.example/tcp/443/tls/sni/node.example/ws
 *                                /wss
 * </pre>
 */
final class ServerName {

    private ServerName() {}

    /**
     * @param at of the name's component
     * @return an address in which nothing up to {@code at} has changed; the same if it needs no name or has one
     */
    static Multiaddr kept(Multiaddr address, int at, String name) {
        List<Component> components = new ArrayList<>(address.components());
        int secure = at + 1;
        if (secure < components.size() && components.get(secure).protocol() == Protocol.TCP) {
            secure++;
        }
        if (is(components, secure, Protocol.WSS)) {
            components.set(secure, Component.of(Protocol.TLS));
            components.add(secure + 1, Component.of(Protocol.WS));
        } else if (!is(components, secure, Protocol.TLS) || !is(components, secure + 1, Protocol.WS)) {
            return address;
        }
        components.add(secure + 1, Component.of(Protocol.SNI, name));
        return Multiaddr.of(components);
    }

    private static boolean is(List<Component> components, int at, Protocol protocol) {
        return at < components.size() && components.get(at).protocol() == protocol;
    }
}
