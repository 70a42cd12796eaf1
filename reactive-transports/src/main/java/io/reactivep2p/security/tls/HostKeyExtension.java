package io.reactivep2p.security.tls;

import io.reactivep2p.crypto.Der;
import io.reactivep2p.crypto.DerReader;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.crypto.MalformedKeyException;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.security.HandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The libp2p extension of a certificate: the host key, and its signature of the certificate's key.
 *
 * <pre>
 *   SEQUENCE {
 *     OCTET STRING    the host's public key, protobuf
 *     OCTET STRING    its signature of "libp2p-tls-handshake:" and the certificate's SubjectPublicKeyInfo
 *   }
 * </pre>
 */
record HostKeyExtension(PublicKey hostKey, byte[] signature) {

    /** 1.3.6.1.4.1.53594.1.1 */
    private static final byte[] OID = HexFormat.of().parseHex("2b0601040183a25a0101");

    private static final byte[] SIGNATURE_PREFIX = "libp2p-tls-handshake:".getBytes(StandardCharsets.US_ASCII);

    static byte[] oid() {
        return OID.clone();
    }

    /** The extension of a certificate whose SubjectPublicKeyInfo is {@code certificateKey}. */
    static HostKeyExtension create(KeyPair identity, byte[] certificateKey) {
        return new HostKeyExtension(identity.publicKey(), identity.sign(signedBytes(certificateKey)));
    }

    byte[] encode() {
        return Der.sequence(Der.value(Der.OCTET_STRING, hostKey.encode()), Der.value(Der.OCTET_STRING, signature));
    }

    /** @throws HandshakeException if the bytes are no such extension, or the key in it is not acceptable */
    static HostKeyExtension decode(byte[] der) {
        byte[] key;
        byte[] signature;
        try {
            DerReader outer = new DerReader(der, "the libp2p extension");
            DerReader sequence = outer.enter(Der.SEQUENCE);
            outer.finish();
            key = sequence.value(Der.OCTET_STRING);
            signature = sequence.value(Der.OCTET_STRING);
            sequence.finish();
        } catch (MalformedKeyException e) {
            throw new HandshakeException("tls: " + e.getMessage(), e);
        }
        try {
            return new HostKeyExtension(PublicKey.decode(key), signature);
        } catch (MalformedKeyException e) {
            throw new HandshakeException(
                    "tls: the host key in the libp2p extension is malformed: " + e.getMessage(), e);
        }
    }

    /** Whether the host key vouches for the certificate's key. */
    boolean vouchesFor(byte[] certificateKey) {
        return hostKey.verify(signedBytes(certificateKey), signature);
    }

    private static byte[] signedBytes(byte[] certificateKey) {
        return ByteBuffer.allocate(SIGNATURE_PREFIX.length + certificateKey.length)
                .put(SIGNATURE_PREFIX)
                .put(certificateKey)
                .array();
    }
}
