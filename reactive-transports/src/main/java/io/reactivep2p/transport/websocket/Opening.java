package io.reactivep2p.transport.websocket;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** One side of the opening handshake (RFC 6455, section 4): a request, an answer, and the connection is a WebSocket. */
sealed interface Opening permits ClientOpening, ServerOpening {

    String VERSION = "13";

    /** What this side says first; {@code null} if the other side begins. */
    @Nullable
    String request();

    /** What follows from the head of the other side's message. */
    Outcome onHead(HttpHead head);

    /** What follows from bytes that are none. */
    Outcome onMalformedHead(HttpHeadException malformed);

    /**
     * The end of the handshake.
     *
     * @param send the last words of this side, if it has any
     * @param refusal why there is no WebSocket; {@code null} if there is one
     */
    record Outcome(@Nullable String send, @Nullable String refusal) {}

    /** The proof that a server has read the client's key (section 4.2.2). */
    static String accept(String key) {
        String challenged = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest(challenged.getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
