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
 * <p>Specification: <a href="https://github.com/libp2p/specs/tree/master/pubsub">pubsub</a>.
 */
@NullMarked
package io.reactivep2p.pubsub.wire;

import org.jspecify.annotations.NullMarked;
