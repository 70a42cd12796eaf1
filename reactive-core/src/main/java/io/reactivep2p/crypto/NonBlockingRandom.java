package io.reactivep2p.crypto;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/** Makes secure random sources that may be used on event loops. */
public final class NonBlockingRandom {

    private NonBlockingRandom() {}

    /**
     * A source that reads its seed now, on the caller's thread, and no file or device afterwards; the platform's default reads a device
     * each time. Where the JDK has no DRBG it is that default. The source is thread-safe.
     */
    public static SecureRandom create() {
        SecureRandom random;
        try {
            random = SecureRandom.getInstance("DRBG");
        } catch (NoSuchAlgorithmException e) {
            random = new SecureRandom();
        }
        // It seeds itself on first use.
        random.nextBytes(new byte[Long.BYTES]);
        return random;
    }
}
