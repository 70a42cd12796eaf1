/**
 * The secure channel {@code /noise}: {@code Noise_XX_25519_ChaChaPoly_SHA256} with libp2p's payloads. Begin at {@link
 * io.reactivep2p.security.noise.Noise}.
 *
 * <p>Specifications: <a href="https://github.com/libp2p/specs/blob/7740c07/noise/README.md">libp2p/specs noise/README.md</a> (revision
 * 7740c07, with connections/inlined-muxer-negotiation.md) and <a href="https://noiseprotocol.org/noise_rev34.html">The Noise Protocol
 * Framework</a>, revision 34.
 *
 * <h2>The handshake</h2>
 *
 * <pre>
 *   initiator (dialed)                                         responder (listened)
 *
 *     e                                                  ------&gt;            32 bytes, no payload
 *                                                        &lt;------   e, ee, s, es   + payload
 *     s, se   + payload                                  ------&gt;
 *     split: key 1 for this direction                    ------&gt;
 *                                                        &lt;------   key 2 for this one
 *
 *   payload (protobuf): 1 identity_key    the host's public key
 *                       2 identity_sig    its signature of "noise-libp2p-static-key:" and the static key s
 *                       4 extensions      2 stream_muxers, in order of preference
 * </pre>
 *
 * The static key {@code s} is made once for each host key and {@code Noise} instance, and so is its signature. A handshake costs a side
 * one key generation, three agreements and, unless the peer is known with the same static key, one verification.
 *
 * <h2>A frame</h2>
 *
 * <pre>
 *    0        2                                     2 + length
 *   +--------+------------------------------------------+
 *   | length | handshake message, or                    |    length: big-endian, at most 65,535
 *   |        | ciphertext, at most 65,519 | tag, 16     |
 *   +--------+------------------------------------------+
 * </pre>
 *
 * Nonces count frames, from 0 in each direction. The associated data of a transport frame is empty.
 *
 * <h2>Who does what</h2>
 *
 * <pre>
 *   {@link io.reactivep2p.security.noise.Noise}
 *     NoiseHandshakeHandler  shell: frames to messages        NoiseHandler  shell: frames to plaintext
 *       NoiseHandshake       payloads, identity, muxer          CipherState     one key, one counter
 *         HandshakeState     the pattern XX                     PendingPlaintext  written, not yet encrypted
 *           SymmetricState   chaining key and hash
 *             CipherState      DhKeyPair  made by an X25519Engine
 *         VerifiedPayloads   of peers that come back
 *   both: NoiseFrameReader   bytes to frames                  CryptoScratch  cipher, hash, arrays: one set per event loop
 * </pre>
 *
 * <h2>Choices and deviations</h2>
 *
 * <ul>
 *   <li>Both sides offer muxers and share none: the specification lets the handshake fail. As go does, we go on, and the muxer is
 *       negotiated inside the channel ({@code muxer} is null). Lists of more than 100 entries are ignored, as by go.
 *   <li>The muxer is the first of the initiator's list that the responder has, on both sides. js walks the list it received on either
 *       role, so a responder that offers several in another order may disagree with it; one muxer on either side cannot.
 *   <li>Handshake messages of more than 16 KiB are refused; honest ones stay under 6 KiB. The specification allows 65,535 bytes.
 *   <li>A first message with a payload is refused on its length.
 *   <li>A Diffie-Hellman result of zero ends the handshake, which Noise leaves open (section 12.1).
 *   <li>Extension 1, {@code webtransport_certhashes}, is neither sent nor read here.
 *   <li>There is no close message: a connection cut short by a third party looks like one closed by the peer, and what runs above must
 *       know its own end, as yamux does.
 * </ul>
 */
@NullMarked
package io.reactivep2p.security.noise;

import org.jspecify.annotations.NullMarked;
