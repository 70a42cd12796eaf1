/**
 * Messages on a stream: how a byte stream is cut into messages, with a limit on each.
 *
 * <p>The front door is {@link io.reactivep2p.wire.Codecs}; a {@link io.reactivep2p.wire.MessageCodec} is handed to a stream,
 * to a request/response protocol or to a topic, and no buffer is seen after that. Nearly every libp2p protocol frames so:
 *
 * <pre>
 *   +----------------+----------------------+
 *   | length, varint | that many bytes      |      the varint in its shortest form, refused on the length it declares
 *   +----------------+----------------------+
 * </pre>
 *
 * <p>Specifications: <a href="https://github.com/multiformats/unsigned-varint">unsigned varint</a>, <a
 * href="https://protobuf.dev/programming-guides/encoding/">protobuf encoding</a>.
 *
 * <p>Invariants: a decoder keeps at most the maximum of one message; what it keeps grows with the bytes that came, not with
 * the length that was promised; after an error, at the end and on close it keeps nothing. Protobuf messages nest at most
 * {@link io.reactivep2p.wire.Protobuf#MAX_DEPTH} deep.
 */
@NullMarked
package io.reactivep2p.wire;

import org.jspecify.annotations.NullMarked;
