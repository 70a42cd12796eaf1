/**
 * The gossipsub router, versions 1.0 to 1.3: for each topic a mesh of a few peers that messages are sent to at once, and gossip to others
 * about which messages there are.
 *
 * <pre>
 *   Gossipsub          makes a node with this router; GossipsubSpec sets its options
 *   GossipsubRouter    takes the inputs, and passes each on to:
 *     Forwarding         who is sent a message; IDONTWANT
 *     Gossiping          IHAVE, IWANT, promises
 *     Grafting           GRAFT, PRUNE, joining and leaving     PeerExchange  peers told of with PRUNE, and direct ones
 *     Heartbeat          the regular step                      MeshUpkeep    what it does to one mesh
 *     ExtensionState     what peers support of 1.3             PartialExchange  parts of messages, for the application
 *   GossipsubState     what they share: mesh, backoffs, fanout, cache, scores, and the outputs
 * </pre>
 *
 * <pre>
 *                JOIN, GRAFT from either side
 *   subscribed ------------------------------&gt; in the mesh
 *        ^     &lt;------------------------------      |
 *        |       PRUNE from either side, LEAVE,     |
 *   backoff over   a negative score, too many       v
 *        +------------------------------------- backoff
 * </pre>
 *
 * <p>Defaults and the order of a heartbeat are those of go-libp2p-pubsub 0.14. Choices of ours:
 *
 * <ul>
 *   <li>A backoff that a PRUNE asks for is cut to an hour (rust-libp2p); ours last one heartbeat longer on our side (rust, js).
 *   <li>A peer that unsubscribes leaves the mesh at once (rust).
 *   <li>IDONTWANT is sent when the signature is verified, which is before validators are asked, and not earlier: a forged copy would
 *       otherwise keep the true message away.
 *   <li>Who enters a mesh is told at the next heartbeat which messages came before, once; elsewhere what is published while a mesh forms
 *       may never reach some.
 *   <li>A PRUNE at leaving a topic tells of no other peers; go's does where exchange is on.
 *   <li>The message cache is bounded in messages and bytes, IDONTWANT ids in bytes for each peer, backoffs in peers for each topic.
 * </ul>
 *
 * <p>Specifications: <a href="https://github.com/libp2p/specs/tree/master/pubsub/gossipsub">gossipsub 1.0 to 1.3</a>.
 */
@NullMarked
package io.reactivep2p.pubsub.gossipsub;

import org.jspecify.annotations.NullMarked;
