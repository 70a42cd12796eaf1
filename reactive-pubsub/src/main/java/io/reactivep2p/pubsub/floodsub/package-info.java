/**
 * Floodsub: what is new and valid goes to everyone who subscribes to its topic, but to the one it came from and its author. There is no
 * control and no state beside the node's own. Good for a few peers; for more there is gossipsub, whose nodes speak this too.
 *
 * <pre>
 *   {@link io.reactivep2p.pubsub.floodsub.Floodsub}         makes the node
 *   FloodsubRouter   decides
 * </pre>
 *
 * <p>Specification: <a href="https://github.com/libp2p/specs/tree/master/pubsub">pubsub</a> r7.
 */
@NullMarked
package io.reactivep2p.pubsub.floodsub;

import org.jspecify.annotations.NullMarked;
