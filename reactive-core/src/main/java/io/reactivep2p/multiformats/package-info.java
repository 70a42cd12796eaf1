/**
 * Self-describing values: numbers, texts, digests, content identifiers and network addresses that say what they are.
 *
 * <p>This is the lowest package; it knows nothing of keys or peers. Everything here is an immutable value or a pure
 * function. What is malformed is refused with a {@link io.reactivep2p.multiformats.MultiformatException}, and nothing else
 * escapes a parser, whatever it is fed.
 *
 * <pre>
 * varint      (1xxxxxxx)* 0xxxxxxx, the lowest seven bits first, at most nine bytes, shortest form only
 * multihash   varint code | varint length | digest
 * cid         v0: 12 20 digest          v1: 01 | varint codec | multihash
 * multibase   prefix character, text
 * multiaddr   ( varint code | [varint length] | value )+        ( /name[/value] )+
 * </pre>
 *
 * <p>Specifications: <a href="https://github.com/multiformats/unsigned-varint">unsigned-varint</a>,
 * <a href="https://github.com/multiformats/multihash">multihash</a>,
 * <a href="https://github.com/multiformats/multibase">multibase</a>,
 * <a href="https://github.com/multiformats/multicodec">multicodec</a>,
 * <a href="https://github.com/multiformats/cid">cid</a>, <a href="https://github.com/multiformats/multiaddr">multiaddr</a>
 * (2026), <a href="https://github.com/libp2p/specs/tree/master/addressing">libp2p addressing</a> (7740c07).
 *
 * <h2>Limits</h2>
 * The encodings that are one big number (base10, base36, base58) take time that grows with the square of the length; they
 * stop at 1024 bytes. A multiaddr has at most 4096 bytes and 65,536 characters. All else is linear in an input that the
 * caller holds already; nothing recurses, and nothing is allocated on the word of a declared length.
 *
 * <h2>Deviations and choices</h2>
 * <ul>
 *   <li>{@code memory} is eight bytes, as in go and rust, where the table says "variable length".
 *   <li>{@code unix} takes the rest of the text; its bytes are the path with its leading slash, as in go. Paths that have no
 *       text of their own (without a leading slash, with one at the end) are refused in binary form too.
 *   <li>{@code http-path} is plain percent-decoding on input and escapes all but the unreserved characters on output, which
 *       both query and path unescaping read right.
 *   <li>{@code p2p} accepts what can be a peer id: 32 bytes of SHA2-256, or an identity multihash of at most 42 bytes.
 *   <li>{@code /ip6/1.2.3.4} is refused (go takes it for an IPv4-mapped address).
 *   <li>Names ({@code dns*}, {@code sni}, {@code ip6zone}) contain no control characters.
 *   <li>Multibase text with left-over bits that are not zero is refused, so that a CID has one text per encoding; in garlic
 *       addresses they are dropped, as the neighbours do.
 *   <li>Whatever binary form is accepted prints to a text that parses back to the same bytes.
 * </ul>
 */
@NullMarked
package io.reactivep2p.multiformats;

import org.jspecify.annotations.NullMarked;
