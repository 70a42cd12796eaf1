package io.reactivep2p.security.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.security.HandshakeException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class VerifiedCertificatesTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private final VerifiedCertificates certificates = new VerifiedCertificates();
    private final KeyPair identity = KeyPair.generate();
    private final X509Certificate[] chain = {
        TlsCertificate.create(identity, NOW, new SecureRandom()).certificate()
    };

    @Test
    void theSameCertificateProvesTheSameKeyAgain() {
        assertThat(certificates.verify(chain, NOW)).isEqualTo(identity.publicKey());
        assertThat(certificates.verify(chain, NOW)).isSameAs(certificates.verify(chain.clone(), NOW));
    }

    /** Such as those of rust- and js-libp2p, which have no issuer. */
    @Test
    void oneThatTheJdkCannotReadIsVerifiedByItsEncoding() throws Exception {
        X509Certificate[] unread = {new EncodedCertificate(chain[0].getEncoded())};
        assertThat(certificates.verify(unread, NOW)).isEqualTo(identity.publicKey());
        assertThat(certificates.verify(unread, NOW)).isEqualTo(identity.publicKey());
    }

    @Test
    void oneThatIsKnownStillExpires() {
        certificates.verify(chain, NOW);
        assertThatThrownBy(() -> certificates.verify(chain, NOW.plus(Duration.ofDays(101 * 366))))
                .isInstanceOf(HandshakeException.class)
                .hasMessageContaining("expired");
        assertThatThrownBy(() -> certificates.verify(chain, NOW.minus(Duration.ofDays(1))))
                .isInstanceOf(HandshakeException.class);
        assertThat(certificates.verify(chain, NOW)).isEqualTo(identity.publicKey());
    }

    @Test
    void noneOrTwoAreRefusedAsEver() {
        certificates.verify(chain, NOW);
        assertThatThrownBy(() -> certificates.verify(null, NOW)).isInstanceOf(HandshakeException.class);
        assertThatThrownBy(() -> certificates.verify(new X509Certificate[0], NOW))
                .isInstanceOf(HandshakeException.class);
        assertThatThrownBy(() -> certificates.verify(new X509Certificate[] {chain[0], chain[0]}, NOW))
                .isInstanceOf(HandshakeException.class);
    }
}
