package io.reactivep2p.security.noise;

import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/** Bouncy Castle's cipher: slow, but there on every JDK, restricted ones included. */
final class BouncyCastleAeadCipher implements AeadCipher {

    private final ChaCha20Poly1305 cipher = new ChaCha20Poly1305();

    @Override
    public int encrypt(
            SecretKeySpec key,
            long nonce,
            byte[] associatedData,
            byte[] in,
            int inOffset,
            int length,
            byte[] out,
            int outOffset) {
        try {
            return process(true, key, nonce, associatedData, in, inOffset, length, out, outOffset);
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("cannot encrypt " + length + " bytes", e);
        }
    }

    @Override
    public int decrypt(
            SecretKeySpec key,
            long nonce,
            byte[] associatedData,
            byte[] in,
            int inOffset,
            int length,
            byte[] out,
            int outOffset) {
        try {
            return process(false, key, nonce, associatedData, in, inOffset, length, out, outOffset);
        } catch (InvalidCipherTextException e) {
            return -1;
        }
    }

    private int process(
            boolean encrypt,
            SecretKeySpec key,
            long nonce,
            byte[] associatedData,
            byte[] in,
            int inOffset,
            int length,
            byte[] out,
            int outOffset)
            throws InvalidCipherTextException {
        byte[] nonceBytes = new byte[NONCE_LENGTH];
        AeadCipher.encodeNonce(nonce, nonceBytes);
        // The engine remembers the last key and nonce to refuse their reuse when encrypting. CipherState counts nonces
        // anyway, and the
        // two ends of one connection never encrypt with the same key.
        cipher.init(encrypt, new AEADParameters(new KeyParameter(key.getEncoded()), 8 * TAG_LENGTH, nonceBytes));
        if (associatedData.length > 0) {
            cipher.processAADBytes(associatedData, 0, associatedData.length);
        }
        int written = cipher.processBytes(in, inOffset, length, out, outOffset);
        return written + cipher.doFinal(out, outOffset + written);
    }
}
