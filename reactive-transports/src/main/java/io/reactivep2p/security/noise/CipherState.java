package io.reactivep2p.security.noise;

import io.reactivep2p.connection.SansIo;
import java.nio.ByteBuffer;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key and its next nonce (Noise, section 5.1). The nonce advances with each message that was encrypted, or that proved authentic when
 * decrypted; so a forged message changes nothing.
 */
@SansIo
final class CipherState {

    /** 2^64-1, which Noise reserves: after 2^64-2 the key is used up. */
    static final long RESERVED_NONCE = -1;

    private final SecretKeySpec key;
    private long nonce;

    CipherState(byte[] key) {
        this(key, 0);
    }

    CipherState(byte[] key, long nonce) {
        this.key = new SecretKeySpec(key, "ChaCha20");
        this.nonce = nonce;
    }

    /** Whether all nonces have been used, so that nothing more can be encrypted or decrypted. */
    boolean isExhausted() {
        return nonce == RESERVED_NONCE;
    }

    long nonce() {
        return nonce;
    }

    /** As {@link AeadCipher#encrypt}. */
    int encrypt(
            AeadCipher aead, byte[] associatedData, byte[] in, int inOffset, int length, byte[] out, int outOffset) {
        requireNonce();
        int written = aead.encrypt(key, nonce, associatedData, in, inOffset, length, out, outOffset);
        nonce++;
        return written;
    }

    /** As {@link AeadCipher#decrypt}. */
    int decrypt(
            AeadCipher aead, byte[] associatedData, byte[] in, int inOffset, int length, byte[] out, int outOffset) {
        requireNonce();
        int written = aead.decrypt(key, nonce, associatedData, in, inOffset, length, out, outOffset);
        if (written >= 0) {
            nonce++;
        }
        return written;
    }

    /** As {@link JcaAeadCipher#encrypt(SecretKeySpec, long, ByteBuffer, ByteBuffer)}. */
    int encrypt(JcaAeadCipher aead, ByteBuffer in, ByteBuffer out) {
        requireNonce();
        int written = aead.encrypt(key, nonce, in, out);
        nonce++;
        return written;
    }

    /** As {@link JcaAeadCipher#decrypt(SecretKeySpec, long, ByteBuffer, ByteBuffer)}. */
    int decrypt(JcaAeadCipher aead, ByteBuffer in, ByteBuffer out) {
        requireNonce();
        int written = aead.decrypt(key, nonce, in, out);
        if (written >= 0) {
            nonce++;
        }
        return written;
    }

    private void requireNonce() {
        if (isExhausted()) {
            throw new IllegalStateException("all nonces of the key have been used");
        }
    }
}
