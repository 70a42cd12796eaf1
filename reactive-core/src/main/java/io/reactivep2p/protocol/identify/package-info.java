/**
 * Identify ({@code /ipfs/id/1.0.0}) and identify/push ({@code /ipfs/id/push/1.0.0}): who a peer is, what it speaks, where it listens, and
 * where it sees us.
 *
 * <p>Specification: libp2p/specs {@code identify/README.md} at 7740c07; the signed peer record is field 8, as in go, rust and js.
 *
 * <pre>
 *   identify    opener: nothing but the stream     responder: length, Identify, end
 *   push        opener: length, Identify, end      responder: nothing
 * </pre>
 *
 * <p>Choices:
 * <ul>
 *   <li>Both sides ask on every new connection at once; a change of our protocols or addresses is pushed, at most once in {@link
 *       io.reactivep2p.protocol.identify.IdentifyOptions#pushDelay()}, to {@value
 *       io.reactivep2p.protocol.identify.Identify#MAX_CONCURRENT_PUSHES} peers at a time.
 *   <li>Our own message keeps to 4 KiB in one piece, which is all that rust-libp2p reads: protocols, then addresses, for which a
 *       quarter is kept free, then the signed record if there is room.
 *   <li>Of what others send, up to {@value io.reactivep2p.protocol.identify.IdentifyReader#MAX_MESSAGES} messages of {@value
 *       io.reactivep2p.protocol.identify.IdentifyReader#MAX_BYTES} bytes are merged, as in go and js. An unparsable address or protocol is
 *       skipped; a public key or a signed record of another peer makes the whole message void and resets the stream.
 *   <li>A signed record that was verified once is not verified again while it stays the same: it costs as much as half a handshake.
 * </ul>
 */
@NullMarked
package io.reactivep2p.protocol.identify;

import org.jspecify.annotations.NullMarked;
