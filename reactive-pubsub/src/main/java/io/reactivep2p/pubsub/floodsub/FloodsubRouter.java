package io.reactivep2p.pubsub.floodsub;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.router.Acceptance;
import io.reactivep2p.pubsub.router.Neighbours;
import io.reactivep2p.pubsub.router.Rejection;
import io.reactivep2p.pubsub.router.RemotePeer;
import io.reactivep2p.pubsub.router.Router;
import io.reactivep2p.pubsub.router.RouterOutput;
import io.reactivep2p.pubsub.wire.Control;
import io.reactivep2p.pubsub.wire.PartialMessage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Sends each valid message that is new to all who subscribe to its topic, but to the one it came from and its author. */
@SansIo
final class FloodsubRouter implements Router {

    /** go-libp2p-pubsub: with so many peers of a topic, no more are searched for. */
    static final int ENOUGH_PEERS = 5;

    private final Neighbours neighbours;

    /** Drained after each call, each of which adds one at most. */
    private final Queue<RouterOutput> outputs = new ArrayDeque<>();

    FloodsubRouter(Neighbours neighbours) {
        this.neighbours = neighbours;
    }

    @Override
    public List<ProtocolId> protocols() {
        return List.of(Floodsub.PROTOCOL);
    }

    @Override
    public Optional<Duration> heartbeatInterval() {
        return Optional.empty();
    }

    @Override
    public @Nullable Control greeting(RemotePeer peer) {
        return null;
    }

    @Override
    public void onDelivered(PeerId from, MessageId id, RawMessage message, long nowNanos) {
        send(from, id, message);
    }

    @Override
    public void onPublished(MessageId id, RawMessage message, long nowNanos) {
        send(neighbours.self(), id, message);
    }

    private void send(PeerId from, MessageId id, RawMessage message) {
        List<PeerId> to = new ArrayList<>();
        for (PeerId peer : neighbours.subscribers(message.topic())) {
            if (!peer.equals(from) && !isAuthor(peer, message)) {
                to.add(peer);
            }
        }
        if (!to.isEmpty()) {
            outputs.add(new RouterOutput.SendMessage(to, id, message));
        }
    }

    private static boolean isAuthor(PeerId peer, RawMessage message) {
        return message.from() != null && Arrays.equals(peer.toBytes(), message.from());
    }

    @Override
    public @Nullable RouterOutput pollOutput() {
        return outputs.poll();
    }

    @Override
    public boolean hasEnoughPeers(String topic) {
        return neighbours.subscribers(topic).size() >= ENOUGH_PEERS;
    }

    @Override
    public Acceptance acceptance(PeerId peer, long nowNanos) {
        return Acceptance.ALL;
    }

    // What floodsub has no use for.

    @Override
    public void onPeerConnected(RemotePeer peer, long nowNanos) {}

    @Override
    public void onPeerDisconnected(PeerId peer, long nowNanos) {}

    @Override
    public void onPeerSubscribed(PeerId peer, String topic, long nowNanos) {}

    @Override
    public void onPeerUnsubscribed(PeerId peer, String topic, long nowNanos) {}

    @Override
    public void onJoined(String topic, long nowNanos) {}

    @Override
    public void onLeft(String topic, long nowNanos) {}

    @Override
    public void onArrival(PeerId from, MessageId id, RawMessage message, long nowNanos) {}

    @Override
    public void onDuplicate(PeerId from, MessageId id, String topic, long nowNanos) {}

    @Override
    public void onRejected(PeerId from, MessageId id, String topic, Rejection why, long nowNanos) {}

    @Override
    public void onIgnored(PeerId from, MessageId id, String topic, long nowNanos) {}

    @Override
    public void onControl(PeerId from, Control control, long nowNanos) {}

    @Override
    public void onPartial(PeerId from, PartialMessage partial, long nowNanos) {}

    @Override
    public void onHeartbeat(long nowNanos) {}
}
