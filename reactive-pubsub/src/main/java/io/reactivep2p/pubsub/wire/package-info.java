/**
 * RPCs, the messages of every pubsub protocol: read within bounds, written once for all receivers.
 *
 * <pre>
 *   +----------------+--------------------------------------------------------------+
 *   | length, varint | RPC: 1 subscriptions*  2 publish*  3 control?  10 partial?   |
 *   +----------------+--------------------------------------------------------------+
 * </pre>
 *
 * <p>Each side opens one stream to the other and only writes to it; what the other writes comes on the stream that the other opened. The
 * first RPC tells all subscriptions.
 *
 * <p>The front doors: {@link io.reactivep2p.pubsub.wire.RpcCodec} reads and writes whole RPCs, {@link
 * io.reactivep2p.pubsub.wire.EncodedMessage} is a message written once for all who get it, {@link
 * io.reactivep2p.pubsub.wire.ControlSplitter} cuts control to size, {@link io.reactivep2p.pubsub.wire.MessageBytes} is what authors sign.
 *
 * <p>Choices:
 *
 * <ul>
 *   <li>Elements are counted before anything is made of them (CVE-2026-46679, CVE-2026-86040). Too many subscriptions, messages or control
 *       entries make an RPC malformed; too many ids or exchanged peers are skipped, since go-libp2p may send more than js-libp2p reads.
 *   <li>Names of topics are UTF-8. An element with another one is skipped: it could not be written again as it was.
 *   <li>Absent data is told from empty data, as signatures do.
 *   <li>Unknown groups nest as deep as in all our protobuf messages, and are skipped without a stack (CVE-2024-7254).
 *   <li>Control is sent in RPCs of 16 KiB, which every implementation reads.
 * </ul>
 *
 * <p>Specification: <a href="https://github.com/libp2p/specs/tree/master/pubsub">pubsub</a>.
 */
@NullMarked
package io.reactivep2p.pubsub.wire;

import org.jspecify.annotations.NullMarked;
