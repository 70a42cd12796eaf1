package io.reactivep2p.transport.quic;

import io.netty.handler.codec.quic.QuicResetTokenGenerator;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Stateless reset tokens (RFC 9000, 10.3.2): who knows the token of a connection id can end its connection, so it must not follow from
 * anything that is seen on the wire. It is the HMAC-SHA256 of the id, by a key that is used for nothing else and dies with the socket.
 */
final class ResetTokens implements QuicResetTokenGenerator {

    static final int KEY_BYTES = 32;

    static final int TOKEN_BYTES = 16;

    private static final String HMAC = "HmacSHA256";

    private final Mac mac;

    /** @param key {@link #KEY_BYTES} random bytes */
    ResetTokens(byte[] key) {
        try {
            mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }

    @Override
    public ByteBuffer newResetToken(ByteBuffer id) {
        mac.update(id.duplicate());
        return ByteBuffer.wrap(Arrays.copyOf(mac.doFinal(), TOKEN_BYTES));
    }
}
