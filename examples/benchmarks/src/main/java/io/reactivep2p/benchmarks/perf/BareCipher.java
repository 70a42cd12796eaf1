package io.reactivep2p.benchmarks.perf;

import io.reactivep2p.crypto.ConscryptProvider;
import io.reactivep2p.security.noise.AeadEngine;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** ChaCha20-Poly1305 of a provider, over the memory that it likes best, with a nonce that counts. */
final class BareCipher {

    private static final int KEY_LENGTH = 32;
    private static final int NONCE_LENGTH = 12;

    private final SecretKeySpec key = new SecretKeySpec(new byte[KEY_LENGTH], "ChaCha20");
    private final ByteBuffer nonce = ByteBuffer.allocate(NONCE_LENGTH);
    private final int mode;
    private final boolean isNative;
    private final Cipher cipher;

    /**
     * @param mode one of {@link Cipher#ENCRYPT_MODE} and {@link Cipher#DECRYPT_MODE}
     * @param engine Conscrypt; anything else stands for the JDK
     */
    BareCipher(int mode, AeadEngine engine) {
        this.mode = mode;
        this.isNative = engine == AeadEngine.CONSCRYPT;
        try {
            if (isNative) {
                Provider provider = Objects.requireNonNull(ConscryptProvider.find());
                this.cipher = Cipher.getInstance("ChaCha20/Poly1305/NoPadding", provider);
            } else {
                this.cipher = Cipher.getInstance("ChaCha20-Poly1305");
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    ByteBuffer allocate(int length) {
        return isNative ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length);
    }

    void transform(ByteBuffer in, ByteBuffer out) {
        nonce.putLong(NONCE_LENGTH - Long.BYTES, nonce.getLong(NONCE_LENGTH - Long.BYTES) + 1);
        try {
            cipher.init(mode, key, new IvParameterSpec(nonce.array()));
            cipher.doFinal(in, out);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
