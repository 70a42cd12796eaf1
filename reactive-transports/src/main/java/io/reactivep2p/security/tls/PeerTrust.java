package io.reactivep2p.security.tls;

import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.HandshakeException;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Decides during a handshake whether the peer is who it says, and whom we mean: the engine's peer host is the expected peer id. Leaves the proved host key in the session, so that a session in which it is found has been verified here.
 */
final class PeerTrust extends X509ExtendedTrustManager {

    private static final String HOST_KEY = "io.reactivep2p.security.tls.hostKey";

    private static final X509Certificate[] NO_ISSUERS = {};

    private final VerifiedCertificates certificates = new VerifiedCertificates();
    private final Clock clock;

    PeerTrust(Clock clock) {
        this.clock = clock;
    }

    /** The host key that was proved in the handshake of this session, null if none was. */
    static @Nullable PublicKey hostKey(SSLSession session) {
        return session.getValue(HOST_KEY) instanceof PublicKey key ? key : null;
    }

    private void check(X509Certificate @Nullable [] chain, @Nullable SSLEngine engine) throws CertificateException {
        try {
            if (engine == null) {
                throw new HandshakeException("tls: a handshake without an engine");
            }
            PublicKey hostKey = certificates.verify(chain, clock.instant());
            String expected = engine.getPeerHost();
            if (expected != null) {
                PeerId peer = PeerId.of(hostKey);
                if (!peer.toString().equals(expected)) {
                    throw new HandshakeException("tls: expected peer " + expected + ", but " + peer + " answered");
                }
            }
            engine.getHandshakeSession().putValue(HOST_KEY, hostKey);
        } catch (HandshakeException e) {
            throw new CertificateException(e.getMessage(), e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, null);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, null);
    }

    /** None: nobody issues our certificates, and a list of issuers would only tell clients to send none. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return NO_ISSUERS;
    }
}
