package io.reactivep2p.security.tls;

import io.reactivep2p.crypto.Der;
import io.reactivep2p.crypto.KeyPair;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;

/**
 * What a host presents in TLS handshakes: a self-signed certificate of a fresh P-256 key, for which the host key vouches in the libp2p
 * extension. Made once and used for all connections, over TCP and QUIC.
 */
public final class TlsCertificate {

    /** The certificate is valid this long already when it is made, for peers whose clock is behind; go and js do the same. */
    static final Duration VALID_SINCE = Duration.ofHours(1);

    /** As go and js. Nobody withdraws or renews these certificates, so their end is of no use. */
    static final int VALID_YEARS = 100;

    /** Below the 20 bytes of RFC 5280, and with the highest bit clear, since js takes the sign of what it reads. */
    private static final int SERIAL_BITS = 127;

    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] ECDSA_WITH_SHA256 = HEX.parseHex("300a06082a8648ce3d040302");
    private static final byte[] ORGANIZATION_NAME_OID = HEX.parseHex("55040a");
    private static final byte[] VERSION_3 = HEX.parseHex("a003020102");
    private static final int UTF8_STRING = 0x0c;
    private static final int SET = 0x31;
    private static final int EXTENSIONS = 0xa3;

    private final X509Certificate certificate;
    private final PrivateKey privateKey;

    private TlsCertificate(X509Certificate certificate, PrivateKey privateKey) {
        this.certificate = certificate;
        this.privateKey = privateKey;
    }

    /**
     * A new certificate for a host; takes a few milliseconds the first time in a JVM.
     *
     * @param now the certificate is valid from an hour before until a hundred years after
     * @param random makes the key, the serial number and the signature
     */
    public static TlsCertificate create(KeyPair identity, Instant now, SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            java.security.KeyPair keys = generator.generateKeyPair();
            byte[] signed = signedPart(identity, keys.getPublic().getEncoded(), now, random);
            Signature signer = Signature.getInstance("SHA256withECDSA");
            signer.initSign(keys.getPrivate(), random);
            signer.update(signed);
            byte[] encoded = Der.sequence(signed, ECDSA_WITH_SHA256, Der.bitString(signer.sign()));
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
            return new TlsCertificate(certificate, keys.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has ECDSA and X.509", e);
        }
    }

    private static byte[] signedPart(KeyPair identity, byte[] certificateKey, Instant now, SecureRandom random) {
        byte[] name = name();
        return Der.sequence(
                VERSION_3,
                Der.integer(new BigInteger(SERIAL_BITS, random).setBit(0)),
                ECDSA_WITH_SHA256,
                name,
                Der.sequence(
                        CertificateTime.encode(now.minus(VALID_SINCE)),
                        CertificateTime.encode(now.atOffset(ZoneOffset.UTC)
                                .plusYears(VALID_YEARS)
                                .toInstant())),
                name,
                certificateKey,
                Der.value(EXTENSIONS, Der.sequence(extension(identity, certificateKey))));
    }

    /** Not marked critical, as in go: who does not look for the extension may ignore it, and TLS libraries that refuse every critical
     * extension they do not know still let their application see it. */
    private static byte[] extension(KeyPair identity, byte[] certificateKey) {
        return Der.sequence(
                Der.value(Der.OBJECT_IDENTIFIER, HostKeyExtension.oid()),
                Der.value(
                        Der.OCTET_STRING,
                        HostKeyExtension.create(identity, certificateKey).encode()));
    }

    /** Of issuer and subject alike. Without one the JDK does not read the certificate. */
    private static byte[] name() {
        byte[] value = Der.value(UTF8_STRING, "libp2p.io".getBytes(StandardCharsets.US_ASCII));
        return Der.sequence(
                Der.value(SET, Der.sequence(Der.value(Der.OBJECT_IDENTIFIER, ORGANIZATION_NAME_OID), value)));
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public PrivateKey privateKey() {
        return privateKey;
    }
}
