package io.reactivep2p.crypto;

import java.security.MessageDigest;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** An Ed25519 private key: the seed, kept together with its public key. */
final class Ed25519PrivateKey extends PrivateKey {

    static final int SEED_BYTES = Ed25519.SECRET_KEY_SIZE;

    /** seed | public key */
    private static final int DATA_BYTES = SEED_BYTES + Ed25519PublicKey.BYTES;

    /** seed | public key | public key, which old go nodes wrote. */
    private static final int OLD_DATA_BYTES = DATA_BYTES + Ed25519PublicKey.BYTES;

    private final Ed25519Engine.Signer signer;

    private Ed25519PrivateKey(PublicKey publicKey, byte[] data, Ed25519Engine.Signer signer) {
        super(publicKey, data);
        this.signer = signer;
    }

    static Ed25519PrivateKey ofSeed(byte[] seed) {
        if (seed.length != SEED_BYTES) {
            throw new MalformedKeyException("Ed25519 seed of " + seed.length + " bytes; expected " + SEED_BYTES);
        }
        byte[] data = Arrays.copyOf(seed, DATA_BYTES);
        Ed25519.generatePublicKey(seed, 0, data, SEED_BYTES);
        byte[] publicKey = Arrays.copyOfRange(data, SEED_BYTES, DATA_BYTES);
        return new Ed25519PrivateKey(
                Ed25519PublicKey.ofData(publicKey),
                data,
                Ed25519Engine.fastest().signer(Arrays.copyOf(seed, SEED_BYTES), publicKey));
    }

    static Ed25519PrivateKey ofData(byte[] data) {
        if (data.length != DATA_BYTES && data.length != OLD_DATA_BYTES) {
            throw new MalformedKeyException("Ed25519 private key of " + data.length + " bytes; expected " + DATA_BYTES
                    + " or " + OLD_DATA_BYTES);
        }
        Ed25519PrivateKey key = ofSeed(Arrays.copyOf(data, SEED_BYTES));
        byte[] expected = key.publicKey().data();
        for (int at = SEED_BYTES; at < data.length; at += Ed25519PublicKey.BYTES) {
            if (!MessageDigest.isEqual(expected, Arrays.copyOfRange(data, at, at + Ed25519PublicKey.BYTES))) {
                throw new MalformedKeyException("Ed25519 private key holds a public key that is not its seed's");
            }
        }
        return key;
    }

    @Override
    public byte[] sign(byte[] message) {
        return signer.sign(message);
    }
}
