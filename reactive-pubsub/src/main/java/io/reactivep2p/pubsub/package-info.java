/**
 * Telling many: topics as backpressured Fluxes over floodsub and gossipsub.
 *
 * <p>Here is what an application sees. {@link io.reactivep2p.pubsub.Pubsub} is a host's part in it, made by {@code Gossipsub.create(host)}
 * or {@code Floodsub.create(host)}; a {@link io.reactivep2p.pubsub.Topic} is a name and a codec.
 *
 * <pre>
 *   peers' streams ---> router ---> signature ---> validators ---+---> router ---> queues of the mesh's streams
 *                      (known?)                                  |
 *                                                                +---> messages(Overflow), a Flux for each subscriber
 *   publish(payload) ---> sign ----------------------------------+
 * </pre>
 *
 * <p>Subscribing to {@link io.reactivep2p.pubsub.Topic#messages} joins the topic, and the cancel of the last subscriber leaves it. A slow
 * subscriber loses messages as its {@link io.reactivep2p.pubsub.Overflow} says, which is counted, and never slows the mesh. The demand of
 * {@link io.reactivep2p.pubsub.Topic#publishAll} follows the queues of the peers that the messages go to.
 *
 * <p>Peers of a topic are those who are connected and subscribe to it. With a {@link io.reactivep2p.routing.PeerDiscovery} ({@link
 * io.reactivep2p.pubsub.PubsubSpec#discovery}) a node says where the topics that it joins are discussed, finds others who do, and connects
 * to them while a topic has too few peers.
 *
 * <p>The packages below: {@code wire} reads and writes RPCs; {@code validation} signs, verifies and asks validators; {@code router} is
 * what every router shares, and the interface that a router decides behind; {@code floodsub} and {@code gossipsub} are the routers.
 * None is seen by this package.
 *
 * <p>Specifications: <a href="https://github.com/libp2p/specs/tree/master/pubsub">pubsub</a> r7, gossipsub 1.0 to 1.3.
 */
@NullMarked
package io.reactivep2p.pubsub;

import org.jspecify.annotations.NullMarked;
