package io.reactivep2p.transport.websocket;

import io.reactivep2p.connection.SansIo;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The listener's side of the opening handshake (RFC 6455, section 4.2). Any path and any {@code Origin} will do, extensions and
 * subprotocols that are offered are passed over.
 */
@SansIo
final class ServerOpening implements Opening {

    private static final String REQUEST_LINE = "[!-~]+ [!-~]+ HTTP/1\\.[0-9]";

    ServerOpening() {}

    @Override
    public @Nullable String request() {
        return null;
    }

    @Override
    public Outcome onHead(HttpHead head) {
        String start = head.start();
        if (!start.matches(REQUEST_LINE)) {
            return refused(HttpStatus.BAD_REQUEST, "no request of HTTP/1.1");
        }
        if (!start.startsWith("GET ")) {
            return refused(HttpStatus.METHOD_NOT_ALLOWED, "a request that is no GET");
        }
        if (start.endsWith("0") || head.values("Host").size() != 1) {
            return refused(HttpStatus.BAD_REQUEST, "a request of HTTP/1.0, or without one Host");
        }
        if (hasBody(head)) {
            return refused(HttpStatus.BAD_REQUEST, "a GET with a body");
        }
        if (!head.lists("Upgrade", "websocket") || !head.lists("Connection", "upgrade")) {
            return refused(HttpStatus.UPGRADE_REQUIRED, "a request that does not upgrade to a WebSocket");
        }
        if (!head.values("Sec-WebSocket-Version").equals(List.of(VERSION))) {
            return refused(HttpStatus.UPGRADE_REQUIRED, "a request for another version of WebSocket");
        }
        List<String> keys = head.values("Sec-WebSocket-Key");
        if (keys.size() != 1 || !isKey(keys.get(0))) {
            return refused(HttpStatus.BAD_REQUEST, "a request without one key of 16 bytes");
        }
        return new Outcome(
                HttpStatus.SWITCHING_PROTOCOLS.line() + "\r\n"
                        + "Upgrade: websocket\r\n"
                        + "Connection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: " + Opening.accept(keys.get(0)) + "\r\n"
                        + "\r\n",
                null);
    }

    @Override
    public Outcome onMalformedHead(HttpHeadException malformed) {
        return refused(malformed.status(), String.valueOf(malformed.getMessage()));
    }

    /** Its bytes would be taken for frames. */
    private static boolean hasBody(HttpHead head) {
        return head.has("Transfer-Encoding")
                || head.values("Content-Length").stream().anyMatch(length -> !length.equals("0"));
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == ClientOpening.KEY_LENGTH;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Outcome refused(HttpStatus status, String why) {
        String more =
                switch (status) {
                    case METHOD_NOT_ALLOWED -> "Allow: GET\r\n";
                    case UPGRADE_REQUIRED -> "Upgrade: websocket\r\nSec-WebSocket-Version: " + VERSION + "\r\n";
                    default -> "";
                };
        // "Connection: Upgrade" is a hop's due where the field Upgrade is sent (RFC 9110, section 7.8).
        String connection = status == HttpStatus.UPGRADE_REQUIRED ? "Upgrade, close" : "close";
        return new Outcome(
                status.line() + "\r\n" + more + "Connection: " + connection + "\r\nContent-Length: 0\r\n\r\n", why);
    }
}
