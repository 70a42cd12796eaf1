package io.reactivep2p.pubsub.router;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.wire.Control;
import io.reactivep2p.pubsub.wire.PartialMessage;
import io.reactivep2p.pubsub.wire.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides who is sent what. Told of everything in one serial section; {@code nowNanos} is a clock that only moves forward. After each call
 * the node drains {@link #pollOutput()}.
 */
@SansIo
public interface Router {

    /** The protocols it speaks, the newest first. */
    List<ProtocolId> protocols();

    /** How often {@link #onHeartbeat} is called; empty for never. */
    Optional<Duration> heartbeatInterval();

    /** What the first RPC to a peer says beside the subscriptions; {@code null} for nothing. */
    @Nullable
    Control greeting(RemotePeer peer);

    /** What peers are told of a topic that is joined here. */
    default Subscription announcement(String topic) {
        return Subscription.join(topic);
    }

    /** Our stream to the peer is there. Told once for a peer, before anything else of it. */
    void onPeerConnected(RemotePeer peer, long nowNanos);

    /** The peer is gone; told once. It is in no set of {@link Neighbours} any more. */
    void onPeerDisconnected(PeerId peer, long nowNanos);

    /** {@link Neighbours#subscribers} has the peer now. */
    void onPeerSubscribed(PeerId peer, String topic, long nowNanos);

    /** {@link Neighbours#subscribers} does not have the peer any more. */
    void onPeerUnsubscribed(PeerId peer, String topic, long nowNanos);

    /** {@link Neighbours#joined} has the topic now. */
    void onJoined(String topic, long nowNanos);

    /** {@link Neighbours#joined} does not have the topic any more. */
    void onLeft(String topic, long nowNanos);

    /**
     * Whether it needs no more peers for a topic; while it does, a discovery is asked for them. The topic may not be joined here, but
     * published to.
     */
    boolean hasEnoughPeers(String topic);

    /** How much of an RPC that is about to be read the peer deserves. */
    Acceptance acceptance(PeerId peer, long nowNanos);

    /**
     * A message of a joined topic that was not known before; it will be validated. Its signature is good, since what a router does now
     * (telling others that the message is here) a forged copy must not bring about.
     */
    void onArrival(PeerId from, MessageId id, RawMessage message, long nowNanos);

    /** A copy of a message that is known: delivered, rejected, ignored or still being validated. */
    void onDuplicate(PeerId from, MessageId id, String topic, long nowNanos);

    /** The message of an {@link #onArrival} is valid: it goes on to others. */
    void onDelivered(PeerId from, MessageId id, RawMessage message, long nowNanos);

    /** A message is invalid. Without an {@link #onArrival} before where it was malformed or not signed by its author. */
    void onRejected(PeerId from, MessageId id, String topic, Rejection why, long nowNanos);

    /** The message of an {@link #onArrival} is dropped without blame. */
    void onIgnored(PeerId from, MessageId id, String topic, long nowNanos);

    /** A message of this node's own. */
    void onPublished(MessageId id, RawMessage message, long nowNanos);

    /** The router's part of an RPC. */
    void onControl(PeerId from, Control control, long nowNanos);

    /** A part of a message (gossipsub 1.3). */
    void onPartial(PeerId from, PartialMessage partial, long nowNanos);

    /** The heartbeat. */
    void onHeartbeat(long nowNanos);

    /** The next thing to be done, {@code null} when there is nothing more. */
    @Nullable
    RouterOutput pollOutput();
}
