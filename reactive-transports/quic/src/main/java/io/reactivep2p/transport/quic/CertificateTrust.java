package io.reactivep2p.transport.quic;

import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.security.tls.VerifiedCertificates;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Trusts certificates that prove a host key, by the {@link PeerProof} of each handshake. */
final class CertificateTrust extends X509ExtendedTrustManager {

    private final InstantSource clock;
    private final VerifiedCertificates certificates = new VerifiedCertificates();

    CertificateTrust(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws CertificateException {
        check(chain, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws CertificateException {
        check(chain, engine);
    }

    private void check(X509Certificate[] chain, @Nullable SSLEngine engine) throws CertificateException {
        PeerProof proof = PeerProof.of(engine);
        if (proof == null) {
            throw new CertificateException("a handshake that nobody has begun");
        }
        try {
            proof.check(certificates, chain, clock.instant());
        } catch (HandshakeException e) {
            throw new CertificateException(e.getMessage(), e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, null);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws CertificateException {
        check(chain, null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws CertificateException {
        check(chain, null);
    }

    /** None: the remote peer need not choose by them. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
