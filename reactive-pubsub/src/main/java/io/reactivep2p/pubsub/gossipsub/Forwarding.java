package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.router.RouterOutput;
import io.reactivep2p.pubsub.wire.Control;
import io.reactivep2p.pubsub.wire.PartialSupport;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who is sent a message, and who says or is told that it need not be sent. The way of every message: it leaves little behind. */
@SansIo
final class Forwarding {

    private final GossipsubState state;
    private final PartialTopics partials;
    /** Only of use within one call; kept since it is of use in every call. At most as many as there are peers. */
    private final List<PeerId> targets = new ArrayList<>();

    Forwarding(GossipsubState state, PartialTopics partials) {
        this.state = state;
        this.partials = partials;
    }

    /** A long message came: those who might send it again are told so at once. */
    void onArrival(PeerId from, MessageId id, RawMessage message) {
        if (message.data().length < state.params().gossip().idontwantBytes()) {
            return;
        }
        Control idontwant = null;
        for (PeerId peer : state.mesh().peers(message.topic())) {
            if (!peer.equals(from)
                    && state.peers().knows(peer, ProtocolVersion.GOSSIPSUB_1_2)
                    && !partials.sendsParts(peer, message.topic())) {
                if (idontwant == null) {
                    idontwant = Control.idontwant(List.of(id));
                }
                state.outbox().control(peer, idontwant);
            }
        }
    }

    /** A peer has messages already. What waits for it is taken back. */
    void onIdontwant(PeerId from, List<MessageId> ids, int entries) {
        List<MessageId> taken = state.unwanted().add(from, ids, entries);
        if (!taken.isEmpty()) {
            state.outbox().add(new RouterOutput.Unsend(from, taken));
        }
    }

    /** A valid message of another's goes on. */
    void forward(PeerId from, MessageId id, RawMessage message) {
        state.cache().put(id, message);
        PeerId author = message.author().orElse(null);
        addDirect(id, message, from, author);
        addFloodsub(id, message, from, author);
        addAll(state.mesh().peers(message.topic()), id, from, author);
        send(id, message);
    }

    /** A message of our own begins. */
    void publish(MessageId id, RawMessage message, long nowNanos) {
        state.cache().put(id, message);
        PeerId self = state.neighbours().self();
        String topic = message.topic();
        if (state.params().floodPublish()) {
            for (PeerId peer : state.neighbours().subscribers(topic)) {
                if (state.peers().isDirect(peer) || mayBePublishedTo(peer)) {
                    add(peer, id, self, self);
                }
            }
        } else {
            addDirect(id, message, self, self);
            addFloodsub(id, message, self, self);
            Set<PeerId> ours = state.mesh().isOpen(topic) ? state.mesh().peers(topic) : fanout(topic, nowNanos);
            addAll(ours, id, self, self);
        }
        send(id, message);
    }

    /** Whom a message goes to that nobody asked for: the mesh, or the fanout of a topic that is not joined, and direct peers. */
    Set<PeerId> recipients(String topic, long nowNanos) {
        Set<PeerId> recipients =
                new LinkedHashSet<>(state.mesh().isOpen(topic) ? state.mesh().peers(topic) : fanout(topic, nowNanos));
        state.peers().direct().stream()
                .filter(state.neighbours().subscribers(topic)::contains)
                .forEach(recipients::add);
        return recipients;
    }

    private Set<PeerId> fanout(String topic, long nowNanos) {
        state.fanout().published(topic, nowNanos);
        if (state.fanout().peers(topic).isEmpty()) {
            state.fanout().add(topic, state.draw(topic, state.params().degrees().target(), this::mayBePublishedTo));
        }
        return state.fanout().peers(topic);
    }

    private void addDirect(MessageId id, RawMessage message, PeerId from, @Nullable PeerId author) {
        for (PeerId peer : state.peers().direct()) {
            if (state.neighbours().subscribers(message.topic()).contains(peer)) {
                add(peer, id, from, author);
            }
        }
    }

    private void addFloodsub(MessageId id, RawMessage message, PeerId from, @Nullable PeerId author) {
        for (PeerId peer : state.peers().floodsub()) {
            if (!state.peers().isDirect(peer)
                    && state.neighbours().subscribers(message.topic()).contains(peer)
                    && mayBePublishedTo(peer)) {
                add(peer, id, from, author);
            }
        }
    }

    private void addAll(Set<PeerId> peers, MessageId id, PeerId from, @Nullable PeerId author) {
        for (PeerId peer : peers) {
            add(peer, id, from, author);
        }
    }

    private void add(PeerId peer, MessageId id, PeerId from, @Nullable PeerId author) {
        boolean hasIt = peer.equals(from) || (author != null && peer.equals(author));
        if (!hasIt && !state.unwanted().contains(peer, id)) {
            targets.add(peer);
        }
    }

    private boolean mayBePublishedTo(PeerId peer) {
        return state.score().score(peer) >= state.params().thresholds().publish();
    }

    private void send(MessageId id, RawMessage message) {
        String topic = message.topic();
        if (partials.ours(topic) != PartialSupport.NONE) {
            // They are sent its parts, by who has the message in parts.
            targets.removeIf(peer -> partials.takesParts(peer, topic));
        }
        if (!targets.isEmpty()) {
            state.outbox().add(new RouterOutput.SendMessage(targets, id, message));
            targets.clear();
        }
    }
}
