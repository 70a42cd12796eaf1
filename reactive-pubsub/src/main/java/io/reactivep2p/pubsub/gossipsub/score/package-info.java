/**
 * What is thought of peers: the peer score of gossipsub 1.1, decided from what they delivered and when.
 *
 * <pre>
 *   score = min(cap, sum over topics: weight * (P1 + P2 + P3 + P3b + P4)) + P5 + P6 + P7
 *
 *   P1   time in the mesh                 &gt;= 0     min(whole quanta, cap)
 *   P2   first deliveries                 &gt;= 0     decays, capped
 *   P3   mesh deliveries                  &lt;= 0     (threshold - deliveries)^2 once active and below the threshold
 *   P3b  mesh failures                    &lt;= 0     such a deficit squared when the peer left the mesh; decays
 *   P4   invalid messages                 &lt;= 0     count^2; decays
 *   P5   the application's opinion
 *   P6   peers behind one IP address      &lt;= 0     (peers - threshold)^2
 *   P7   behaviour                        &lt;= 0     (penalties - threshold)^2; decays
 * </pre>
 *
 * <p>{@link io.reactivep2p.pubsub.gossipsub.score.PeerScore} keeps the counters; {@link
 * io.reactivep2p.pubsub.gossipsub.score.ScoreParams} says what they weigh, {@link
 * io.reactivep2p.pubsub.gossipsub.score.ScoreThresholds} from where on a score has consequences, which are the router's.
 *
 * <p>Specification: <a
 * href="https://github.com/libp2p/specs/blob/master/pubsub/gossipsub/gossipsub-v1.1.md#peer-scoring">gossipsub 1.1, peer scoring</a>.
 * Where it is silent: as go-libp2p-pubsub.
 *
 * <p>Choices:
 *
 * <ul>
 *   <li>A deficit of a peer that was pruned counts in P3 until it is grafted again, as in go; in rust it ends with the prune.
 *   <li>A message counts once for a peer, for its first sender too, to whom go gives credit again for further copies.
 *   <li>Peers that left and messages are remembered within bounds; go has none. Valid messages are remembered no longer than copies of them
 *       count.
 *   <li>A decay may be 1, for never.
 *   <li>There is no penalty for slow peers, which only rust has.
 * </ul>
 */
@NullMarked
package io.reactivep2p.pubsub.gossipsub.score;

import org.jspecify.annotations.NullMarked;
