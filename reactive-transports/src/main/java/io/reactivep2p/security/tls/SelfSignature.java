package io.reactivep2p.security.tls;

import io.reactivep2p.crypto.Der;
import io.reactivep2p.crypto.DerReader;
import io.reactivep2p.crypto.KeyType;
import io.reactivep2p.crypto.MalformedKeyException;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.security.HandshakeException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The signature of a certificate by its own key. The algorithms are those of rust-libp2p: whoever is understood there is understood
 * here. Algorithm identifiers are compared as a whole, parameters included, so that none of them has two meanings.
 *
 * <p>Keys that can be host keys too are checked and used as such: that is strict, and for P-256, which practically every certificate
 * has, many times faster than the JDK.
 */
final class SelfSignature {

    private enum CertificateKey {
        P256("ECDSA P-256", "301306072a8648ce3d020106082a8648ce3d030107", "EC"),
        P384("ECDSA P-384", "301006072a8648ce3d020106052b81040022", "EC"),
        RSA("RSA", "300d06092a864886f70d0101010500", "RSA"),
        ED25519("Ed25519", "300506032b6570", "Ed25519");

        private final String title;
        private final String identifier;
        private final String factory;

        CertificateKey(String title, String identifier, String factory) {
            this.title = title;
            this.identifier = identifier;
            this.factory = factory;
        }
    }

    /** @param jcaName null where the key, as a host key would be, verifies this by itself */
    private record Scheme(
            String title,
            CertificateKey key,
            @Nullable String jcaName,
            @Nullable PSSParameterSpec parameters) {}

    private static final Map<String, Scheme> SCHEMES = schemes();

    /** Known, and not accepted: collisions can be found, or the spec's minimum of 256 bits is not met. */
    private static final Map<String, String> WEAK = Map.of(
            "300d06092a864886f70d0101040500", "RSA with MD5",
            "300d06092a864886f70d0101050500", "RSA with SHA-1",
            "300d06092a864886f70d01010e0500", "RSA with SHA-224",
            "300906072a8648ce3d0401", "ECDSA with SHA-1",
            "300a06082a8648ce3d040301", "ECDSA with SHA-224");

    private SelfSignature() {}

    private static Map<String, Scheme> schemes() {
        Map<String, Scheme> schemes = new HashMap<>();
        schemes.put("300a06082a8648ce3d040302", new Scheme("ECDSA with SHA-256", CertificateKey.P256, null, null));
        schemes.put(
                "300a06082a8648ce3d040303",
                new Scheme("ECDSA with SHA-384", CertificateKey.P384, "SHA384withECDSA", null));
        schemes.put("300506032b6570", new Scheme("Ed25519", CertificateKey.ED25519, null, null));
        schemes.put("300d06092a864886f70d01010b0500", new Scheme("RSA with SHA-256", CertificateKey.RSA, null, null));
        schemes.put(
                "300d06092a864886f70d01010c0500",
                new Scheme("RSA with SHA-384", CertificateKey.RSA, "SHA384withRSA", null));
        schemes.put(
                "300d06092a864886f70d01010d0500",
                new Scheme("RSA with SHA-512", CertificateKey.RSA, "SHA512withRSA", null));
        pss(schemes, 1, "SHA-256", MGF1ParameterSpec.SHA256, 32);
        pss(schemes, 2, "SHA-384", MGF1ParameterSpec.SHA384, 48);
        pss(schemes, 3, "SHA-512", MGF1ParameterSpec.SHA512, 64);
        return Map.copyOf(schemes);
    }

    /** The salt is as long as the hash; RFC 4055 section 2.1 wants the hash accepted with and without a null behind it. */
    private static void pss(
            Map<String, Scheme> schemes, int hashNumber, String hash, MGF1ParameterSpec mask, int hashBytes) {
        Scheme scheme = new Scheme(
                "RSA-PSS with " + hash,
                CertificateKey.RSA,
                "RSASSA-PSS",
                new PSSParameterSpec(hash, "MGF1", mask, hashBytes, 1));
        HexFormat hex = HexFormat.of();
        byte[] hashOid = hex.parseHex("60864801650304020" + hashNumber);
        for (byte[] parameters : new byte[][] {Der.value(Der.NULL), {}}) {
            byte[] hashAlgorithm = Der.sequence(Der.value(Der.OBJECT_IDENTIFIER, hashOid), parameters);
            byte[] identifier = Der.sequence(
                    Der.value(Der.OBJECT_IDENTIFIER, hex.parseHex("2a864886f70d01010a")),
                    Der.sequence(
                            Der.value(0xa0, hashAlgorithm),
                            Der.value(
                                    0xa1,
                                    Der.sequence(
                                            Der.value(Der.OBJECT_IDENTIFIER, hex.parseHex("2a864886f70d010108")),
                                            hashAlgorithm)),
                            Der.value(0xa2, Der.value(Der.INTEGER, new byte[] {(byte) hashBytes}))));
            schemes.put(hex.formatHex(identifier), scheme);
        }
    }

    /** @throws HandshakeException if the algorithm is weak or unknown, the key is not acceptable, or the signature is not its own */
    static void verify(CertificateFields certificate) {
        Scheme scheme = scheme(HexFormat.of().formatHex(certificate.signatureAlgorithm()));
        KeyInfo info = keyInfo(certificate.publicKey());
        if (info.key() != scheme.key()) {
            throw new HandshakeException(
                    "tls: the certificate is signed by " + scheme.title() + " and has a key of " + info.key().title);
        }
        if (!verify(scheme, info, certificate)) {
            throw new HandshakeException("tls: the certificate's signature by its own key is not valid");
        }
    }

    private static Scheme scheme(String identifier) {
        Scheme scheme = SCHEMES.get(identifier);
        if (scheme != null) {
            return scheme;
        }
        String weak = WEAK.get(identifier);
        throw new HandshakeException(
                weak != null
                        ? "tls: the certificate is signed by " + weak + "; a hash of 256 bits or more is required"
                        : "tls: the certificate is signed by an algorithm that is not accepted: "
                                + shortened(identifier));
    }

    /** @param bits the contents of the SubjectPublicKeyInfo's bit string */
    private record KeyInfo(CertificateKey key, byte[] bits) {}

    private static KeyInfo keyInfo(byte[] publicKey) {
        try {
            DerReader info = new DerReader(publicKey, "the certificate's key").enter(Der.SEQUENCE);
            byte[] algorithm = info.element(Der.SEQUENCE);
            byte[] bits = info.bitString().rest();
            info.finish();
            String identifier = HexFormat.of().formatHex(algorithm);
            for (CertificateKey key : CertificateKey.values()) {
                if (key.identifier.equals(identifier)) {
                    return new KeyInfo(key, bits);
                }
            }
            throw new HandshakeException(
                    hasExplicitCurve(algorithm)
                            ? "tls: the certificate's key spells out the parameters of its curve; a named curve is required"
                            : "tls: the certificate's key is of a kind that is not accepted: " + shortened(identifier));
        } catch (MalformedKeyException e) {
            throw new HandshakeException("tls: " + e.getMessage(), e);
        }
    }

    private static boolean hasExplicitCurve(byte[] algorithm) {
        DerReader reader = new DerReader(algorithm, "the certificate's key").enter(Der.SEQUENCE);
        String oid = HexFormat.of().formatHex(reader.value(Der.OBJECT_IDENTIFIER));
        return oid.equals("2a8648ce3d0201") && reader.next(Der.SEQUENCE);
    }

    private static boolean verify(Scheme scheme, KeyInfo info, CertificateFields certificate) {
        PublicKey key;
        try {
            key = switch (info.key()) {
                case P256 -> PublicKey.of(KeyType.ECDSA, certificate.publicKey());
                case RSA -> PublicKey.of(KeyType.RSA, certificate.publicKey());
                case ED25519 -> PublicKey.of(KeyType.ED25519, info.bits());
                case P384 -> null; // no host key is of this kind
            };
        } catch (MalformedKeyException e) {
            throw new HandshakeException("tls: the certificate's key is not accepted: " + e.getMessage(), e);
        }
        if (key != null && scheme.jcaName() == null) {
            return key.verify(certificate.signed(), certificate.signature());
        }
        try {
            Signature verifier = Signature.getInstance(scheme.jcaName());
            if (scheme.parameters() != null) {
                verifier.setParameter(scheme.parameters());
            }
            verifier.initVerify(KeyFactory.getInstance(info.key().factory)
                    .generatePublic(new X509EncodedKeySpec(certificate.publicKey())));
            verifier.update(certificate.signed());
            return verifier.verify(certificate.signature());
        } catch (GeneralSecurityException e) {
            throw new HandshakeException("tls: the certificate's signature cannot be verified: " + e.getMessage(), e);
        }
    }

    private static String shortened(String hex) {
        return hex.length() <= 80 ? hex : hex.substring(0, 80) + "...";
    }
}
