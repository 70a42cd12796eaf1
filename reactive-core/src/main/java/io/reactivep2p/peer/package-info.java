/**
 * Who a peer is, and where it may be reached.
 *
 * <p>A {@link io.reactivep2p.peer.PeerId} is the multihash of the protobuf form of the peer's {@linkplain
 * io.reactivep2p.crypto.PublicKey public key}:
 *
 * <pre>
 *   key of at most 42 bytes (Ed25519, secp256k1):   00 &lt;length&gt; &lt;the key itself&gt;        12D3KooW..., 16Uiu2HA...
 *   any other key (RSA, ECDSA):                     12 20 &lt;SHA2-256 of the key&gt;         Qm...
 * </pre>
 *
 * <p>It is printed in bare base58; that text and a CIDv1 of the codec libp2p-key in any multibase are read ({@code bafz...},
 * {@code k51...}).
 *
 * <p>Specification: <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md">libp2p peer ids</a> (revision
 * 7740c07). Choice: as in rust, an inlined key of more than 42 bytes is refused; whether inlined bytes are a key at all
 * is looked at when the key is asked for.
 */
@NullMarked
package io.reactivep2p.peer;

import org.jspecify.annotations.NullMarked;
