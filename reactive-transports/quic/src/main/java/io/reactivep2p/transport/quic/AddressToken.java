package io.reactivep2p.transport.quic;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.SansIo;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The token of a Retry packet (RFC 9000, 8.1.2): whoever sends it back can receive at the address it was sent to.
 *
 * <pre>
 *   issued, nanoseconds 64 | HMAC-SHA256 of all the rest and the client's IP and port, its first 128 bits | original dcid, 0..20 bytes
 * </pre>
 *
 * <p>Nothing is kept per token: a flood of requests costs a hash each, and no memory. A token serves its client alone, for {@link
 * #LIFETIME_NANOS}; within that time more than once, which no more than proves the address again. The key dies with the socket.
 */
@SansIo
final class AddressToken {

    /** Time for one round trip with losses; as go, whose tokens live as long as a handshake. */
    static final long LIFETIME_NANOS = TimeUnit.SECONDS.toNanos(10);

    static final int KEY_BYTES = 32;

    static final int MAX_BYTES = 44;

    private static final String HMAC = "HmacSHA256";
    private static final int MAC_BYTES = 16;
    private static final int HEADER_BYTES = Long.BYTES + MAC_BYTES;
    private static final int MAX_ID_BYTES = MAX_BYTES - HEADER_BYTES;

    private final Mac mac;

    /** @param key {@link #KEY_BYTES} random bytes */
    AddressToken(byte[] key) {
        try {
            mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }

    /** Appends a token to {@code out}. */
    void write(ByteBuf out, ByteBuf originalId, InetSocketAddress client, long nowNanos) {
        int idBytes = originalId.readableBytes();
        if (idBytes > MAX_ID_BYTES) {
            throw new IllegalArgumentException("a connection id has at most 20 bytes, not " + idBytes);
        }
        byte[] id = bytes(originalId, originalId.readerIndex(), idBytes);
        out.writeLong(nowNanos)
                .writeBytes(sign(nowNanos, client, id), 0, MAC_BYTES)
                .writeBytes(id);
    }

    /** The index at which the original connection id begins in a token of ours that still holds for {@code client}; else -1. */
    int verify(ByteBuf token, InetSocketAddress client, long nowNanos) {
        int start = token.readerIndex();
        int bytes = token.readableBytes();
        if (bytes < HEADER_BYTES || bytes > MAX_BYTES) {
            return -1;
        }
        long issued = token.getLong(start);
        byte[] id = bytes(token, start + HEADER_BYTES, bytes - HEADER_BYTES);
        byte[] expected = new byte[MAC_BYTES];
        System.arraycopy(sign(issued, client, id), 0, expected, 0, MAC_BYTES);
        boolean ours = MessageDigest.isEqual(expected, bytes(token, start + Long.BYTES, MAC_BYTES));
        long age = nowNanos - issued;
        return ours && age >= 0 && age <= LIFETIME_NANOS ? HEADER_BYTES : -1;
    }

    private byte[] sign(long issued, InetSocketAddress client, byte[] id) {
        // The IP's length is signed with it, else bytes could move between IP and id.
        byte[] ip = client.getAddress().getAddress();
        mac.update(ByteBuffer.allocate(Long.BYTES + Integer.BYTES + 1)
                .putLong(issued)
                .putInt(client.getPort())
                .put((byte) ip.length)
                .flip());
        mac.update(ip);
        return mac.doFinal(id);
    }

    private static byte[] bytes(ByteBuf from, int index, int length) {
        byte[] bytes = new byte[length];
        from.getBytes(index, bytes);
        return bytes;
    }
}
