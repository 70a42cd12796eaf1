package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.PubsubEvent;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.router.Acceptance;
import io.reactivep2p.pubsub.router.Neighbours;
import io.reactivep2p.pubsub.router.Rejection;
import io.reactivep2p.pubsub.router.RemotePeer;
import io.reactivep2p.pubsub.router.Router;
import io.reactivep2p.pubsub.router.RouterOutput;
import io.reactivep2p.pubsub.wire.Control;
import io.reactivep2p.pubsub.wire.PartialMessage;
import io.reactivep2p.pubsub.wire.PartialSupport;
import io.reactivep2p.pubsub.wire.Subscription;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Gossipsub: passes to each rule what concerns it. The same inputs and the same randomness make the same outputs. */
@SansIo
final class GossipsubRouter implements Router {

    private final GossipsubState state;
    private final Grafting grafting;
    private final Gossiping gossiping;
    private final Forwarding forwarding;
    private final ExtensionState extensions;
    private final PartialTopics partialTopics;
    private final PartialExchange partials;
    private final Heartbeat heartbeat;

    GossipsubRouter(GossipsubParams params, Neighbours neighbours, RandomGenerator random, long nowNanos) {
        state = GossipsubState.create(params, neighbours, random, nowNanos);
        PeerExchange exchange = new PeerExchange(state);
        grafting = new Grafting(state, exchange);
        extensions = new ExtensionState(state);
        partialTopics = new PartialTopics(state, extensions);
        forwarding = new Forwarding(state, partialTopics);
        partials = new PartialExchange(state, extensions, partialTopics, forwarding);
        gossiping = new Gossiping(state, partialTopics, partials);
        heartbeat = new Heartbeat(state, exchange, gossiping, new MeshUpkeep(state, grafting), partials);
    }

    @Override
    public List<ProtocolId> protocols() {
        return ProtocolVersion.PROTOCOLS;
    }

    @Override
    public Optional<Duration> heartbeatInterval() {
        return Optional.of(state.params().times().heartbeat());
    }

    @Override
    public @Nullable Control greeting(RemotePeer peer) {
        return extensions.greeting(ProtocolVersion.of(peer.protocol()));
    }

    @Override
    public Subscription announcement(String topic) {
        return Subscription.join(topic, partialTopics.ours(topic));
    }

    // ---- peers and topics

    @Override
    public void onPeerConnected(RemotePeer peer, long nowNanos) {
        state.peers().add(peer);
        state.score().addPeer(peer.id());
        String ip = peer.ip();
        if (ip != null) {
            state.score().setIps(peer.id(), List.of(ip));
        }
    }

    @Override
    public void onPeerDisconnected(PeerId peer, long nowNanos) {
        // The score knows best what it means to leave a mesh in this way, so it is not told of a PRUNE.
        for (String topic : state.mesh().topicsOf(peer)) {
            state.mesh().remove(topic, peer);
            state.newcomers().remove(topic, peer);
            state.outbox().event(new PubsubEvent.Pruned(peer, topic));
        }
        state.score().removePeer(peer, nowNanos);
        state.fanout().remove(peer);
        state.unwanted().remove(peer);
        gossiping.onPeerDisconnected(peer);
        extensions.onPeerDisconnected(peer);
        partials.onPeerDisconnected(peer);
        state.peers().remove(peer);
    }

    @Override
    public void onPeerSubscribed(PeerId peer, String topic, long nowNanos) {
        // A heartbeat grafts it where there is need.
    }

    @Override
    public void onPeerUnsubscribed(PeerId peer, String topic, long nowNanos) {
        state.prune(topic, peer);
        state.fanout().remove(topic, peer);
    }

    @Override
    public void onJoined(String topic, long nowNanos) {
        grafting.onJoined(topic, nowNanos);
    }

    @Override
    public void onLeft(String topic, long nowNanos) {
        grafting.onLeft(topic, nowNanos);
    }

    /** As in go: the mesh, and those who speak floodsub and are in none, make up the low degree. */
    @Override
    public boolean hasEnoughPeers(String topic) {
        Set<PeerId> subscribers = state.neighbours().subscribers(topic);
        int low = state.params().degrees().low();
        if (!state.mesh().isOpen(topic)) {
            return subscribers.size() >= low;
        }
        long others =
                state.peers().floodsub().stream().filter(subscribers::contains).count();
        return state.mesh().peers(topic).size() + others >= low;
    }

    // ---- messages

    @Override
    public Acceptance acceptance(PeerId peer, long nowNanos) {
        boolean graylisted = !state.peers().isDirect(peer)
                && state.score().score(peer) < state.params().thresholds().graylist();
        return graylisted ? Acceptance.NONE : Acceptance.ALL;
    }

    @Override
    public void onArrival(PeerId from, MessageId id, RawMessage message, long nowNanos) {
        state.promises().fulfil(id);
        state.score().validate(from, id, message.topic(), nowNanos);
        forwarding.onArrival(from, id, message);
    }

    @Override
    public void onDuplicate(PeerId from, MessageId id, String topic, long nowNanos) {
        state.score().duplicate(from, id, topic, nowNanos);
    }

    @Override
    public void onDelivered(PeerId from, MessageId id, RawMessage message, long nowNanos) {
        state.score().deliver(from, id, message.topic(), nowNanos);
        forwarding.forward(from, id, message);
    }

    @Override
    public void onRejected(PeerId from, MessageId id, String topic, Rejection why, long nowNanos) {
        switch (why) {
            // A promise is not kept by what is no message at all.
            case MALFORMED, SIGNATURE, OWN_ORIGIN -> state.score().invalid(from, topic);
            case PAYLOAD, VALIDATOR -> state.score().reject(from, id, topic, nowNanos);
        }
    }

    @Override
    public void onIgnored(PeerId from, MessageId id, String topic, long nowNanos) {
        state.promises().fulfil(id);
        state.score().ignore(id);
    }

    @Override
    public void onPublished(MessageId id, RawMessage message, long nowNanos) {
        forwarding.publish(id, message, nowNanos);
    }

    // ---- control

    @Override
    public void onControl(PeerId from, Control control, long nowNanos) {
        if (!state.peers().knows(from, ProtocolVersion.GOSSIPSUB_1_0)) {
            return;
        }
        Control.Extensions said = control.extensions();
        if (said != null) {
            extensions.onExtensions(from, said);
        }
        List<MessageId> asked = gossiping.onIhave(from, control.ihave(), nowNanos);
        gossiping.onIwant(from, control.iwant());
        List<Control.Prune> refused = grafting.onGraft(from, control.graft(), nowNanos);
        grafting.onPrune(from, control.prune(), nowNanos);
        forwarding.onIdontwant(from, control.idontwant(), control.idontwantEntries());
        if (!asked.isEmpty() || !refused.isEmpty()) {
            state.outbox().control(from, new Control(List.of(), asked, List.of(), refused, List.of(), 0, null));
        }
    }

    @Override
    public void onPartial(PeerId from, PartialMessage partial, long nowNanos) {
        partials.onPartial(from, partial);
    }

    /** What the application wants with the parts of a topic's messages. */
    void onPartialSupport(String topic, PartialSupport support) {
        partials.support(topic, support);
    }

    /** The application publishes a message in parts. @see PartialExchange#publish */
    void onPartialPublished(String topic, PartialSource source, Collection<PeerId> to, long nowNanos) {
        partials.publish(topic, source, to, nowNanos);
    }

    @Override
    public void onHeartbeat(long nowNanos) {
        heartbeat.onHeartbeat(nowNanos);
    }

    @Override
    public @Nullable RouterOutput pollOutput() {
        return state.outbox().poll();
    }

    /** What the router knows. For tests, which look and do not touch. */
    GossipsubState state() {
        return state;
    }
}
