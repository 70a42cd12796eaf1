package io.reactivep2p.crypto;

/** The kinds of host key. */
public enum KeyType {
    /** RSA of 2,048 to 8,192 bits; old nodes have it. */
    RSA(0),
    /** Ed25519, what every implementation must know, and the default. */
    ED25519(1),
    /** ECDSA on secp256k1. */
    SECP256K1(2),
    /** ECDSA on P-256. */
    ECDSA(3);

    private static final KeyType[] BY_CODE = {RSA, ED25519, SECP256K1, ECDSA};

    private final int code;

    KeyType(int code) {
        this.code = code;
    }

    /** The number of the type in the protobuf enumeration. */
    int code() {
        return code;
    }

    static KeyType ofCode(int code) {
        return BY_CODE[code];
    }
}
