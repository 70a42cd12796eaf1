package io.reactivep2p.security.noise;

import io.netty.util.concurrent.FastThreadLocal;
import io.reactivep2p.crypto.Curve25519Encoding;
import io.reactivep2p.crypto.NonBlockingRandom;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.spec.InvalidKeySpecException;
import java.util.function.Supplier;
import javax.crypto.KeyAgreement;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.jspecify.annotations.Nullable;

/**
 * Who computes X25519: a key pair and three agreements are most of a handshake's cost. Conscrypt does where it is on the classpath, in
 * half the time of Bouncy Castle; the JDK takes two to five times as long. Thread-safe.
 */
abstract class X25519Engine {

    static X25519Engine fastest() {
        return Fastest.ENGINE;
    }

    private static final class Fastest {
        static final X25519Engine ENGINE = fastest(AeadEngine.conscryptProvider());

        private static X25519Engine fastest(@Nullable Provider conscrypt) {
            return conscrypt != null && Conscrypt.isIn(conscrypt) ? new Conscrypt(conscrypt) : ofBouncyCastle();
        }
    }

    static X25519Engine ofConscrypt(Provider provider) {
        return new Conscrypt(provider);
    }

    static X25519Engine ofBouncyCastle() {
        return new BouncyCastle();
    }

    /** The pair of a private key, of which nothing is copied. */
    abstract DhKeyPair keyPair(byte[] privateKey);

    /** New pairs, from randomness of the engine's choice that does not block. */
    abstract Supplier<DhKeyPair> generator();

    private static byte[] publicKey(byte[] privateKey) {
        byte[] publicKey = new byte[DhKeyPair.KEY_LENGTH];
        X25519.generatePublicKey(privateKey, 0, publicKey, 0);
        return publicKey;
    }

    private static final class BouncyCastle extends X25519Engine {

        @Override
        DhKeyPair keyPair(byte[] privateKey) {
            return new Pair(privateKey, X25519Engine.publicKey(privateKey));
        }

        @Override
        Supplier<DhKeyPair> generator() {
            SecureRandom random = NonBlockingRandom.create();
            return () -> {
                byte[] privateKey = new byte[X25519.SCALAR_SIZE];
                X25519.generatePrivateKey(random, privateKey);
                return keyPair(privateKey);
            };
        }

        @SuppressWarnings("ArrayRecordComponent") // never compared
        private record Pair(byte[] privateKey, byte[] publicKey) implements DhKeyPair {

            @Override
            public boolean agree(byte[] remotePublicKey, byte[] secret) {
                return X25519.calculateAgreement(privateKey, 0, remotePublicKey, 0, secret, 0);
            }
        }
    }

    /** Keys go in and out by their ASN.1 forms. */
    private static final class Conscrypt extends X25519Engine {

        private static final String XDH = "XDH";

        /** JCA's objects are of one thread each. */
        private final FastThreadLocal<Tools> tools;

        private record Tools(KeyFactory keys, KeyPairGenerator pairs, KeyAgreement agreement) {}

        Conscrypt(Provider provider) {
            tools = new FastThreadLocal<>() {
                @Override
                protected Tools initialValue() throws NoSuchAlgorithmException {
                    return tools(provider);
                }
            };
        }

        static boolean isIn(Provider provider) {
            try {
                tools(provider);
                return true;
            } catch (NoSuchAlgorithmException absent) {
                return false;
            }
        }

        private static Tools tools(Provider provider) throws NoSuchAlgorithmException {
            return new Tools(
                    KeyFactory.getInstance(XDH, provider),
                    KeyPairGenerator.getInstance(XDH, provider),
                    KeyAgreement.getInstance(XDH, provider));
        }

        @Override
        DhKeyPair keyPair(byte[] privateKey) {
            try {
                return new Pair(
                        tools.get().keys.generatePrivate(Curve25519Encoding.X25519.privateKey(privateKey)),
                        X25519Engine.publicKey(privateKey));
            } catch (InvalidKeySpecException e) {
                throw broken(e);
            }
        }

        @Override
        Supplier<DhKeyPair> generator() {
            return () -> {
                KeyPair made = tools.get().pairs.generateKeyPair();
                return new Pair(made.getPrivate(), Curve25519Encoding.X25519.bytesOf(made.getPublic()));
            };
        }

        private static IllegalStateException broken(GeneralSecurityException cause) {
            return new IllegalStateException("X25519 does not work", cause);
        }

        /** Holds the private key as Conscrypt does: to read one costs it as much as to make one. */
        private final class Pair implements DhKeyPair {

            private final PrivateKey privateKey;
            private final byte[] publicKey;

            Pair(PrivateKey privateKey, byte[] publicKey) {
                this.privateKey = privateKey;
                this.publicKey = publicKey;
            }

            @Override
            public byte[] publicKey() {
                return publicKey;
            }

            @Override
            public boolean agree(byte[] remotePublicKey, byte[] secret) {
                Tools mine = tools.get();
                try {
                    mine.agreement.init(privateKey);
                    mine.agreement.doPhase(
                            mine.keys.generatePublic(Curve25519Encoding.X25519.publicKey(remotePublicKey)), true);
                    return mine.agreement.generateSecret(secret, 0) == KEY_LENGTH;
                } catch (InvalidKeyException lowOrder) {
                    return false;
                } catch (GeneralSecurityException e) {
                    throw broken(e);
                }
            }
        }
    }
}
