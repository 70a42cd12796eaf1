package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The step that is made at regular times, in the order of go-libp2p-pubsub:
 *
 * <ol>
 *   <li>scores decay, and what is limited between two heartbeats is counted from the beginning;
 *   <li>broken promises count against those who made them;
 *   <li>direct peers that are not connected are dialed;
 *   <li>each mesh is kept within its bounds, and its topic gossiped about;
 *   <li>the same for the topics that are only published to;
 *   <li>everyone is told what concerns them;
 *   <li>the message cache moves on.
 * </ol>
 */
@SansIo
final class Heartbeat {

    /** How often backoffs that are over are forgotten, in heartbeats. */
    static final int BACKOFF_TICKS = 15;

    private final GossipsubState state;
    private final PeerExchange exchange;
    private final Gossiping gossiping;
    private final MeshUpkeep upkeep;
    private final PartialExchange partials;
    private final ControlBatch batch = new ControlBatch();
    private long ticks;

    Heartbeat(
            GossipsubState state,
            PeerExchange exchange,
            Gossiping gossiping,
            MeshUpkeep upkeep,
            PartialExchange partials) {
        this.state = state;
        this.exchange = exchange;
        this.gossiping = gossiping;
        this.upkeep = upkeep;
        this.partials = partials;
    }

    void onHeartbeat(long nowNanos) {
        ticks++;
        clearCounts(nowNanos);
        state.promises().broken(nowNanos).forEach(state.score()::addPenalty);
        if ((ticks - 1) % state.params().times().directConnectTicks() == 0) {
            exchange.dialDirectPeers();
        }
        // A score holds for the whole heartbeat, as in go, and costs once.
        Map<PeerId, Double> known = new HashMap<>();
        ToDoubleFunction<PeerId> scores = peer -> known.computeIfAbsent(peer, state.score()::score);
        Map<String, List<MessageId>> gossip = state.cache().gossip();
        keepMeshes(gossip, scores, nowNanos);
        partials.offerToMeshes();
        keepFanout(gossip, scores, nowNanos);
        batch.flush(state.outbox());
        state.cache().shift();
    }

    private void clearCounts(long nowNanos) {
        state.score().decay(nowNanos);
        if (ticks % BACKOFF_TICKS == 0) {
            state.backoffs().expire(nowNanos);
        }
        gossiping.onHeartbeat();
        exchange.onHeartbeat();
        partials.onHeartbeat();
        state.unwanted().tick();
    }

    private void keepMeshes(Map<String, List<MessageId>> gossip, ToDoubleFunction<PeerId> scores, long nowNanos) {
        boolean improving = ticks % state.params().times().opportunisticGraftTicks() == 0;
        for (String topic : state.mesh().topics()) {
            upkeep.balance(topic, scores, batch, nowNanos);
            if (improving) {
                upkeep.improve(topic, scores, batch, nowNanos);
            }
            gossiping.emit(
                    topic, gossip.getOrDefault(topic, List.of()), state.mesh().peers(topic), scores, batch);
            gossiping.emitToNewcomers(topic, scores, batch);
        }
    }

    private void keepFanout(Map<String, List<MessageId>> gossip, ToDoubleFunction<PeerId> scores, long nowNanos) {
        state.fanout().expire(nowNanos);
        double threshold = state.params().thresholds().publish();
        for (String topic : state.fanout().topics()) {
            for (PeerId peer : new ArrayList<>(state.fanout().peers(topic))) {
                if (scores.applyAsDouble(peer) < threshold) {
                    state.fanout().remove(topic, peer);
                }
            }
            int missing = state.params().degrees().target()
                    - state.fanout().peers(topic).size();
            state.fanout()
                    .add(
                            topic,
                            state.draw(
                                    topic,
                                    missing,
                                    peer -> !state.fanout().peers(topic).contains(peer)
                                            && scores.applyAsDouble(peer) >= threshold));
            gossiping.emit(
                    topic, gossip.getOrDefault(topic, List.of()), state.fanout().peers(topic), scores, batch);
        }
    }
}
