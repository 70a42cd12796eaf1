package io.reactivep2p.security.noise;

import java.security.SecureRandom;
import org.bouncycastle.math.ec.rfc7748.X25519;

/** An X25519 key pair. Thread-safe. */
interface DhKeyPair {

    int KEY_LENGTH = X25519.POINT_SIZE;

    static DhKeyPair of(byte[] privateKey) {
        if (privateKey.length != X25519.SCALAR_SIZE) {
            throw new IllegalArgumentException(
                    "an X25519 private key has " + X25519.SCALAR_SIZE + " bytes, not " + privateKey.length);
        }
        return X25519Engine.fastest().keyPair(privateKey.clone());
    }

    static DhKeyPair generate(SecureRandom random) {
        byte[] privateKey = new byte[X25519.SCALAR_SIZE];
        X25519.generatePrivateKey(random, privateKey);
        return X25519Engine.fastest().keyPair(privateKey);
    }

    /** Computes the tables of the curve, so that no event loop has to. */
    static void warmUp() {
        X25519.precompute();
    }

    /** Not a copy: only for reading. */
    byte[] publicKey();

    /**
     * Computes the shared secret.
     *
     * @return false if the remote key is a point of low order: the secret would be all zero, known to everybody
     */
    boolean agree(byte[] remotePublicKey, byte[] secret);
}
