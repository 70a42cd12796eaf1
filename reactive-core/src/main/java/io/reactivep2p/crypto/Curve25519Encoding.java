package io.reactivep2p.crypto;

import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;

/**
 * The ASN.1 forms of keys on Curve25519, in which security providers take and give them: a fixed prefix and the 32 bytes. Follows <a
 * href="https://www.rfc-editor.org/rfc/rfc8410">RFC 8410</a>.
 */
public enum Curve25519Encoding {
    /** Keys of Diffie-Hellman exchanges. */
    X25519(0x6e),
    /** Keys of signatures. */
    ED25519(0x70);

    private final byte[] privatePrefix;
    private final byte[] publicPrefix;

    /** @param algorithm the last byte of its object identifier, 1.3.101.(110 or 112) */
    Curve25519Encoding(int algorithm) {
        byte id = (byte) algorithm;
        privatePrefix =
                new byte[] {0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, id, 0x04, 0x22, 0x04, 0x20
                };
        publicPrefix = new byte[] {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, id, 0x03, 0x21, 0x00};
    }

    /** @param key 32 bytes: a scalar or a seed */
    public PKCS8EncodedKeySpec privateKey(byte[] key) {
        return new PKCS8EncodedKeySpec(joined(privatePrefix, key));
    }

    /** @param key 32 bytes: a point */
    public X509EncodedKeySpec publicKey(byte[] key) {
        return new X509EncodedKeySpec(joined(publicPrefix, key));
    }

    /** The 32 bytes of a public key that a provider made. */
    public byte[] bytesOf(java.security.PublicKey key) {
        byte[] encoded = key.getEncoded();
        return Arrays.copyOfRange(encoded, publicPrefix.length, encoded.length);
    }

    private static byte[] joined(byte[] prefix, byte[] key) {
        byte[] encoded = Arrays.copyOf(prefix, prefix.length + key.length);
        System.arraycopy(key, 0, encoded, prefix.length, key.length);
        return encoded;
    }
}
