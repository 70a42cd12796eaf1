package io.reactivep2p.crypto;

import java.util.Arrays;
import java.util.HexFormat;

/** A host's public key. Immutable; equality is on the encoded form. */
public abstract sealed class PublicKey permits Ed25519PublicKey, EcPublicKey, RsaPublicKey {

    /** No key that is accepted is longer in protobuf form: RSA of 8,192 bits takes 1,066 bytes. */
    public static final int MAX_ENCODED_BYTES = 2_048;

    private final KeyType type;
    private final byte[] data;
    private final byte[] encoded;
    private final int hash;

    PublicKey(KeyType type, byte[] data) {
        this.type = type;
        this.data = data;
        this.encoded = new KeyEncoding(type, data).encode();
        this.hash = Arrays.hashCode(encoded);
    }

    /**
     * Reads the protobuf form.
     *
     * @throws MalformedKeyException if the bytes are longer than {@link #MAX_ENCODED_BYTES}, are not the deterministic
     *     encoding of a key, name an unknown type, or hold data that is no acceptable key of the type
     */
    public static PublicKey decode(byte[] protobuf) {
        KeyEncoding encoding = KeyEncoding.decode(protobuf, MAX_ENCODED_BYTES, "public key");
        return ofData(encoding.type(), encoding.data());
    }

    /**
     * Reads the type's own encoding, the {@code Data} field of the protobuf form.
     *
     * @throws MalformedKeyException if the data is no acceptable key of the type
     */
    public static PublicKey of(KeyType type, byte[] data) {
        return ofData(type, data.clone());
    }

    private static PublicKey ofData(KeyType type, byte[] data) {
        return switch (type) {
            case RSA -> RsaPublicKey.ofData(data);
            case ED25519 -> Ed25519PublicKey.ofData(data);
            case SECP256K1 -> EcCurve.SECP256K1.publicKey(data);
            case ECDSA -> EcCurve.P256.publicKey(data);
        };
    }

    public final KeyType type() {
        return type;
    }

    /** The type's own encoding, the {@code Data} field of the protobuf form. */
    public final byte[] data() {
        return data.clone();
    }

    /** The deterministic protobuf form, which peer ids are made of. */
    public final byte[] encode() {
        return encoded.clone();
    }

    /** Whether {@code signature} is this key's over {@code message}; a malformed signature is simply not valid. */
    public abstract boolean verify(byte[] message, byte[] signature);

    @Override
    public final boolean equals(Object other) {
        return this == other || (other instanceof PublicKey key && Arrays.equals(encoded, key.encoded));
    }

    @Override
    public final int hashCode() {
        return hash;
    }

    /** The type and the last bytes of the key, enough to tell keys apart in a log. */
    @Override
    public final String toString() {
        int from = Math.max(0, data.length - 8);
        return type + " public key ..." + HexFormat.of().formatHex(data, from, data.length);
    }
}
