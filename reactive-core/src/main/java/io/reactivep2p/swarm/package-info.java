/**
 * Every connection of a host: {@link io.reactivep2p.swarm.Swarm} listens, dials and keeps the table of what is open. It stands above the
 * upgrader and below the host; protocols never see it.
 *
 * <pre>
 *   dial(peer)     known and given addresses -&gt; resolve names -&gt; rank -&gt; race, at most 8 at a time -&gt; first upgrade wins, the others close
 *   listen(addr)   accept -&gt; upgrade (a bounded number at once) -&gt; admit within the limits
 *
 *   MuxedConnection -&gt; DefaultConnection        the table, by peer
 *       open(protocol)   MuxedStream -&gt; multistream-select, lazily where the peer is known to speak it -&gt; DefaultProtocolStream
 *       inbound stream   MuxedStream -&gt; multistream-select (a bounded number, for a bounded time)       -&gt; InboundStreams
 * </pre>
 *
 * <p>{@link io.reactivep2p.connection.ProtocolStream} is where Reactor begins. Its two halves are {@code StreamReceiver}, whose queue the
 * muxer's window bounds and whose subscriber's demand re-opens that window, and {@code StreamSender}, which asks its publisher for
 * elements only while the window and the socket take them.
 *
 * <p>Choices, with their models:
 * <ul>
 *   <li>One dial of a peer at a time; who wants the same peer joins it, and it is given up when the last of them cancels.
 *   <li>An address that failed is left alone for {@code 5 s + 1 s * n * n}, at most five minutes (go), unless it is given again by name.
 *   <li>Two connections to one peer may exist, when both sides dial at once; the older one is used (go keeps both too).
 *   <li>A failed dial says why for each address: {@link io.reactivep2p.swarm.DialException}.
 * </ul>
 */
@NullMarked
package io.reactivep2p.swarm;

import org.jspecify.annotations.NullMarked;
