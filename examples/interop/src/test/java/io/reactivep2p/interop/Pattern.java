package io.reactivep2p.interop;

import io.netty.buffer.ByteBuf;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** The bytes that the test protocols carry: xorshift32, each state as four bytes, least significant first. */
final class Pattern {

    private static final int SEED_OF_ZERO = 0x9e3779b9;
    private static final int HASHED_AT_ONCE = 64 * 1024;

    private int state;
    private int bytesLeft;
    private int word;

    Pattern(int seed) {
        this.state = seed == 0 ? SEED_OF_ZERO : seed;
    }

    byte next() {
        if (bytesLeft == 0) {
            state ^= state << 13;
            state ^= state >>> 17;
            state ^= state << 5;
            word = state;
            bytesLeft = Integer.BYTES;
        }
        byte next = (byte) word;
        word >>>= Byte.SIZE;
        bytesLeft--;
        return next;
    }

    /** The next {@code count} bytes. */
    byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = next();
        }
        return bytes;
    }

    /** Whether {@code data} is what comes next. Reads {@code data} to its end. */
    boolean accepts(ByteBuf data) {
        // Copied in one go: paranoid leak detection notes every access to a buffer.
        byte[] actual = new byte[data.readableBytes()];
        data.readBytes(actual);
        return Arrays.equals(actual, bytes(actual.length));
    }

    /** SHA-256 of the first {@code count} bytes, in hex. */
    static String sha256(int seed, long count) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            Pattern pattern = new Pattern(seed);
            for (long left = count; left > 0; left -= HASHED_AT_ONCE) {
                digest.update(pattern.bytes((int) Math.min(left, HASHED_AT_ONCE)));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
