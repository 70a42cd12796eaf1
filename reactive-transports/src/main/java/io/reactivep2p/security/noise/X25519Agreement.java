package io.reactivep2p.security.noise;

import io.netty.util.concurrent.FastThreadLocal;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import javax.crypto.KeyAgreement;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.jspecify.annotations.Nullable;

/**
 * The shared secret of two X25519 keys: three of them are most of a handshake's cost. Conscrypt computes where it is on the classpath, in
 * half the time of Bouncy Castle; the JDK takes two to five times as long.
 */
abstract class X25519Agreement {

    private static final FastThreadLocal<X25519Agreement> CURRENT = new FastThreadLocal<>() {
        @Override
        protected X25519Agreement initialValue() {
            X25519Agreement fastest = ofConscrypt();
            return fastest == null ? ofBouncyCastle() : fastest;
        }
    };

    /** For the calling thread alone. */
    static X25519Agreement current() {
        return CURRENT.get();
    }

    /** {@code null} where this JVM has none. */
    static @Nullable X25519Agreement ofConscrypt() {
        Provider provider = AeadEngine.conscryptProvider();
        try {
            return provider == null ? null : new Conscrypt(provider);
        } catch (NoSuchAlgorithmException absent) {
            return null;
        }
    }

    static X25519Agreement ofBouncyCastle() {
        return new BouncyCastle();
    }

    /**
     * Computes the shared secret.
     *
     * @return false if the remote key is a point of low order: the secret would be all zero, known to everybody
     */
    abstract boolean agree(byte[] privateKey, byte[] remotePublicKey, byte[] secret);

    private static final class BouncyCastle extends X25519Agreement {

        @Override
        boolean agree(byte[] privateKey, byte[] remotePublicKey, byte[] secret) {
            return X25519.calculateAgreement(privateKey, 0, remotePublicKey, 0, secret, 0);
        }
    }

    /** Keys go in by their ASN.1 forms (RFC 8410), which are a fixed prefix and the 32 bytes. */
    private static final class Conscrypt extends X25519Agreement {

        private static final byte[] PRIVATE_PREFIX = {
            0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x04, 0x22, 0x04, 0x20
        };
        private static final byte[] PUBLIC_PREFIX = {
            0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x03, 0x21, 0x00
        };

        private final KeyFactory keys;
        private final KeyAgreement agreement;

        Conscrypt(Provider provider) throws NoSuchAlgorithmException {
            keys = KeyFactory.getInstance("XDH", provider);
            agreement = KeyAgreement.getInstance("XDH", provider);
        }

        @Override
        boolean agree(byte[] privateKey, byte[] remotePublicKey, byte[] secret) {
            try {
                agreement.init(keys.generatePrivate(new PKCS8EncodedKeySpec(joined(PRIVATE_PREFIX, privateKey))));
                agreement.doPhase(
                        keys.generatePublic(new X509EncodedKeySpec(joined(PUBLIC_PREFIX, remotePublicKey))), true);
                return agreement.generateSecret(secret, 0) == DhKeyPair.KEY_LENGTH;
            } catch (InvalidKeyException lowOrder) {
                return false;
            } catch (GeneralSecurityException broken) {
                throw new IllegalStateException("X25519 does not work", broken);
            }
        }

        private static byte[] joined(byte[] prefix, byte[] key) {
            byte[] encoded = new byte[prefix.length + key.length];
            System.arraycopy(prefix, 0, encoded, 0, prefix.length);
            System.arraycopy(key, 0, encoded, prefix.length, key.length);
            return encoded;
        }
    }
}
