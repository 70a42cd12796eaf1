/**
 * No security at all, under the name {@code /plaintext/2.0.0}: for tests and for looking at what travels. Begin at {@link
 * io.reactivep2p.security.plaintext.Plaintext}.
 *
 * <p>Specification: <a href="https://github.com/libp2p/specs/blob/7740c07/plaintext/README.md">libp2p/specs 7740c07, Plaintext Secure
 * Channel</a> (r0, 2019-05-27).
 *
 * <h2>On the wire</h2>
 *
 * <pre>
 *   each direction, at once and without waiting for the other
 *
 *   +--------------+----------------------------------+------------------------------
 *   | length       | Exchange (protobuf)              | bytes of the next layer, as
 *   | varint       | 1 id (multihash)  2 pubkey       | they are
 *   +--------------+----------------------------------+------------------------------
 *
 *   pipeline   [exchange]     leaves when the other side's has come
 * </pre>
 *
 * Each side tells its peer id and its public key, and is believed: nothing is signed, so anyone can claim any identity. What is checked
 * is that the id is the key's, and that it is the one the dialer expects.
 *
 * <h2>Who does what</h2>
 *
 * {@link io.reactivep2p.security.plaintext.Plaintext} adds a {@code PlaintextHandler} (the shell) to a connection, which feeds a {@code
 * PlaintextExchange} (pure) until that has the remote peer's message.
 *
 * <h2>Choices</h2>
 *
 * <ul>
 *   <li>It is in no preset, and each instance made is warned of in the log: an attacker could always negotiate it where it is offered beside
 *       a real secure channel.
 *   <li>The message has at most {@value io.reactivep2p.security.plaintext.PlaintextExchange#MAX_BYTES} bytes, which takes the largest
 *       RSA key; go allows 64 KiB, rust 100 bytes, into which RSA and ECDSA keys do not fit.
 *   <li>Both fields are required, as by go and rust; the specification has them optional, and without them there is nothing to check.
 *   <li>jvm-libp2p puts a length of four bytes before the message, and cannot be talked to.
 * </ul>
 */
@NullMarked
package io.reactivep2p.security.plaintext;

import org.jspecify.annotations.NullMarked;
