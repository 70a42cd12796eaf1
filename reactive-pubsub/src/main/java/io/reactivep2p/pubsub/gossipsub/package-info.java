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
 *     ExtensionState     what peers support of 1.3
 *     PartialExchange    messages in parts: what comes to the application, and what it has for whom
 *       PartialTopics      in which topics, and between whom     PartialGroups    what is under way, and what peers said of it
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
 * <p>Messages in parts (the partial messages extension of 1.3). What a part is, and which of them somebody has, is said in encodings of the
 * application's own; a message, or group, is known by an id before it is whole:
 *
 * <pre>
 *   Gossipsub.publishPartial(topic, source) --&gt; for each peer: PartialSource.answerTo(peer, its metadata) --&gt; parts, metadata
 *                                                  ^                                                            |
 *                                                  |  remembered for some heartbeats                            v
 *   PartialMessages.onPartial(from, parts and metadata, its metadata so far)  &lt;---------------------------- the peer
 * </pre>
 *
 * <p>Peers say when they subscribe whether they send parts, or request them too. Who requests them, where we at least send them, gets neither
 * whole messages nor IHAVE; who sends them, where we request them, gets no IDONTWANT. Metadata go to the mesh or the fanout at publication,
 * at the next heartbeat to who entered the mesh since, and as gossip to others who request parts.
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
 *   <li>Of messages in parts: a source is kept and asked again by itself where a peer tells its metadata, is drawn for gossip, or enters the
 *       mesh, where go's application is told and has to publish again. Parts that were not requested are dropped, and what is said
 *       beside them is heard, since rust sends both at once. Direct peers that take part are sent them. Groups are bounded as in go, for
 *       peers, and in those published here; group ids, metadata, and what is remembered of a peer's metadata are bounded in bytes. What is
 *       dropped is counted, and held against nobody.
 *   <li>The message cache is bounded in messages and bytes, IDONTWANT ids in bytes for each peer, backoffs in peers for each topic.
 * </ul>
 *
 * <p>Specifications: <a href="https://github.com/libp2p/specs/tree/master/pubsub/gossipsub">gossipsub 1.0 to 1.3</a>, <a
 * href="https://github.com/libp2p/specs/blob/master/pubsub/gossipsub/partial-messages.md">partial messages</a> r0, 2025-06-23, as of
 * go-libp2p-pubsub 0.16.
 */
@NullMarked
package io.reactivep2p.pubsub.gossipsub;

import org.jspecify.annotations.NullMarked;
