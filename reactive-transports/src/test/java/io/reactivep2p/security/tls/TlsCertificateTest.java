package io.reactivep2p.security.tls;

import static io.reactivep2p.security.tls.CertificateForge.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.crypto.KeyType;
import io.reactivep2p.testkit.TestKeys;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TlsCertificateTest {

    private static final SecureRandom RANDOM = new SecureRandom();

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void provesTheHostKeyOfEveryType(KeyType type) {
        KeyPair identity = TestKeys.listener(type);
        X509Certificate certificate =
                TlsCertificate.create(identity, NOW, RANDOM).certificate();
        assertThat(PeerCertificate.verify(new X509Certificate[] {certificate}, NOW))
                .isEqualTo(identity.publicKey());
    }

    @Test
    void isValidFromAnHourAgoForAHundredYears() {
        X509Certificate certificate = certificate();
        assertThat(certificate.getNotBefore()).isEqualTo(Date.from(Instant.parse("2026-11-20T11:00:00Z")));
        assertThat(certificate.getNotAfter()).isEqualTo(Date.from(Instant.parse("2126-11-20T12:00:00Z")));
    }

    @Test
    void leapDaysAndYearsBeyond2049AreEncoded() {
        for (String text : new String[] {"2028-02-29T00:30:00Z", "2049-12-31T23:59:59Z", "2050-01-01T00:30:00Z"}) {
            Instant now = Instant.parse(text);
            KeyPair identity = KeyPair.generate();
            X509Certificate certificate =
                    TlsCertificate.create(identity, now, RANDOM).certificate();
            assertThat(certificate.getNotBefore()).isEqualTo(Date.from(now.minusSeconds(3_600)));
            assertThat(PeerCertificate.verify(new X509Certificate[] {certificate}, now))
                    .isEqualTo(identity.publicKey());
        }
    }

    @Test
    void hasThePlainestContentsThatEveryImplementationReads() throws Exception {
        X509Certificate certificate = certificate();
        assertThat(certificate.getVersion()).isEqualTo(3);
        assertThat(certificate.getSigAlgName()).isEqualToIgnoringCase("SHA256withECDSA");
        assertThat(certificate.getSubjectX500Principal())
                .isEqualTo(certificate.getIssuerX500Principal())
                .hasToString("O=libp2p.io");
        // js reads the first extension only, and go does not take any with a key usage that is not a server's.
        assertThat(certificate.getNonCriticalExtensionOIDs()).containsExactly("1.3.6.1.4.1.53594.1.1");
        assertThat(certificate.getCriticalExtensionOIDs()).isEmpty();
        certificate.verify(certificate.getPublicKey());
    }

    @Test
    void everySerialNumberIsPositiveAndShort() {
        for (int i = 0; i < 50; i++) {
            X509Certificate certificate = certificate();
            assertThat(certificate.getSerialNumber().signum()).isPositive();
            assertThat(certificate.getSerialNumber().toByteArray()).hasSizeLessThanOrEqualTo(20);
        }
    }

    @Test
    void theOidIsWrittenAsEverywhere() {
        assertThat(HexFormat.of().formatHex(HostKeyExtension.oid())).isEqualTo(CertificateForge.LIBP2P_OID);
    }

    private static X509Certificate certificate() {
        return TlsCertificate.create(KeyPair.ofSeed(new byte[32]), NOW, RANDOM).certificate();
    }
}
