package io.reactivep2p.crypto;

import java.security.MessageDigest;

/** A host's private key. Immutable; never printed. */
public abstract sealed class PrivateKey permits Ed25519PrivateKey, EcPrivateKey, RsaPrivateKey {

    /** No key that is accepted is longer in protobuf form: RSA of 8,192 bits takes about 4,670 bytes. */
    public static final int MAX_ENCODED_BYTES = 8_192;

    private final PublicKey publicKey;
    private final byte[] encoded;

    PrivateKey(PublicKey publicKey, byte[] data) {
        this.publicKey = publicKey;
        this.encoded = new KeyEncoding(publicKey.type(), data).encode();
    }

    /**
     * Reads the protobuf form.
     *
     * @throws MalformedKeyException if the bytes are no key, or its parts do not belong together; the message never
     *     shows the bytes
     */
    public static PrivateKey decode(byte[] protobuf) {
        KeyEncoding encoding = KeyEncoding.decode(protobuf, MAX_ENCODED_BYTES, "private key");
        byte[] data = encoding.data();
        return switch (encoding.type()) {
            case RSA -> RsaPrivateKey.ofData(data);
            case ED25519 -> Ed25519PrivateKey.ofData(data);
            case SECP256K1 -> EcCurve.SECP256K1.privateKey(data);
            case ECDSA -> EcCurve.P256.privateKey(data);
        };
    }

    public final KeyType type() {
        return publicKey.type();
    }

    public final PublicKey publicKey() {
        return publicKey;
    }

    /** The deterministic protobuf form, as key files hold it. */
    public final byte[] encode() {
        return encoded.clone();
    }

    /** Signs {@code message}; deterministic for every type, so the same message has the same signature. */
    public abstract byte[] sign(byte[] message);

    @Override
    public final boolean equals(Object other) {
        return this == other || (other instanceof PrivateKey key && MessageDigest.isEqual(encoded, key.encoded));
    }

    @Override
    public final int hashCode() {
        return publicKey.hashCode();
    }

    @Override
    public final String toString() {
        return type() + " private key";
    }
}
