package io.reactivep2p.security.tls;

import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.crypto.VerifiedCache;
import java.nio.ByteBuffer;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Verifies certificates and remembers them, by all their bytes: peers come back with the one they have, and its two signatures are more than
 * half of what a handshake costs. When it is valid is looked at each time, and that the peer holds its key is for each handshake to prove.
 * Thread-safe.
 */
public final class VerifiedCertificates {

    /** Certificates remembered; beyond that the one unused longest is forgotten. */
    static final int MAX_ENTRIES = 512;

    /** Those of elliptic curves have 500 bytes; larger ones are verified each time. */
    static final int MAX_BYTES = 1_024;

    private final VerifiedCache<ByteBuffer, PeerCertificate.Proof> verified = new VerifiedCache<>(MAX_ENTRIES);

    /** Remembers none yet. */
    public VerifiedCertificates() {}

    /** As {@link PeerCertificate#verify}. */
    public PublicKey verify(X509Certificate @Nullable [] chain, Instant now) {
        ByteBuffer encoded = chain != null && chain.length == 1 ? encoded(chain[0]) : null;
        if (chain == null || encoded == null) {
            return PeerCertificate.verify(chain, now);
        }
        PeerCertificate.Proof known = verified.find(encoded);
        if (known != null && !now.isBefore(known.notBefore()) && !now.isAfter(known.notAfter())) {
            return known.hostKey();
        }
        PeerCertificate.Proof proof = PeerCertificate.prove(chain, now);
        verified.remember(encoded, proof);
        return proof.hostKey();
    }

    private static @Nullable ByteBuffer encoded(X509Certificate certificate) {
        try {
            byte[] bytes = certificate.getEncoded();
            return bytes.length > MAX_BYTES ? null : ByteBuffer.wrap(bytes);
        } catch (CertificateEncodingException e) {
            return null;
        }
    }
}
