package io.reactivep2p.crypto;

import io.netty.util.concurrent.FastThreadLocal;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Signature;
import java.security.SignatureException;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;

/**
 * Who computes Ed25519 signatures: Conscrypt does where it is on the classpath, in half the time of Bouncy Castle; the JDK takes five to
 * ten times as long. All of them refuse a scalar that is not below the group order. Where a point has a part of small order, which
 * nobody's signature has who follows RFC 8032, Bouncy Castle may accept what Conscrypt, as go, refuses. Thread-safe.
 */
abstract class Ed25519Engine {

    /** Signs with one key. */
    interface Signer {
        byte[] sign(byte[] message);
    }

    /** Verifies with one key. */
    interface Verifier {
        boolean verify(byte[] message, byte[] signature);
    }

    static Ed25519Engine fastest() {
        return Fastest.ENGINE;
    }

    private static final class Fastest {
        static final Ed25519Engine ENGINE = fastest(ConscryptProvider.find());

        private static Ed25519Engine fastest(@Nullable Provider conscrypt) {
            return conscrypt != null && Conscrypt.isIn(conscrypt) ? new Conscrypt(conscrypt) : ofBouncyCastle();
        }
    }

    static Ed25519Engine ofConscrypt(Provider provider) {
        return new Conscrypt(provider);
    }

    static Ed25519Engine ofBouncyCastle() {
        return new BouncyCastle();
    }

    /** @param publicKey the seed's */
    abstract Signer signer(byte[] seed, byte[] publicKey);

    /** @param point what {@code publicKey} encodes */
    abstract Verifier verifier(byte[] publicKey, Ed25519.PublicPoint point);

    private static final class BouncyCastle extends Ed25519Engine {

        @Override
        Signer signer(byte[] seed, byte[] publicKey) {
            return message -> {
                byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
                Ed25519.sign(seed, 0, publicKey, 0, message, 0, message.length, signature, 0);
                return signature;
            };
        }

        @Override
        Verifier verifier(byte[] publicKey, Ed25519.PublicPoint point) {
            return (message, signature) -> signature.length == Ed25519.SIGNATURE_SIZE
                    && Ed25519.verify(signature, 0, point, message, 0, message.length);
        }
    }

    /** Keys go in by their ASN.1 forms. */
    private static final class Conscrypt extends Ed25519Engine {

        private static final String EDDSA = "EdDSA";

        /** JCA's objects are of one thread each. */
        private final FastThreadLocal<Tools> tools;

        private record Tools(KeyFactory keys, Signature signature) {}

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
            return new Tools(KeyFactory.getInstance(EDDSA, provider), Signature.getInstance(EDDSA, provider));
        }

        @Override
        Signer signer(byte[] seed, byte[] publicKey) {
            java.security.PrivateKey key;
            try {
                key = tools.get().keys.generatePrivate(Curve25519Encoding.ED25519.privateKey(seed));
            } catch (GeneralSecurityException e) {
                throw broken(e);
            }
            return message -> {
                try {
                    Signature signature = tools.get().signature;
                    signature.initSign(key);
                    signature.update(message);
                    return signature.sign();
                } catch (GeneralSecurityException e) {
                    throw broken(e);
                }
            };
        }

        @Override
        Verifier verifier(byte[] publicKey, Ed25519.PublicPoint point) {
            java.security.PublicKey key;
            try {
                key = tools.get().keys.generatePublic(Curve25519Encoding.ED25519.publicKey(publicKey));
            } catch (GeneralSecurityException e) {
                throw broken(e);
            }
            return (message, bytes) -> {
                if (bytes.length != Ed25519.SIGNATURE_SIZE) {
                    return false;
                }
                try {
                    Signature signature = tools.get().signature;
                    signature.initVerify(key);
                    signature.update(message);
                    return signature.verify(bytes);
                } catch (SignatureException invalid) {
                    return false;
                } catch (GeneralSecurityException e) {
                    throw broken(e);
                }
            };
        }

        private static IllegalStateException broken(GeneralSecurityException cause) {
            return new IllegalStateException("Ed25519 does not work", cause);
        }
    }
}
