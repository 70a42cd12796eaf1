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
 * <h2>A dial</h2>
 *
 * <pre>
 *   Dialer -- one for each peer --&gt; PeerDial -- one for each address --&gt; DialAttempt          shells: threads, timers, subscribers
 *     |                                |   DialSchedule  when each begins, and the end           decides, in virtual time
 *     |- DialCandidates  which addresses: known, given, resolved, sieved, ranked
 *     |- DialMemory      DialBackoff, BlackHoleDetector                                          decide
 *     |- DialGate        DialQueue: places of the whole host                                     decides
 *     `- DialRanker      HappyEyeballs, RedundantAddresses, AddressDistance                      decide
 *
 *   0 ms        250          500          750          1000
 *   QUIC, IPv6  QUIC, IPv4   other QUIC   TCP, IPv6    TCP, IPv4 ...       public; on one's own network every 30 ms
 *                            relays       (where there is a public address)
 * </pre>
 *
 * <p>The rules are go-libp2p's ({@code dial_ranker.go}, {@code dial_worker.go}, {@code black_hole_detector.go}); happy eyeballs is RFC 8305.
 * An address that fails lets the next one begin at once; while a public one is connected and being secured, the next one waits for
 * another 250 ms.
 *
 * <p>What is bounded, since addresses are what strangers say: those looked at for one caller, names among them and how many are looked up
 * at a time ({@code DialCandidates}), addresses tried in one dial ({@link io.reactivep2p.swarm.DialRanker#MAX_ADDRESSES}), causes kept
 * ({@code DialSchedule}), time for each address and for all, addresses tried at the same time for a peer and in all
 * ({@link io.reactivep2p.resource.Limits}), those that wait for a place ({@code DialQueue}), failures remembered ({@code DialBackoff}).
 * How far one name fans out is the resolver's to bound.
 *
 * <p>Deviations from go-libp2p:
 * <ul>
 *   <li>Superfluous addresses, as WebSocket beside plain TCP, are left out by the ranker, so that one of one's own may choose otherwise.
 *   <li>Addresses that the caller gives by name are tried though they failed lately, and though they seem to lead into a black hole if
 *       nothing else is left.
 *   <li>The places of the host count every kind of address but relayed ones, not only those with a file descriptor, and those who wait
 *       for one are bounded.
 *   <li>The time limit of an address begins with its place.
 *   <li>An address that was tried once in a dial is not tried again in it, whoever joins.
 * </ul>
 *
 * <h2>Choices, with their models</h2>
 * <ul>
 *   <li>One dial of a peer at a time; who wants the same peer joins it, and it is given up when the last of them cancels.
 *   <li>An address that failed is left alone for {@code 5 s + 1 s * n * n}, at most five minutes (go), unless it is given again by name.
 *   <li>What connects after it lost is closed, wherever its connect and our cancel meet; losers are not blamed.
 *   <li>Two connections to one peer may exist, when both sides dial at once; the older one is used (go keeps both too).
 *   <li>A failed dial says why for each address: {@link io.reactivep2p.swarm.DialException}.
 * </ul>
 */
@NullMarked
package io.reactivep2p.swarm;

import org.jspecify.annotations.NullMarked;
