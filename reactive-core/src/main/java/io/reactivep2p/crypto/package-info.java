/**
 * Host keys: what a peer proves its identity with.
 *
 * <p>A key travels as a two-field protobuf message, and a {@linkplain io.reactivep2p.peer.PeerId peer id} is the multihash
 * of exactly those bytes:
 *
 * <pre>
 *   08 &lt;type&gt;   12 &lt;length&gt; &lt;data&gt;          both fields always present, in this order, minimal varints, nothing else
 *
 *   type            public data                        private data                 signature
 *   0 RSA           DER SubjectPublicKeyInfo           DER PKCS#1 RSAPrivateKey     SHA-256, RSASSA-PKCS1-v1_5
 *   1 Ed25519       32 bytes                           64 bytes, seed | public      RFC 8032 over the message itself
 *   2 secp256k1     33 bytes, compressed point         32 bytes                     ECDSA over SHA-256, DER, low S
 *   3 ECDSA         DER SubjectPublicKeyInfo, P-256    DER SEC1 ECPrivateKey        ECDSA over SHA-256, DER, low S
 * </pre>
 *
 * <p>Specification: <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md">libp2p peer ids and keys</a>
 * (revision 7740c07).
 *
 * <p>Choices:
 *
 * <ul>
 *   <li>A key message in any other than the one deterministic encoding is refused. Other implementations hash their own
 *       re-encoding of it, so that the same peer would have two ids. For the same reason DER is read strictly.
 *   <li>The one exception is a secp256k1 key given as an uncompressed point (65 bytes): it is read, as go and rust do, and
 *       becomes the compressed key, with the compressed key's id.
 *   <li>RSA keys have 2,048 to 8,192 bits; this is checked before any arithmetic. ECDSA keys are on P-256.
 *   <li>Ed25519 keys that are no canonical point, or a point of small order, are refused: with such a key a signature can be
 *       valid for any message.
 *   <li>Signatures are read strictly (DER without slack, Ed25519 scalars below the group order); a high S is accepted.
 * </ul>
 *
 * <p>Ed25519 uses Conscrypt where it is on the classpath. Otherwise Ed25519, and always secp256k1 and ECDSA, use Bouncy Castle's
 * lightweight classes, which are five to twenty times faster than the JDK's; RSA and SHA-256 use the JDK, whose big integers and hashes are compiled to intrinsics. All classes are immutable and may be
 * shared between threads. Nothing here blocks but the file and key-generating methods of {@link
 * io.reactivep2p.crypto.KeyPair}.
 */
@NullMarked
package io.reactivep2p.crypto;

import org.jspecify.annotations.NullMarked;
