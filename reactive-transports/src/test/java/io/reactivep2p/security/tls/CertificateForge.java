package io.reactivep2p.security.tls;

import io.reactivep2p.crypto.Der;
import io.reactivep2p.crypto.KeyPair;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Makes certificates of which everything is as it should be but for what a test changes. */
final class CertificateForge {

    static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    static final String LIBP2P_OID = "2b0601040183a25a0101";
    private static final HexFormat HEX = HexFormat.of();

    final KeyPair identity = KeyPair.ofSeed(new byte[32]);
    java.security.KeyPair keys;
    byte[] publicKey;
    byte[] version = HEX.parseHex("a003020102");
    byte[] serial = Der.integer(BigInteger.TEN);
    byte[] algorithm = HEX.parseHex("300a06082a8648ce3d040302");
    byte[] outerAlgorithm;
    String signature = "SHA256withECDSA";
    AlgorithmParameterSpec signatureParameters;
    byte[] name = HEX.parseHex("300c310a300806035504030c0178");
    byte[] notBefore = CertificateTime.encode(NOW.minusSeconds(60));
    byte[] notAfter = CertificateTime.encode(NOW.plusSeconds(60));
    byte[] afterKey = {};
    List<byte[]> extensions;
    byte[] trailer = {};
    boolean breakSignature;

    CertificateForge() {
        this(keys("EC", "secp256r1"));
    }

    CertificateForge(java.security.KeyPair pair) {
        key(pair);
    }

    static java.security.KeyPair keys(String algorithm, Object parameter) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (parameter instanceof Integer bits) {
                generator.initialize(bits);
            } else if (parameter != null) {
                generator.initialize(new ECGenParameterSpec((String) parameter));
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    CertificateForge key(java.security.KeyPair pair) {
        keys = pair;
        publicKey = pair.getPublic().getEncoded();
        return this;
    }

    CertificateForge signedBy(String name, String identifier) {
        signature = name;
        algorithm = HEX.parseHex(identifier);
        return this;
    }

    byte[] hostKeyExtension() {
        return extension(
                LIBP2P_OID, null, HostKeyExtension.create(identity, publicKey).encode());
    }

    static byte[] extension(String oid, Boolean critical, byte[] value) {
        byte[] flag =
                critical == null ? new byte[0] : Der.value(Der.BOOLEAN, new byte[] {(byte) (critical ? 0xff : 0)});
        return Der.sequence(
                Der.value(Der.OBJECT_IDENTIFIER, HEX.parseHex(oid)), flag, Der.value(Der.OCTET_STRING, value));
    }

    CertificateForge extensions(byte[]... encoded) {
        extensions = new ArrayList<>(Arrays.asList(encoded));
        return this;
    }

    byte[] encode() {
        byte[] allExtensions;
        if (extensions == null) {
            allExtensions = Der.value(0xa3, Der.sequence(hostKeyExtension()));
        } else if (extensions.isEmpty()) {
            allExtensions = new byte[0];
        } else {
            allExtensions = Der.value(0xa3, Der.sequence(extensions.toArray(byte[][]::new)));
        }
        byte[] signed = Der.sequence(
                version,
                serial,
                algorithm,
                name,
                Der.sequence(notBefore, notAfter),
                name,
                publicKey,
                afterKey,
                allExtensions,
                trailer);
        byte[] made = sign(signed);
        if (breakSignature) {
            made[made.length - 1] ^= 1;
        }
        return Der.sequence(signed, outerAlgorithm == null ? algorithm : outerAlgorithm, Der.bitString(made));
    }

    private byte[] sign(byte[] message) {
        try {
            Signature signer = Signature.getInstance(signature);
            if (signatureParameters != null) {
                signer.setParameter(signatureParameters);
            }
            signer.initSign(keys.getPrivate());
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    X509Certificate certificate() {
        return certificate(encode());
    }

    static X509Certificate certificate(byte[] encoded) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(e);
        }
    }

    PrivateKey privateKey() {
        return keys.getPrivate();
    }
}
