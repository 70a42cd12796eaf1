package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.gossipsub.mesh.IhaveLedger;
import io.reactivep2p.pubsub.router.RouterOutput;
import io.reactivep2p.pubsub.wire.Control;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** Telling of messages (IHAVE), asking for them (IWANT), and answering. */
@SansIo
final class Gossiping {

    private final GossipsubState state;
    private final GossipsubParams.Gossip params;
    private final IhaveLedger ledger;
    private final PartialTopics topics;
    private final PartialExchange partials;

    Gossiping(GossipsubState state, PartialTopics topics, PartialExchange partials) {
        this.state = state;
        this.topics = topics;
        this.partials = partials;
        this.params = state.params().gossip();
        this.ledger = new IhaveLedger(params.maxIhaveMessages(), params.maxIhaveIds());
    }

    /**
     * A peer tells which messages it has.
     *
     * @return those it is asked for
     */
    List<MessageId> onIhave(PeerId from, List<Control.IHave> haves, long nowNanos) {
        if (haves.isEmpty() || isIgnored(from)) {
            return List.of();
        }
        int room = ledger.admit(from);
        if (room <= 0) {
            return List.of();
        }
        Map<MessageId, String> unknown = new LinkedHashMap<>();
        for (Control.IHave have : haves) {
            if (state.mesh().isOpen(have.topic())) {
                have.ids().stream()
                        .limit(params.maxIhaveIds())
                        .filter(id -> !state.neighbours().seen(id))
                        .forEach(id -> unknown.putIfAbsent(id, have.topic()));
            }
        }
        if (unknown.isEmpty()) {
            return List.of();
        }
        List<MessageId> asked = Lots.draw(new ArrayList<>(unknown.keySet()), room, state.random());
        ledger.asked(from, asked.size());
        // Drawn by lot already, so the first is as good as any.
        MessageId promised = asked.get(0);
        state.promises().add(from, promised, unknown.getOrDefault(promised, ""), nowNanos);
        return asked;
    }

    /** A peer asks for messages, and is sent them. */
    void onIwant(PeerId from, List<MessageId> ids) {
        if (ids.isEmpty() || isIgnored(from)) {
            return;
        }
        for (MessageId id : ids) {
            if (state.unwanted().contains(from, id)) {
                continue;
            }
            RawMessage message = state.cache().request(id, from, params.transmissions());
            if (message != null) {
                state.outbox().add(new RouterOutput.SendMessage(List.of(from), id, message));
            }
        }
    }

    /** Tells some of the peers of a topic that are not {@code excluded} which messages there are, or which parts of messages. */
    void emit(
            String topic,
            List<MessageId> ids,
            Set<PeerId> excluded,
            ToDoubleFunction<PeerId> scores,
            ControlBatch batch) {
        if (ids.isEmpty() && !partials.hasGossip(topic)) {
            return;
        }
        double threshold = state.params().thresholds().gossip();
        List<PeerId> candidates =
                state.candidates(topic, peer -> !excluded.contains(peer) && scores.applyAsDouble(peer) >= threshold);
        int count = Math.max(params.lazyPeers(), (int) (params.factor() * candidates.size()));
        List<PeerId> told = Lots.draw(candidates, count, state.random());
        if (told.isEmpty()) {
            return; // in a small network the mesh has everyone, and there may be tens of thousands of ids to shuffle
        }
        List<MessageId> order = new ArrayList<>(ids);
        Control.IHave all = null;
        if (order.size() <= params.maxIhaveIds()) {
            Lots.shuffle(order, state.random());
            all = new Control.IHave(topic, order);
        }
        for (PeerId peer : told) {
            if (topics.takesParts(peer, topic)) {
                partials.gossip(topic, peer);
                continue;
            }
            if (ids.isEmpty()) {
                continue;
            }
            // Where not all fit, each peer is told of others.
            batch.ihave(
                    peer,
                    all != null
                            ? all
                            : new Control.IHave(topic, Lots.draw(order, params.maxIhaveIds(), state.random())));
        }
    }

    /**
     * Tells who entered the mesh since the last heartbeat what came before: no mesh brought it to them, and gossip passes meshes over.
     * Otherwise what is published while a mesh forms would be lost to some.
     */
    void emitToNewcomers(String topic, ToDoubleFunction<PeerId> scores, ControlBatch batch) {
        double threshold = state.params().thresholds().gossip();
        state.newcomers().take(topic).forEach((peer, position) -> {
            List<MessageId> ids = scores.applyAsDouble(peer) < threshold
                    ? List.of()
                    : state.cache().gossipBefore(topic, position);
            if (!ids.isEmpty() && !topics.takesParts(peer, topic)) {
                batch.ihave(peer, new Control.IHave(topic, Lots.draw(ids, params.maxIhaveIds(), state.random())));
            }
        });
    }

    void onHeartbeat() {
        ledger.clear();
    }

    void onPeerDisconnected(PeerId peer) {
        ledger.remove(peer);
    }

    private boolean isIgnored(PeerId peer) {
        return state.score().score(peer) < state.params().thresholds().gossip();
    }
}
