package io.reactivep2p.security.tls;

import io.reactivep2p.crypto.Der;
import io.reactivep2p.crypto.DerReader;
import io.reactivep2p.crypto.MalformedKeyException;
import io.reactivep2p.security.HandshakeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A certificate taken apart (RFC 5280 section 4.1); what it says is not verified yet.
 *
 * <pre>
 *   SEQUENCE {
 *     SEQUENCE {                      signed
 *       [0] { INTEGER 2 }               version 3
 *       INTEGER                         serial number
 *       SEQUENCE                        signatureAlgorithm
 *       SEQUENCE                        issuer
 *       SEQUENCE { time, time }         notBefore, notAfter
 *       SEQUENCE                        subject
 *       SEQUENCE                        publicKey: SubjectPublicKeyInfo
 *       [3] { SEQUENCE {                extensions: OID, critical, value
 *         SEQUENCE { OID, BOOLEAN?, OCTET STRING } ... } }
 *     }
 *     SEQUENCE                        signatureAlgorithm, the same again
 *     BIT STRING                      signature
 *   }
 * </pre>
 *
 * @param signed what the signature is of
 * @param signatureAlgorithm the whole AlgorithmIdentifier
 * @param publicKey the whole SubjectPublicKeyInfo
 * @param hostKeyExtension the value of the libp2p extension
 */
record CertificateFields(
        byte[] signed,
        byte[] signatureAlgorithm,
        Instant notBefore,
        Instant notAfter,
        byte[] publicKey,
        byte[] hostKeyExtension,
        byte[] signature) {

    /** With an RSA key of 8,192 bits on either level a certificate has about 5,000 bytes. */
    static final int MAX_BYTES = 16 * 1024;

    /** RFC 5280 section 4.1.2.2. */
    private static final int MAX_SERIAL_BYTES = 20;

    private static final int VERSION = 0xa0;
    private static final int VERSION_3 = 2;
    private static final int ISSUER_UNIQUE_ID = 0x81;
    private static final int SUBJECT_UNIQUE_ID = 0x82;
    private static final int EXTENSIONS = 0xa3;

    /** @throws HandshakeException naming what is malformed, missing or not understood */
    static CertificateFields parse(byte[] der) {
        if (der.length > MAX_BYTES) {
            throw new HandshakeException(
                    "tls: a certificate of " + der.length + " bytes; at most " + MAX_BYTES + " are accepted");
        }
        try {
            return read(der);
        } catch (MalformedKeyException e) {
            throw new HandshakeException("tls: " + e.getMessage(), e);
        }
    }

    private static CertificateFields read(byte[] der) {
        DerReader outer = new DerReader(der, "the certificate");
        DerReader certificate = outer.enter(Der.SEQUENCE);
        outer.finish();
        byte[] signed = certificate.element(Der.SEQUENCE);
        byte[] outerAlgorithm = certificate.element(Der.SEQUENCE);
        byte[] signature = certificate.bitString().rest();
        certificate.finish();

        DerReader body = new DerReader(signed, "the certificate").enter(Der.SEQUENCE);
        version(body);
        serialNumber(body);
        byte[] algorithm = body.element(Der.SEQUENCE);
        if (!Arrays.equals(algorithm, outerAlgorithm)) {
            throw new HandshakeException("tls: the certificate names two different signature algorithms");
        }
        body.element(Der.SEQUENCE);
        DerReader validity = body.enter(Der.SEQUENCE);
        Instant notBefore = CertificateTime.read(validity);
        Instant notAfter = CertificateTime.read(validity);
        validity.finish();
        body.element(Der.SEQUENCE);
        byte[] publicKey = body.element(Der.SEQUENCE);
        if (body.next(ISSUER_UNIQUE_ID) || body.next(SUBJECT_UNIQUE_ID)) {
            throw new HandshakeException("tls: the certificate has a unique id of its issuer or subject");
        }
        byte[] extension = body.atEnd() ? null : extensions(body.enter(EXTENSIONS));
        body.finish();
        if (extension == null) {
            throw new HandshakeException("tls: the certificate has no libp2p extension");
        }
        return new CertificateFields(signed, algorithm, notBefore, notAfter, publicKey, extension, signature);
    }

    private static void version(DerReader body) {
        if (!body.next(VERSION)) {
            throw new HandshakeException("tls: the certificate is of version 1; expected version 3");
        }
        DerReader version = body.enter(VERSION);
        int number = version.integer(Byte.SIZE).intValue();
        version.finish();
        if (number != VERSION_3) {
            throw new HandshakeException("tls: the certificate is of version " + (number + 1) + "; expected version 3");
        }
    }

    /** Means nothing in a certificate that nobody issued: of a sane length, and any value, negative ones too. */
    private static void serialNumber(DerReader body) {
        int length = body.value(Der.INTEGER).length;
        if (length == 0 || length > MAX_SERIAL_BYTES) {
            throw new HandshakeException("tls: the certificate has a serial number of " + length
                    + " bytes; expected 1 to " + MAX_SERIAL_BYTES);
        }
    }

    private static byte @Nullable [] extensions(DerReader wrapper) {
        DerReader extensions = wrapper.enter(Der.SEQUENCE);
        wrapper.finish();
        byte[] ours = HostKeyExtension.oid();
        byte[] found = null;
        while (!extensions.atEnd()) {
            DerReader extension = extensions.enter(Der.SEQUENCE);
            byte[] oid = extension.value(Der.OBJECT_IDENTIFIER);
            boolean critical = extension.next(Der.BOOLEAN) && isTrue(extension.value(Der.BOOLEAN));
            byte[] value = extension.value(Der.OCTET_STRING);
            extension.finish();
            if (Arrays.equals(oid, ours)) {
                if (found != null) {
                    throw new HandshakeException("tls: the certificate has the libp2p extension twice");
                }
                found = value;
            } else if (critical) {
                throw new HandshakeException("tls: the certificate has a critical extension that is not understood: "
                        + HexFormat.of().formatHex(oid, 0, Math.min(oid.length, 32)));
            }
        }
        return found;
    }

    /** A false that is spelt out should have been left out; it is read for what it says. */
    private static boolean isTrue(byte[] value) {
        if (value.length != 1 || (value[0] != 0 && value[0] != (byte) 0xff)) {
            throw new HandshakeException("tls: the certificate is malformed DER: neither true nor false is "
                    + HexFormat.of().formatHex(value, 0, Math.min(value.length, 8)));
        }
        return value[0] != 0;
    }
}
