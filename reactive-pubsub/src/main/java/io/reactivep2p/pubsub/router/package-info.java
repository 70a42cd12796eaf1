/**
 * What every router shares, and the interface it decides behind.
 *
 * <p>A {@link io.reactivep2p.pubsub.router.Router} is pure: it is told what happened and when, and what it wants done is polled from it.
 * The node around it (streams, queues, topics, validation, one heartbeat timer) runs all of this in one serial section: whichever thread
 * brings an event runs the router if nobody does, or leaves the event to the one who does. There is no thread of its own and no lock, and
 * under a virtual clock everything happens in one order.
 *
 * <pre>
 *   RPC from a peer --> subscriptions --> Neighbours, onPeerSubscribed
 *                   --> messages      --> known? --> onDuplicate
 *                                         new    --> signature --> onArrival --> validators --> onDelivered | onRejected | onIgnored
 *                   --> control       --> onControl
 *   afterwards      <-- pollOutput() until null: RouterOutput to queues, dials and events
 * </pre>
 */
@NullMarked
package io.reactivep2p.pubsub.router;

import org.jspecify.annotations.NullMarked;
