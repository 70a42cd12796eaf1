package io.reactivep2p.security.noise;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Provider;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** A cipher of a security provider: the JDK's or Conscrypt's. */
final class JcaAeadCipher implements AeadCipher {

    private final String transformation;
    private final Provider provider;
    private final byte[] nonceBytes = new byte[NONCE_LENGTH];

    // Of a native provider, which copies the whole of an array whatever part of it is used: ours are 64 KiB, and those
    // of a pooled buffer megabytes. Null for a provider in Java, which is the fastest on arrays.
    private final @Nullable ByteBuffer nativeIn;
    private final @Nullable ByteBuffer nativeOut;

    // Apart, because the two ends of one connection may share a thread, and the JDK refuses the same key and nonce
    // twice in a row on one instance, even if the second time is to decrypt.
    private Cipher encryption;
    private Cipher decryption;

    /** @param nativeMemory whether the provider is native code */
    JcaAeadCipher(String transformation, Provider provider, boolean nativeMemory) {
        this.transformation = transformation;
        this.provider = provider;
        this.nativeIn = nativeMemory ? ByteBuffer.allocateDirect(NoiseFrames.MAX_LENGTH) : null;
        this.nativeOut = nativeMemory ? ByteBuffer.allocateDirect(NoiseFrames.MAX_LENGTH) : null;
        this.encryption = newCipher(transformation, provider);
        this.decryption = newCipher(transformation, provider);
    }

    private static Cipher newCipher(String transformation, Provider provider) {
        try {
            return Cipher.getInstance(transformation, provider);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(provider.getName() + " has no " + transformation, e);
        }
    }

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
            encryption.init(Cipher.ENCRYPT_MODE, key, nonceOf(nonce));
            if (associatedData.length > 0) {
                encryption.updateAAD(associatedData);
            }
            return transform(encryption, in, inOffset, length, out, outOffset);
        } catch (GeneralSecurityException e) {
            encryption = newCipher(transformation, provider);
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
            initDecryption(key, nonce);
            if (associatedData.length > 0) {
                decryption.updateAAD(associatedData);
            }
            return transform(decryption, in, inOffset, length, out, outOffset);
        } catch (AEADBadTagException e) {
            return -1;
        } catch (GeneralSecurityException e) {
            decryption = newCipher(transformation, provider);
            throw new IllegalStateException("cannot decrypt " + length + " bytes", e);
        }
    }

    /** Whether the provider is native code, and the methods on {@link ByteBuffer}s are the faster ones. */
    boolean isNative() {
        return nativeIn != null;
    }

    /**
     * As {@link #encrypt(SecretKeySpec, long, byte[], byte[], int, int, byte[], int)}, without associated data, on memory outside the
     * heap: all that remains of {@code in}.
     */
    int encrypt(SecretKeySpec key, long nonce, ByteBuffer in, ByteBuffer out) {
        int length = in.remaining();
        try {
            encryption.init(Cipher.ENCRYPT_MODE, key, nonceOf(nonce));
            return encryption.doFinal(in, out);
        } catch (GeneralSecurityException e) {
            encryption = newCipher(transformation, provider);
            throw new IllegalStateException("cannot encrypt " + length + " bytes", e);
        }
    }

    /**
     * As {@link #decrypt(SecretKeySpec, long, byte[], byte[], int, int, byte[], int)}, without associated data, on memory outside the
     * heap: all that remains of {@code in}.
     */
    int decrypt(SecretKeySpec key, long nonce, ByteBuffer in, ByteBuffer out) {
        int length = in.remaining();
        try {
            initDecryption(key, nonce);
            return decryption.doFinal(in, out);
        } catch (AEADBadTagException e) {
            return -1;
        } catch (GeneralSecurityException e) {
            decryption = newCipher(transformation, provider);
            throw new IllegalStateException("cannot decrypt " + length + " bytes", e);
        }
    }

    private int transform(Cipher cipher, byte[] in, int inOffset, int length, byte[] out, int outOffset)
            throws GeneralSecurityException {
        if (nativeIn == null || nativeOut == null) {
            return cipher.doFinal(in, inOffset, length, out, outOffset);
        }
        nativeIn.clear().put(in, inOffset, length).flip();
        nativeOut.clear();
        int written = cipher.doFinal(nativeIn, nativeOut);
        nativeOut.flip().get(out, outOffset, written);
        return written;
    }

    private void initDecryption(SecretKeySpec key, long nonce) throws GeneralSecurityException {
        try {
            decryption.init(Cipher.DECRYPT_MODE, key, nonceOf(nonce));
        } catch (InvalidKeyException e) {
            // The same key and nonce as last time: the previous message failed, and its nonce was not used up. An
            // instance that has not seen them takes them.
            decryption = newCipher(transformation, provider);
            decryption.init(Cipher.DECRYPT_MODE, key, nonceOf(nonce));
        }
    }

    private IvParameterSpec nonceOf(long nonce) {
        AeadCipher.encodeNonce(nonce, nonceBytes);
        return new IvParameterSpec(nonceBytes);
    }
}
