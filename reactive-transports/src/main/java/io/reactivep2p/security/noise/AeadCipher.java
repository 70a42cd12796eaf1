package io.reactivep2p.security.noise;

import javax.crypto.spec.SecretKeySpec;

/**
 * ChaCha20-Poly1305 (RFC 8439) with the nonces of Noise, on byte arrays. An instance belongs to one thread: it keeps scratch state, but
 * nothing of a connection between two calls.
 *
 * <p>{@code in} and {@code out} never overlap. Engines work fastest when {@code inOffset} is 0.
 */
interface AeadCipher {

    int KEY_LENGTH = 32;
    int TAG_LENGTH = 16;
    int NONCE_LENGTH = 12;

    byte[] NO_DATA = {};

    /**
     * Writes {@code length} encrypted bytes and the tag.
     *
     * @param nonce never twice with one key
     * @param associatedData authenticated with the message, not part of it
     * @return the number of bytes written, {@code length + TAG_LENGTH}
     * @throws IllegalStateException if the provider fails, or refuses a nonce it has seen
     */
    int encrypt(
            SecretKeySpec key,
            long nonce,
            byte[] associatedData,
            byte[] in,
            int inOffset,
            int length,
            byte[] out,
            int outOffset);

    /**
     * Authenticates, then decrypts.
     *
     * @param length of the encrypted bytes and the tag, at least {@code TAG_LENGTH}
     * @return the number of bytes written, {@code length - TAG_LENGTH}, or -1 if the message is not authentic; {@code out} then holds
     *     nothing that may be used
     * @throws IllegalStateException if the provider fails
     */
    int decrypt(
            SecretKeySpec key,
            long nonce,
            byte[] associatedData,
            byte[] in,
            int inOffset,
            int length,
            byte[] out,
            int outOffset);

    /** 32 zero bits, then the counter in little-endian order (Noise, section 12.3). */
    static void encodeNonce(long nonce, byte[] target) {
        for (int i = 0; i < Long.BYTES; i++) {
            target[4 + i] = (byte) (nonce >>> (8 * i));
        }
    }
}
