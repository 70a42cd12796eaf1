/**
 * What every router shares, and the interface it decides behind.
 *
 * <pre>
 *   PubsubNode         puts the parts together, and is what an application has
 *     SerialSection      one task at a time, on whichever thread brings it
 *     PeerTable          peers and their streams to us        PeerLink, InboundStreams, InboundStream
 *     OutboundStreams    our streams to peers: KeptStream, FramePublisher; StreamPerRpc where StreamHabit says so, Unread
 *     OutboundQueue      what waits for a peer, as frames     PendingControl
 *     SubscriptionTable  who subscribes to what, bounded
 *     MessagePipeline    known, signed, valid?                VerificationLane, Copies, Arrival, Publication
 *     TopicTable         subscribers and validators here      TopicHandle, TopicFlux, TopicSubscriber, PublishAll
 *     OutputDrain        does what the router wants done      PeerDialer
 *     TopicDiscovery     finds peers of topics                TopicDiscoveryState, ErrandTable, RedialTable, PeerSearch
 * </pre>
 *
 * <p>A {@link io.reactivep2p.pubsub.router.Router} is pure: it is told what happened and when, and what it wants done is polled from it.
 * The node around it (streams, queues, topics, validation, discovery, one heartbeat timer) runs all of this in one serial section: whichever thread
 * brings an event runs the router if nobody does, or leaves the event to the one who does. There is no thread of its own, and no lock
 * but for copies of who subscribes to what; under a virtual clock everything happens in one order.
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
