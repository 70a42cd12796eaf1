/**
 * Private networks by a pre-shared key: who does not know the key cannot make sense of one byte. Begin at {@link
 * io.reactivep2p.security.pnet.PrivateNetwork}.
 *
 * <p>Specification: <a href="https://github.com/libp2p/specs/blob/7740c07/pnet/Private-Networks-PSK-V1.md">libp2p/specs 7740c07,
 * Pre-shared Key Based Private Networks</a> (r0, 2017-02-17).
 *
 * <h2>On the wire</h2>
 *
 * <pre>
 *   each direction, on its own
 *
 *    0                        24
 *   +------------------------+------------------------------------------------------------
 *   | nonce, random, clear   | bytes, each XOR the next byte of XSalsa20(key, nonce)
 *   +------------------------+------------------------------------------------------------
 *
 *   pipeline   [private network] [negotiation, then noise, then yamux ...]
 * </pre>
 *
 * No frames, no lengths, no authentication: every byte sequence decrypts to something. That the remote peer is a stranger shows when
 * multistream-select cannot read its header, which {@code ConnectionUpgrader} reports as a {@code HandshakeException}. What is sent
 * inside is secured as outside, by Noise or TLS.
 *
 * <h2>The key file</h2>
 *
 * <pre>
 *   /key/swarm/psk/1.0.0/
 *   /base16/                       or /base64/ or /bin/
 *   64 hexadecimal digits          or 44 characters, or 32 bytes as they are
 * </pre>
 *
 * Lines end with LF or CRLF, the last one with or without. Written as base16, which rust and js read too.
 *
 * <h2>Who does what</h2>
 *
 * {@link io.reactivep2p.security.pnet.PrivateNetwork} adds a {@code PrivateNetworkHandler} (the shell) to a connection, which keeps an
 * {@code XSalsa20} for each direction. {@link io.reactivep2p.security.pnet.PreSharedKey} is the secret, {@code PreSharedKeyCodec} its file.
 *
 * <h2>Choices</h2>
 *
 * <ul>
 *   <li>The nonce is sent at once, and nothing waits for the remote peer's: rust waits for ours before it says anything, go sends its own
 *       with its first words.
 *   <li>Behind the key in a file nothing may follow but one end of line; go ignores what follows.
 *   <li>An exception about a malformed file quotes nothing of it: a key may stand in the wrong line.
 *   <li>The fingerprint is go's, which the specification does not define: 64 bytes of Salsa20 with the nonce {@code finprint}, through
 *       SHAKE-128.
 * </ul>
 */
@NullMarked
package io.reactivep2p.security.pnet;

import org.jspecify.annotations.NullMarked;
