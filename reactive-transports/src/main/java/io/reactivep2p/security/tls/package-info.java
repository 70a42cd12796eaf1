/**
 * The secure channel {@code /tls/1.0.0}: TLS 1.3 in which both sides present a certificate that their host key vouches for. Begin at
 * {@link io.reactivep2p.security.tls.Tls}. QUIC uses the certificates too: {@link io.reactivep2p.security.tls.TlsCertificate} and {@link
 * io.reactivep2p.security.tls.VerifiedCertificates}.
 *
 * <p>Specifications: <a href="https://github.com/libp2p/specs/blob/7740c07/tls/tls.md">libp2p/specs tls/tls.md</a> (revision 7740c07, with
 * connections/inlined-muxer-negotiation.md), RFC 8446 and RFC 5280.
 *
 * <h2>The handshake</h2>
 *
 * <pre>
 *   dialer                                                     listener
 *
 *     ClientHello   ALPN: muxers..., libp2p              ------&gt;            no server name
 *                                                        &lt;------   ServerHello, EncryptedExtensions (ALPN: one of them),
 *                                                                  CertificateRequest, Certificate, CertificateVerify, Finished
 *     Certificate, CertificateVerify, Finished           ------&gt;
 *     the dialer is done, and may write in the same packet         the listener is done
 *
 *   certificate   self-signed, its key P-256 and made for nothing else
 *     extension   1.3.6.1.4.1.53594.1.1
 *       SEQUENCE { host key (protobuf), its signature of "libp2p-tls-handshake:" and the certificate's key }
 * </pre>
 *
 * Where ALPN agrees on a muxer no negotiation of it follows, which saves a round trip; where it agrees on {@code libp2p} the muxer is
 * negotiated inside the channel.
 *
 * <h2>What is refused</h2>
 *
 * Each with a {@link io.reactivep2p.security.HandshakeException} that names the check: no certificate or more than one; one that is
 * malformed, not yet valid, expired, not signed by its own key, of a hash under 256 bits, of a key or algorithm that rust-libp2p would not
 * accept either, with an unknown critical extension, with a unique id of issuer or subject; the libp2p extension missing, there twice,
 * malformed, or not signed by the host key in it; another peer than expected; TLS before 1.3; no common application protocol; a session
 * resumed, which proves nobody.
 *
 * <h2>Who does what</h2>
 *
 * <pre>
 *   {@link io.reactivep2p.security.tls.Tls}
 *     TlsHandler           shell: the end of the handshake to a result, failures to ours      stands behind Netty's SslHandler
 *     TlsContext           one for each host key; makes the engine of a connection
 *       BoringSslContext     BoringSSL through netty-tcnative, where it is present ({@link io.reactivep2p.security.tls.TlsEngine})
 *       JdkContext           the JDK's engine otherwise
 *       CertificateKeys      presents our certificate          {@link io.reactivep2p.security.tls.TlsCertificate}  makes it
 *       PeerTrust            verifies the peer's               {@link io.reactivep2p.security.tls.VerifiedCertificates} once, {@link
 *                                                              io.reactivep2p.security.tls.PeerCertificate} says how
 *                                                                CertificateFields  takes it apart
 *                                                                SelfSignature      its own
 *                                                                HostKeyExtension   the host key's
 * </pre>
 *
 * <h2>The data path</h2>
 *
 * A write is encrypted by itself, in full records of 16 KiB into one buffer; it is never copied to be joined with another. So whoever
 * writes joins what is small, as yamux does. What is read is decrypted as far as it goes into one buffer.
 *
 * <h2>Choices and deviations</h2>
 *
 * <ul>
 *   <li>The dialer's order of muxers decides, as in go; but where the listener has BoringSSL the listener's does, since Netty leaves no say
 *       in it. Both sides learn the same result either way.
 *   <li>A dialer is done before the listener has verified it. A refusal reaches it in place of the first bytes, as a HandshakeException
 *       that the layer above sees. To wait for those bytes would cost the round trip that ALPN has saved.
 *   <li>The JDK reads certificates before they reach us, and cannot read those without an issuer, which rust-libp2p and js-libp2p send.
 *       With these peers only BoringSSL works; where it is absent one log line says so, and Noise remains.
 *   <li>Key exchange is by X25519. A dialer offers X25519MLKEM768 only when told to ({@link
 *       io.reactivep2p.security.tls.TlsSpec#offerPostQuantum}); go and rust offer it always, and a listener here takes it.
 *   <li>No tickets are sent or used, and no early data: who resumes a session presents no certificate.
 *   <li>Our extension is not marked critical, as in go, and is the only one, since js looks at the first.
 *   <li>Serial numbers may be negative or zero, and names anything: they mean nothing in a certificate that nobody issued.
 *   <li>Whoever ends a connection says goodbye (close_notify) and waits a second at most for that to go out. A connection that ends
 *       without one ends just so: what runs above knows its own end, as yamux does. There is no half-close below the muxer.
 * </ul>
 */
@NullMarked
package io.reactivep2p.security.tls;

import org.jspecify.annotations.NullMarked;
