package io.reactivep2p.transport.quic;

import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.security.tls.VerifiedCertificates;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Who the remote peer of one handshake has proved to be. It travels with the TLS session, since the one trust manager of an identity serves
 * all its handshakes, and keeps what TLS itself would reduce to an alert: which check failed.
 */
final class PeerProof {

    private static final String KEY = PeerProof.class.getName();

    private final @Nullable PeerId expected;
    private @Nullable PublicKey key;
    private @Nullable HandshakeException failure;

    private PeerProof(@Nullable PeerId expected) {
        this.expected = expected;
    }

    /** @param expected who it must be, {@code null} for anyone */
    static PeerProof attach(SSLEngine engine, @Nullable PeerId expected) {
        PeerProof proof = new PeerProof(expected);
        engine.getSession().putValue(KEY, proof);
        return proof;
    }

    static @Nullable PeerProof of(@Nullable SSLEngine engine) {
        SSLSession session = engine == null ? null : engine.getSession();
        return session != null && session.getValue(KEY) instanceof PeerProof proof ? proof : null;
    }

    /** @throws HandshakeException naming the check that failed; {@link #failure} has it, too */
    void check(VerifiedCertificates certificates, X509Certificate @Nullable [] chain, Instant now) {
        try {
            PublicKey proved = certificates.verify(chain, now);
            if (expected != null && !expected.matches(proved)) {
                throw new HandshakeException("quic: the peer id does not match: expected " + expected + ", but this is "
                        + PeerId.of(proved));
            }
            key = proved;
        } catch (HandshakeException e) {
            failure = e;
            throw e;
        }
    }

    /** The peer's host key, once its certificate was verified. */
    @Nullable
    PublicKey key() {
        return key;
    }

    @Nullable
    HandshakeException failure() {
        return failure;
    }
}
