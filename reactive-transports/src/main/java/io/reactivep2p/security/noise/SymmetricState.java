package io.reactivep2p.security.noise;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.security.HandshakeException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The chaining key, the handshake hash and the current key of a handshake (Noise, section 5.2). */
@SansIo
final class SymmetricState {

    /** Exactly one hash long, so it is the first handshake hash itself. */
    private static final byte[] PROTOCOL_NAME = "Noise_XX_25519_ChaChaPoly_SHA256".getBytes(StandardCharsets.US_ASCII);

    private final AeadCipher aead;
    private final NoiseHash hash;
    private byte[] chainingKey = PROTOCOL_NAME;
    private byte[] handshakeHash = PROTOCOL_NAME;
    private @Nullable CipherState cipher;

    SymmetricState(AeadCipher aead, NoiseHash hash) {
        this.aead = aead;
        this.hash = hash;
    }

    boolean hasKey() {
        return cipher != null;
    }

    byte[] handshakeHash() {
        return handshakeHash;
    }

    void mixHash(byte[] data, int offset, int length) {
        handshakeHash = hash.hash(handshakeHash, data, offset, length);
    }

    void mixKey(byte[] input) {
        byte[][] outputs = hash.hkdf(chainingKey, input, 2);
        chainingKey = outputs[0];
        cipher = new CipherState(outputs[1]);
    }

    /** Writes the plaintext, encrypted once there is a key, and returns the number of bytes written. */
    int encryptAndHash(byte[] plaintext, byte[] out, int outOffset) {
        int written;
        if (cipher == null) {
            System.arraycopy(plaintext, 0, out, outOffset, plaintext.length);
            written = plaintext.length;
        } else {
            written = cipher.encrypt(aead, handshakeHash, plaintext, 0, plaintext.length, out, outOffset);
        }
        mixHash(out, outOffset, written);
        return written;
    }

    /** @param what names the part in the error */
    byte[] decryptAndHash(byte[] in, int offset, int length, String what) {
        byte[] plaintext;
        if (cipher == null) {
            plaintext = Arrays.copyOfRange(in, offset, offset + length);
        } else {
            plaintext = new byte[length - AeadCipher.TAG_LENGTH];
            if (cipher.decrypt(aead, handshakeHash, in, offset, length, plaintext, 0) < 0) {
                throw new HandshakeException("noise: cannot decrypt " + what + ": it was tampered with");
            }
        }
        mixHash(in, offset, length);
        return plaintext;
    }

    /** The keys of the transport phase: from the initiator, then from the responder. */
    CipherState[] split() {
        byte[][] outputs = hash.hkdf(chainingKey, AeadCipher.NO_DATA, 2);
        return new CipherState[] {new CipherState(outputs[0]), new CipherState(outputs[1])};
    }
}
