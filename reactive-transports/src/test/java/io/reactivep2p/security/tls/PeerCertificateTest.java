package io.reactivep2p.security.tls;

import static io.reactivep2p.security.tls.CertificateForge.LIBP2P_OID;
import static io.reactivep2p.security.tls.CertificateForge.NOW;
import static io.reactivep2p.security.tls.CertificateForge.extension;
import static io.reactivep2p.security.tls.CertificateForge.keys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivep2p.crypto.Der;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.crypto.KeyType;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.testkit.TestKeys;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerCertificateTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final String BASIC_CONSTRAINTS = "551d13";
    private static final java.security.KeyPair RSA = keys("RSA", 2_048);

    private final CertificateForge forge = new CertificateForge();

    @Test
    void soundCertificateProvesTheHostKey() {
        assertThat(PeerCertificate.verify(new X509Certificate[] {forge.certificate()}, NOW))
                .isEqualTo(forge.identity.publicKey());
    }

    @Test
    void noCertificateIsRefused() {
        assertThatThrownBy(() -> PeerCertificate.verify((X509Certificate[]) null, NOW))
                .isInstanceOf(HandshakeException.class)
                .hasMessage("tls: the peer sent no certificate");
        assertThatThrownBy(() -> PeerCertificate.verify(new X509Certificate[0], NOW))
                .hasMessage("tls: the peer sent no certificate");
    }

    @Test
    void moreThanOneCertificateIsRefused() {
        X509Certificate certificate = forge.certificate();
        assertThatThrownBy(() -> PeerCertificate.verify(new X509Certificate[] {certificate, certificate}, NOW))
                .isInstanceOf(HandshakeException.class)
                .hasMessage("tls: the peer sent 2 certificates; expected one");
    }

    @Test
    void certificateIsValidToTheSecondOnBothEnds() {
        assertThat(PeerCertificate.verify(forge.encode(), NOW.minusSeconds(60))).isNotNull();
        assertThat(PeerCertificate.verify(forge.encode(), NOW.plusSeconds(60))).isNotNull();
    }

    @Test
    void certificateThatIsNotYetValidIsRefused() {
        refused("tls: the certificate is not valid before 2026-11-20T11:59:00Z", NOW.minusSeconds(61));
    }

    @Test
    void expiredCertificateIsRefused() {
        refused("tls: the certificate expired at 2026-11-20T12:01:00Z", NOW.plusSeconds(61));
    }

    @Test
    void selfSignatureThatIsNotValidIsRefused() {
        forge.breakSignature = true;
        refused("tls: the certificate's signature by its own key is not valid");
    }

    @Test
    void signatureOfAnotherKeyIsRefused() {
        forge.keys = keys("EC", "secp256r1");
        refused("tls: the certificate's signature by its own key is not valid");
    }

    @Test
    void certificateWithoutTheExtensionIsRefused() {
        forge.extensions();
        refused("tls: the certificate has no libp2p extension");
        forge.extensions(extension(BASIC_CONSTRAINTS, false, new byte[] {0x30, 0}));
        refused("tls: the certificate has no libp2p extension");
    }

    @Test
    void certificateWithTheExtensionTwiceIsRefused() {
        forge.extensions(forge.hostKeyExtension(), forge.hostKeyExtension());
        refused("tls: the certificate has the libp2p extension twice");
    }

    @Test
    void extensionMayBeCriticalAndMayStandBehindOthers() {
        byte[] value = HostKeyExtension.create(forge.identity, forge.publicKey).encode();
        forge.extensions(
                extension(BASIC_CONSTRAINTS, null, new byte[] {0x30, 0}),
                extension("551d0e", false, new byte[] {4, 0}),
                extension(LIBP2P_OID, true, value));
        assertThat(PeerCertificate.verify(forge.encode(), NOW)).isEqualTo(forge.identity.publicKey());
    }

    @Test
    void unknownCriticalExtensionIsRefused() {
        forge.extensions(forge.hostKeyExtension(), extension("2a0304", true, new byte[0]));
        refused("tls: the certificate has a critical extension that is not understood: 2a0304");
    }

    @Test
    void truthValueOfTheCriticalFlagIsZeroOrAllOnes() {
        byte[] odd = Der.sequence(
                Der.value(Der.OBJECT_IDENTIFIER, HEX.parseHex("2a0304")),
                Der.value(Der.BOOLEAN, new byte[] {1}),
                Der.value(Der.OCTET_STRING));
        forge.extensions(forge.hostKeyExtension(), odd);
        refused("tls: the certificate is malformed DER: neither true nor false is 01");
    }

    @Test
    void extensionThatIsNoSequenceOfTwoIsRefused() {
        byte[] sound = HostKeyExtension.create(forge.identity, forge.publicKey).encode();
        for (byte[] bad : new byte[][] {
            {},
            {0x04, 0},
            Arrays.copyOf(sound, sound.length - 1),
            Arrays.copyOf(sound, sound.length + 1),
            Der.sequence(Der.value(Der.OCTET_STRING, forge.identity.publicKey().encode())),
            Der.sequence(Der.value(Der.OCTET_STRING), Der.value(Der.OCTET_STRING), Der.value(Der.OCTET_STRING))
        }) {
            forge.extensions(extension(LIBP2P_OID, null, bad));
            refused("tls: the libp2p extension is malformed DER: ");
        }
    }

    @Test
    void extensionWithAMalformedHostKeyIsRefused() {
        forge.extensions(extension(
                LIBP2P_OID,
                null,
                Der.sequence(Der.value(Der.OCTET_STRING, new byte[] {8, 1}), Der.value(Der.OCTET_STRING))));
        refused("tls: the host key in the libp2p extension is malformed: public key lacks the field Data");
    }

    @Test
    void extensionSignedForAnotherCertificateIsRefused() {
        byte[] foreign = HostKeyExtension.create(
                        forge.identity, keys("EC", "secp256r1").getPublic().getEncoded())
                .encode();
        forge.extensions(extension(LIBP2P_OID, null, foreign));
        refused("tls: the host key's signature in the libp2p extension is not valid");
    }

    @Test
    void extensionSignedByAnotherHostKeyIsRefused() {
        byte[] signature =
                HostKeyExtension.create(KeyPair.generate(), forge.publicKey).signature();
        forge.extensions(
                extension(LIBP2P_OID, null, new HostKeyExtension(forge.identity.publicKey(), signature).encode()));
        refused("tls: the host key's signature in the libp2p extension is not valid");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x81, 0x82})
    void uniqueIdsAreRefused(int tag) {
        forge.afterKey = Der.value(tag, new byte[] {0, 1});
        refused("tls: the certificate has a unique id of its issuer or subject");
    }

    @Test
    void onlyVersion3HasExtensions() {
        forge.version = new byte[0];
        refused("tls: the certificate is of version 1; expected version 3");
        forge.version = HEX.parseHex("a003020101");
        refused("tls: the certificate is of version 2; expected version 3");
    }

    @Test
    void serialNumberMayBeAnythingOfUpTo20Bytes() {
        byte[] longest = new byte[20];
        Arrays.fill(longest, (byte) 0xff);
        forge.serial = Der.value(Der.INTEGER, longest);
        assertThat(PeerCertificate.verify(forge.encode(), NOW)).isNotNull();
        forge.serial = Der.value(Der.INTEGER, new byte[21]);
        refused("tls: the certificate has a serial number of 21 bytes; expected 1 to 20");
        forge.serial = Der.value(Der.INTEGER);
        refused("tls: the certificate has a serial number of 0 bytes; expected 1 to 20");
    }

    @Test
    void innerAndOuterSignatureAlgorithmMustBeTheSame() {
        forge.outerAlgorithm = HEX.parseHex("300a06082a8648ce3d040303");
        refused("tls: the certificate names two different signature algorithms");
    }

    @ParameterizedTest
    @CsvSource({
        "RSA with MD5,300d06092a864886f70d0101040500",
        "RSA with SHA-1,300d06092a864886f70d0101050500",
        "RSA with SHA-224,300d06092a864886f70d01010e0500",
        "ECDSA with SHA-1,300906072a8648ce3d0401",
        "ECDSA with SHA-224,300a06082a8648ce3d040301"
    })
    void weakHashIsRefused(String title, String identifier) {
        forge.algorithm = HEX.parseHex(identifier);
        refused("tls: the certificate is signed by " + title + "; a hash of 256 bits or more is required");
    }

    @Test
    void pssWithItsDefaultHashIsRefused() {
        forge.algorithm = HEX.parseHex("300d06092a864886f70d01010a3000");
        refused("tls: the certificate is signed by an algorithm that is not accepted: 300d06092a864886f70d01010a3000");
    }

    @Test
    void curveWithSpelledOutParametersIsRefused() {
        byte[] point = Arrays.copyOfRange(forge.publicKey, forge.publicKey.length - 65, forge.publicKey.length);
        forge.publicKey = Der.sequence(
                Der.sequence(
                        Der.value(Der.OBJECT_IDENTIFIER, HEX.parseHex("2a8648ce3d0201")),
                        Der.sequence(Der.value(Der.INTEGER, new byte[] {1}))),
                Der.bitString(point));
        refused("tls: the certificate's key spells out the parameters of its curve; a named curve is required");
    }

    @Test
    void otherCurvesAreRefused() {
        forge.key(keys("EC", "secp521r1")).signedBy("SHA256withECDSA", "300a06082a8648ce3d040302");
        refused("tls: the certificate's key is of a kind that is not accepted: 301006072a8648ce3d020106052b81040023");
    }

    @Test
    void ed448IsRefused() {
        forge.key(keys("Ed448", null)).signedBy("Ed448", "300506032b6571");
        refused("tls: the certificate is signed by an algorithm that is not accepted: 300506032b6571");
    }

    @Test
    void hashMustGoWithTheCurve() {
        forge.key(keys("EC", "secp384r1"));
        refused("tls: the certificate is signed by ECDSA with SHA-256 and has a key of ECDSA P-384");
        forge.key(keys("EC", "secp256r1")).signedBy("SHA384withECDSA", "300a06082a8648ce3d040303");
        refused("tls: the certificate is signed by ECDSA with SHA-384 and has a key of ECDSA P-256");
    }

    @Test
    void pointThatIsNotOnTheCurveIsRefused() {
        forge.publicKey[forge.publicKey.length - 1] ^= 1;
        refused("tls: the certificate's key is not accepted: ");
    }

    @ParameterizedTest
    @CsvSource({
        "SHA384withECDSA,300a06082a8648ce3d040303,EC,secp384r1",
        "Ed25519,300506032b6570,Ed25519,",
    })
    void otherCurvesThatRustHasAreAccepted(String signature, String identifier, String factory, String curve) {
        forge.key(keys(factory, curve)).signedBy(signature, identifier);
        acceptedUnlessBroken();
    }

    @ParameterizedTest
    @CsvSource({
        "SHA256withRSA,300d06092a864886f70d01010b0500",
        "SHA384withRSA,300d06092a864886f70d01010c0500",
        "SHA512withRSA,300d06092a864886f70d01010d0500",
    })
    void rsaIsAccepted(String signature, String identifier) {
        forge.key(RSA).signedBy(signature, identifier);
        acceptedUnlessBroken();
    }

    @ParameterizedTest
    @CsvSource({"1,SHA-256,32", "2,SHA-384,48", "3,SHA-512,64"})
    void rsaPssIsAcceptedWithItsHashWrittenInEitherWay(int number, String hash, int salt) {
        forge.signatureParameters = new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), salt, 1);
        for (String parameter : new String[] {"0500", ""}) {
            String hashAlgorithm = sequence("060960864801650304020" + number + parameter);
            String mask = sequence("06092a864886f70d010108" + hashAlgorithm);
            String parameters = sequence(tagged("a0", hashAlgorithm)
                    + tagged("a1", mask)
                    + tagged("a2", "0201" + HEX.toHexDigits((byte) salt)));
            forge.key(RSA).signedBy("RSASSA-PSS", sequence("06092a864886f70d01010a" + parameters));
            acceptedUnlessBroken();
        }
    }

    private static String sequence(String content) {
        return tagged("30", content);
    }

    private static String tagged(String tag, String content) {
        return tag + HEX.toHexDigits((byte) (content.length() / 2)) + content;
    }

    private void acceptedUnlessBroken() {
        forge.breakSignature = false;
        assertThat(PeerCertificate.verify(forge.encode(), NOW)).isEqualTo(forge.identity.publicKey());
        forge.breakSignature = true;
        refused("tls: the certificate's signature by its own key is not valid");
    }

    @Test
    void shortRsaKeyIsRefused() {
        forge.key(keys("RSA", 1_024)).signedBy("SHA256withRSA", "300d06092a864886f70d01010b0500");
        refused("tls: the certificate's key is not accepted: RSA key of 1024 bits; expected 2048 to 8192 bits");
    }

    /** CVE-2023-39533: verifying with a huge key would cost seconds. */
    @Test
    void cve202339533HugeRsaKeyIsRefusedBeforeAnyArithmetic() {
        byte[] modulus = new byte[1 + 9_000 / 8];
        Arrays.fill(modulus, 1, modulus.length, (byte) 0xff);
        forge.publicKey = Der.sequence(
                HEX.parseHex("300d06092a864886f70d0101010500"),
                Der.bitString(Der.sequence(Der.value(Der.INTEGER, modulus), HEX.parseHex("0203010001"))));
        forge.algorithm = HEX.parseHex("300d06092a864886f70d01010b0500");
        refused("tls: the certificate's key is not accepted: RSA public key is malformed DER: an integer of 9000 bits");
    }

    /** CVE-2023-39533, one layer up: the same in the host key. */
    @Test
    void cve202339533HugeRsaHostKeyIsRefused() {
        byte[] modulus = new byte[1 + 9_000 / 8];
        Arrays.fill(modulus, 1, modulus.length, (byte) 0xff);
        byte[] data = Der.sequence(
                HEX.parseHex("300d06092a864886f70d0101010500"),
                Der.bitString(Der.sequence(Der.value(Der.INTEGER, modulus), HEX.parseHex("0203010001"))));
        byte[] key = HEX.parseHex("08001280" + HEX.toHexDigits((byte) (data.length >> 7)) + HEX.formatHex(data));
        key[3] = (byte) (data.length & 0x7f | 0x80);
        forge.extensions(extension(
                LIBP2P_OID, null, Der.sequence(Der.value(Der.OCTET_STRING, key), Der.value(Der.OCTET_STRING))));
        refused("tls: the host key in the libp2p extension is malformed: RSA public key is malformed DER");
    }

    /** CVE-2026-110789: a length that reaches beyond the buffer. */
    @Test
    void cve2026110789LengthBeyondTheCertificateIsRefused() {
        for (String hex : new String[] {"3084ffffffff", "3082ffff", "30820100", "307f", "30808080", "30"}) {
            assertThatThrownBy(() -> PeerCertificate.verify(HEX.parseHex(hex), NOW))
                    .isInstanceOf(HandshakeException.class)
                    .hasMessageStartingWith("tls: the certificate is malformed DER: ");
        }
    }

    @Test
    void hugeCertificateIsRefusedUnread() {
        assertThatThrownBy(() -> PeerCertificate.verify(new byte[16 * 1024 + 1], NOW))
                .isInstanceOf(HandshakeException.class)
                .hasMessage("tls: a certificate of 16385 bytes; at most 16384 are accepted");
    }

    @Test
    void nothingMayFollow() {
        forge.trailer = Der.value(Der.NULL);
        refused("tls: the certificate is malformed DER: 2 bytes too many");
        byte[] longer = Arrays.copyOf(new CertificateForge().encode(), forge.encode().length + 1);
        assertThatThrownBy(() -> PeerCertificate.verify(longer, NOW))
                .hasMessageStartingWith("tls: the certificate is malformed DER: ");
    }

    @Test
    void everyCutIsRefused() {
        byte[] whole = forge.encode();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> PeerCertificate.verify(cut, NOW)).isInstanceOf(HandshakeException.class);
        }
    }

    @Test
    void everyChangedBitIsRefused() {
        byte[] whole = forge.encode();
        for (int i = 0; i < whole.length; i++) {
            byte[] changed = whole.clone();
            changed[i] ^= (byte) (1 << (i % 8));
            assertThatThrownBy(() -> PeerCertificate.verify(changed, NOW)).isInstanceOf(HandshakeException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "170b323631313230313230305a", // no seconds
                "170d3236313132303132303030302b", // no Z
                "170d3236313332303132303030305a", // month 13
                "170d32363131323031323030303a5a", // no digit
                "180f32303236313133313132303030305a", // 31 November
                "181132303236313132303132303030302e355a" // a fraction
            })
    void malformedTimeIsRefused(String time) {
        forge.notBefore = HEX.parseHex(time);
        refused("tls: the certificate is malformed: no point in time is ");
    }

    @Test
    void yearsOfTwoDigitsReachFrom1950To2049() {
        forge.notBefore = HEX.parseHex("170d3530303130313030303030305a");
        assertThat(CertificateFields.parse(forge.encode()).notBefore()).isEqualTo("1950-01-01T00:00:00Z");
        forge.notBefore = HEX.parseHex("170d3439313233313233353935395a");
        assertThat(CertificateFields.parse(forge.encode()).notBefore()).isEqualTo("2049-12-31T23:59:59Z");
    }

    @Test
    void hostKeysOfAllTypesAreProved() {
        for (KeyType type : KeyType.values()) {
            KeyPair identity = TestKeys.listener(type);
            forge.extensions(extension(
                    LIBP2P_OID,
                    null,
                    HostKeyExtension.create(identity, forge.publicKey).encode()));
            assertThat(PeerCertificate.verify(forge.encode(), NOW)).isEqualTo(identity.publicKey());
        }
    }

    private void refused(String message) {
        refused(message, NOW);
    }

    private void refused(String message, Instant now) {
        byte[] encoded = forge.encode();
        assertThatThrownBy(() -> PeerCertificate.verify(encoded, now))
                .isInstanceOf(HandshakeException.class)
                .hasMessageStartingWith(message);
    }
}
