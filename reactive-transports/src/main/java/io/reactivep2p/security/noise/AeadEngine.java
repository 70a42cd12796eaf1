package io.reactivep2p.security.noise;

import io.netty.util.concurrent.FastThreadLocal;
import io.reactivep2p.crypto.ConscryptProvider;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import javax.crypto.Cipher;
import javax.crypto.NoSuchPaddingException;
import org.jspecify.annotations.Nullable;

/** Who computes ChaCha20-Poly1305, where the bulk of the time of an encrypted connection goes. */
public enum AeadEngine {

    /** The provider of the JDK: with vector instructions from JDK 21 on, slow before. */
    JDK("ChaCha20-Poly1305"),

    /** Google's Conscrypt (BoringSSL), where {@code org.conscrypt:conscrypt-openjdk-uber} is on the classpath and its native library loads. */
    CONSCRYPT("ChaCha20/Poly1305/NoPadding"),

    /** Bouncy Castle in plain Java: the last resort. */
    BOUNCY_CASTLE("ChaCha20Poly1305");

    private final String transformation;
    private final FastThreadLocal<CryptoScratch> scratch = new FastThreadLocal<>() {
        @Override
        protected CryptoScratch initialValue() {
            return new CryptoScratch(newCipher());
        }
    };

    AeadEngine(String transformation) {
        this.transformation = transformation;
    }

    /** Whether this JVM has it. The first call may load a native library. */
    public boolean isAvailable() {
        return switch (this) {
            case JDK -> Providers.JDK != null;
            case CONSCRYPT -> Providers.CONSCRYPT != null;
            case BOUNCY_CASTLE -> true;
        };
    }

    /** Conscrypt, where it is on the classpath and its native library loads. */
    static @Nullable Provider conscryptProvider() {
        return Providers.CONSCRYPT;
    }

    /** A cipher for the calling thread alone. */
    AeadCipher newCipher() {
        return switch (this) {
            case JDK -> jcaCipher(Providers.JDK);
            case CONSCRYPT -> jcaCipher(Providers.CONSCRYPT);
            case BOUNCY_CASTLE -> new BouncyCastleAeadCipher();
        };
    }

    private AeadCipher jcaCipher(@Nullable Provider provider) {
        if (provider == null) {
            throw new IllegalStateException("the cipher engine " + this + " is not available in this JVM");
        }
        return new JcaAeadCipher(transformation, provider, this == CONSCRYPT);
    }

    /** The cipher, the hash and the arrays of the calling event loop. */
    CryptoScratch scratch() {
        return scratch.get();
    }

    /** Found once, on first use. */
    private static final class Providers {

        static final @Nullable Provider JDK = jdk();
        static final @Nullable Provider CONSCRYPT = conscrypt();

        private static @Nullable Provider jdk() {
            for (Provider provider : Security.getProviders("Cipher." + AeadEngine.JDK.transformation)) {
                // Asked by name, so that a provider somebody installed in front does not pass for the JDK's.
                if (provider.getName().equals("SunJCE")) {
                    return provider;
                }
            }
            return null;
        }

        private static @Nullable Provider conscrypt() {
            Provider provider = ConscryptProvider.find();
            try {
                if (provider != null) {
                    Cipher.getInstance(AeadEngine.CONSCRYPT.transformation, provider);
                }
                return provider;
            } catch (NoSuchAlgorithmException | NoSuchPaddingException e) {
                return null;
            }
        }
    }
}
