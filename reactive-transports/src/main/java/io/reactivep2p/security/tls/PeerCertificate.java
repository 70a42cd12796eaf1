package io.reactivep2p.security.tls;

import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.security.HandshakeException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Verifies what a peer presents in a TLS handshake, over TCP or inside QUIC. That the peer holds the certificate's private key is for
 * the handshake to prove, and whether the host key is the one dialed is for the caller to compare.
 */
public final class PeerCertificate {

    /**
     * What a certificate has proved.
     *
     * @param notBefore the certificate is valid from then
     * @param notAfter and until then
     */
    public record Proof(PublicKey hostKey, Instant notBefore, Instant notAfter) {}

    private PeerCertificate() {}

    /**
     * The host key that a chain of one certificate proves. Takes about a tenth of a millisecond; never blocks.
     *
     * @param chain as the handshake delivered it; null or empty if the peer sent none
     * @param now when the certificate must be valid
     * @throws HandshakeException naming the check that failed
     */
    public static PublicKey verify(X509Certificate @Nullable [] chain, Instant now) {
        return prove(chain, now).hostKey();
    }

    /**
     * As {@link #verify}, for those who remember it. Of the certificate only its encoding is asked for: those of rust- and js-libp2p have no
     * issuer, and the JDK refuses to read them.
     */
    public static Proof prove(X509Certificate @Nullable [] chain, Instant now) {
        if (chain == null || chain.length == 0) {
            throw new HandshakeException("tls: the peer sent no certificate");
        }
        if (chain.length > 1) {
            throw new HandshakeException("tls: the peer sent " + chain.length + " certificates; expected one");
        }
        try {
            return prove(chain[0].getEncoded(), now);
        } catch (CertificateEncodingException e) {
            throw new HandshakeException("tls: the certificate is malformed: " + e.getMessage(), e);
        }
    }

    static PublicKey verify(byte[] der, Instant now) {
        return prove(der, now).hostKey();
    }

    private static Proof prove(byte[] der, Instant now) {
        CertificateFields certificate = CertificateFields.parse(der);
        if (now.isBefore(certificate.notBefore())) {
            throw new HandshakeException("tls: the certificate is not valid before " + certificate.notBefore());
        }
        if (now.isAfter(certificate.notAfter())) {
            throw new HandshakeException("tls: the certificate expired at " + certificate.notAfter());
        }
        SelfSignature.verify(certificate);
        HostKeyExtension extension = HostKeyExtension.decode(certificate.hostKeyExtension());
        if (!extension.vouchesFor(certificate.publicKey())) {
            throw new HandshakeException("tls: the host key's signature in the libp2p extension is not valid");
        }
        return new Proof(extension.hostKey(), certificate.notBefore(), certificate.notAfter());
    }
}
