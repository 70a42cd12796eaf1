package io.reactivep2p.security.noise;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** SHA-256, HMAC and HKDF (Noise, section 4.3). An instance belongs to one thread. */
final class NoiseHash {

    static final int LENGTH = 32;

    private static final String HMAC = "HmacSHA256";

    private final MessageDigest digest;
    private final Mac mac;

    NoiseHash() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
            mac = Mac.getInstance(HMAC);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** {@code SHA-256(first || data[offset, offset + length))}. */
    byte[] hash(byte[] first, byte[] data, int offset, int length) {
        digest.update(first);
        digest.update(data, offset, length);
        return digest.digest();
    }

    /** The first {@code outputs} outputs, 32 bytes each. */
    byte[][] hkdf(byte[] chainingKey, byte[] input, int outputs) {
        byte[] temporaryKey = hmac(chainingKey, input, 0, false);
        byte[][] result = new byte[outputs][];
        byte[] previous = AeadCipher.NO_DATA;
        for (int i = 0; i < outputs; i++) {
            previous = hmac(temporaryKey, previous, i + 1, true);
            result[i] = previous;
        }
        return result;
    }

    private byte[] hmac(byte[] key, byte[] data, int counter, boolean counted) {
        try {
            mac.init(new SecretKeySpec(key, HMAC));
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("HMAC takes every key", e);
        }
        mac.update(data);
        if (counted) {
            mac.update((byte) counter);
        }
        return mac.doFinal();
    }
}
