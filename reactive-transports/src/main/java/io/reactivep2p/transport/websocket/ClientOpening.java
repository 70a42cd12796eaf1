package io.reactivep2p.transport.websocket;

import io.reactivep2p.connection.SansIo;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The dialer's side of the opening handshake (RFC 6455, section 4.1). No extension and no subprotocol is asked for. */
@SansIo
final class ClientOpening implements Opening {

    static final int KEY_LENGTH = 16;

    /** So much of a foreign status line gets into a message. */
    private static final int MAX_QUOTED = 100;

    private static final String STATUS_LINE = "HTTP/1\\.1 \\d{3}( .*)?";

    private final String host;
    private final String key;

    /**
     * @param host the value of the field {@code Host}
     * @param nonce {@value #KEY_LENGTH} random bytes
     */
    ClientOpening(String host, byte[] nonce) {
        this.host = host;
        this.key = Base64.getEncoder().encodeToString(nonce);
    }

    @Override
    public String request() {
        return "GET / HTTP/1.1\r\n"
                + "Host: " + host + "\r\n"
                + "Upgrade: websocket\r\n"
                + "Connection: Upgrade\r\n"
                + "Sec-WebSocket-Key: " + key + "\r\n"
                + "Sec-WebSocket-Version: " + VERSION + "\r\n"
                + "\r\n";
    }

    @Override
    public Outcome onHead(HttpHead head) {
        return new Outcome(null, refusal(head));
    }

    private @Nullable String refusal(HttpHead head) {
        String start = head.start();
        if (!start.matches(STATUS_LINE)) {
            return "the answer is not HTTP/1.1: " + quoted(start);
        }
        if (!start.startsWith(Integer.toString(HttpStatus.SWITCHING_PROTOCOLS.code()), "HTTP/1.1 ".length())) {
            return "the answer is " + quoted(start.substring("HTTP/1.1 ".length()));
        }
        if (!head.lists("Upgrade", "websocket") || !head.lists("Connection", "upgrade")) {
            return "the answer upgrades to something else";
        }
        if (!head.values("Sec-WebSocket-Accept").equals(List.of(Opening.accept(key)))) {
            return "the answer is not for our key";
        }
        if (head.has("Sec-WebSocket-Extensions")) {
            return "the answer has an extension that was not asked for: "
                    + quoted(head.values("Sec-WebSocket-Extensions").get(0));
        }
        if (head.has("Sec-WebSocket-Protocol")) {
            return "the answer has a subprotocol that was not asked for: "
                    + quoted(head.values("Sec-WebSocket-Protocol").get(0));
        }
        return null;
    }

    @Override
    public Outcome onMalformedHead(HttpHeadException malformed) {
        return new Outcome(null, "the answer is not HTTP: " + malformed.getMessage());
    }

    private static String quoted(String foreign) {
        return foreign.length() <= MAX_QUOTED ? foreign : foreign.substring(0, MAX_QUOTED) + "...";
    }
}
