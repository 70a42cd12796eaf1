package io.reactivep2p.transport.websocket;

import io.netty.util.NetUtil;
import java.net.IDN;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * The host that a dial is for, as HTTP and TLS write it. An address can have any text for a name; what is no host name gets no further
 * than here, and no line break reaches a header.
 *
 * @param text a name in ASCII without a dot at its end, or an IP
 * @param isIp whether it is an IP, which is never sent as a server name (RFC 6066, section 3)
 */
record HostName(String text, boolean isIp) {

    private static final int MAX_LENGTH = 253;
    private static final String ALLOWED = "[A-Za-z0-9._-]+";

    /** @throws IllegalArgumentException if the name is none */
    static HostName of(WebSocketAddress address) {
        String name = address.name();
        if (name != null) {
            boolean literal = NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name);
            return literal ? new HostName(name, true) : new HostName(ascii(name), false);
        }
        InetAddress ip = address.tcp().ipAddress().orElseThrow();
        String text = ip.getHostAddress();
        int zone = text.indexOf('%');
        return new HostName(zone < 0 ? text : text.substring(0, zone), true);
    }

    private static String ascii(String name) {
        String written = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        String ascii = written.matches(ALLOWED) ? written : toAscii(written);
        if (ascii == null || !ascii.matches(ALLOWED) || ascii.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("no host name");
        }
        return ascii;
    }

    private static @Nullable String toAscii(String name) {
        try {
            return IDN.toASCII(name, IDN.USE_STD3_ASCII_RULES);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The value of the field {@code Host}: the port only where it is not the usual one. */
    String header(WebSocketAddress address) {
        String host = isIp && text.indexOf(':') >= 0 ? "[" + text + "]" : text;
        return address.isDefaultPort() ? host : host + ":" + address.port();
    }
}
