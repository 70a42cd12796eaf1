/**
 * Our node in libp2p's gossipsub suite (<a href="https://github.com/libp2p/test-plans">test-plans</a>, {@code gossipsub-interop}), where a
 * thousand nodes of several implementations run in a simulator and each follows the same script.
 *
 * <pre>
 *   params.json --> ScriptReader --> Instruction... --> ScriptedNode --> Gossipsub
 *                                                            |
 *                                                        LogLines --> stdout, a JSON object for each PeerID, Received Message, ...
 * </pre>
 *
 * <p>A node is node N since its host is called {@code nodeN}; it has the identity whose Ed25519 seed is N in little-endian, listens on TCP
 * port 9000, and finds the others by their hosts' names. Messages are unsigned and have no author; the first 8 bytes of the payload are the
 * id. {@code --node} and {@code --addresses} say otherwise, for runs without the simulator.
 *
 * <p>Messages in parts ({@code subscribeToTopic} with {@code partial}, {@code addPartialMessage}, {@code publishPartial}) are of 8 parts, see
 * {@link io.reactivep2p.interop.gossip.PartialGroup}; a node that has all of them says so by {@code All parts received}, once for each. What
 * is published in a topic that the node did not subscribe to goes to those who are named, or to its fanout.
 *
 * <p>Choices: a message that comes again is logged by its id alone, without its sender, which our API does not tell of. A connection that
 * is refused is tried again for a while, since nodes start at once. The sockets are the JDK's: a simulator of system calls may not know
 * io_uring or epoll's newer calls.
 */
@NullMarked
package io.reactivep2p.interop.gossip;

import org.jspecify.annotations.NullMarked;
