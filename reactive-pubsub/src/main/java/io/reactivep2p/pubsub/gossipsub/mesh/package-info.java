/**
 * What a gossipsub router remembers, one class for each thing. Each is told the time, or a heartbeat, and has bounds that no peer can move.
 *
 * <pre>
 *   MeshTable     who is in the mesh of which topic          MessageCache   what can be gossiped about and asked for
 *   Backoffs      who must not be grafted before when        IhaveLedger    how much a peer told and was asked since the last heartbeat
 *   Fanout        whom to publish to without having joined   Promises       messages that peers said they have and were asked for
 *   Newcomers     who entered a mesh since the heartbeat     Unwanted       messages that peers said they have no use for
 * </pre>
 *
 * <p>Specifications: <a href="https://github.com/libp2p/specs/blob/master/pubsub/gossipsub/gossipsub-v1.0.md">gossipsub 1.0</a>, 1.1 (backoffs,
 * promises), 1.2 (IDONTWANT).
 */
@NullMarked
package io.reactivep2p.pubsub.gossipsub.mesh;

import org.jspecify.annotations.NullMarked;
