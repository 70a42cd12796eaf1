/**
 * Floodsub: what is new and valid goes to everyone who subscribes to its topic, but to the one it came from and its author. There is no
 * control and no state beside the node's own. Good for a few peers; for more there is gossipsub, whose nodes speak this too.
 *
 * <pre>
 *   {@link io.reactivep2p.pubsub.floodsub.Floodsub}         makes the node
 *   FloodsubRouter   decides
 * </pre>
 *
 * <p>To a peer there is one stream for everything, as everybody else has it. rust-libp2p has one for each RPC, reads one RPC of each, and no
 * more than 2 KiB of it: to a peer that drops our stream early we do the same, one stream after the other with RPCs as short as that, and
 * what the peer may have left unread is said again. A message longer than that never reaches it, and it signs nothing: where it
 * takes part, all need {@link io.reactivep2p.pubsub.SignaturePolicy#STRICT_NO_SIGN}.
 *
 * <p>Specification: <a href="https://github.com/libp2p/specs/tree/master/pubsub">pubsub</a> r7.
 */
@NullMarked
package io.reactivep2p.pubsub.floodsub;

import org.jspecify.annotations.NullMarked;
