package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * What a heartbeat does to the mesh of one topic.
 *
 * <pre>
 *   0 ........ low ........ target ........ high ........     peers in the mesh
 *   fill to target|        leave as it is       |cut to target
 * </pre>
 *
 * Before that, peers with a negative score go; after it, peers that we dialed come in where there are too few of them.
 */
@SansIo
final class MeshUpkeep {

    private final GossipsubState state;
    private final GossipsubParams.Degrees degrees;
    private final Grafting grafting;

    MeshUpkeep(GossipsubState state, Grafting grafting) {
        this.state = state;
        this.degrees = state.params().degrees();
        this.grafting = grafting;
    }

    void balance(String topic, ToDoubleFunction<PeerId> scores, ControlBatch batch, long nowNanos) {
        dropBad(topic, scores, batch, nowNanos);
        int size = size(topic);
        if (size < degrees.low()) {
            graft(topic, degrees.target() - size, peer -> scores.applyAsDouble(peer) >= 0, batch, nowNanos);
        }
        if (size(topic) >= degrees.high()) {
            cut(topic, scores, batch, nowNanos);
        }
        if (size(topic) >= degrees.low()) {
            int missing =
                    degrees.outbound() - outbound(new ArrayList<>(state.mesh().peers(topic)));
            graft(
                    topic,
                    missing,
                    peer -> state.peers().isOutbound(peer) && scores.applyAsDouble(peer) >= 0,
                    batch,
                    nowNanos);
        }
    }

    /** Where half of a mesh is not much good, some that are better are added; the next cut then keeps the best. */
    void improve(String topic, ToDoubleFunction<PeerId> scores, ControlBatch batch, long nowNanos) {
        if (size(topic) < 2) {
            return;
        }
        double[] sorted =
                state.mesh().peers(topic).stream().mapToDouble(scores).sorted().toArray();
        double median = sorted[sorted.length / 2];
        if (median < state.params().thresholds().opportunisticGraft()) {
            int count = state.params().times().opportunisticGraftPeers();
            graft(topic, count, peer -> scores.applyAsDouble(peer) > median, batch, nowNanos);
        }
    }

    private void dropBad(String topic, ToDoubleFunction<PeerId> scores, ControlBatch batch, long nowNanos) {
        for (PeerId peer : new ArrayList<>(state.mesh().peers(topic))) {
            if (scores.applyAsDouble(peer) < 0) {
                prune(topic, peer, false, batch, nowNanos);
            }
        }
    }

    private void cut(String topic, ToDoubleFunction<PeerId> scores, ControlBatch batch, long nowNanos) {
        List<PeerId> ranked = new ArrayList<>(state.mesh().peers(topic));
        Lots.shuffle(ranked, state.random()); // where scores are equal, chance decides
        ranked.sort(Comparator.comparingDouble(scores).reversed());
        Lots.shuffle(ranked.subList(Math.min(degrees.best(), ranked.size()), ranked.size()), state.random());
        keepOutbound(ranked);
        for (PeerId peer : ranked.subList(degrees.target(), ranked.size())) {
            prune(topic, peer, true, batch, nowNanos);
        }
    }

    /** Swaps outbound peers from beyond the cut with the last others before it. */
    private void keepOutbound(List<PeerId> ranked) {
        int missing = degrees.outbound() - outbound(ranked.subList(0, degrees.target()));
        int given = degrees.target() - 1;
        for (int i = degrees.target(); i < ranked.size() && missing > 0; i++) {
            if (state.peers().isOutbound(ranked.get(i))) {
                while (state.peers().isOutbound(ranked.get(given))) {
                    given--;
                }
                Collections.swap(ranked, i, given--);
                missing--;
            }
        }
    }

    private int outbound(List<PeerId> peers) {
        int count = 0;
        for (PeerId peer : peers) {
            if (state.peers().isOutbound(peer)) {
                count++;
            }
        }
        return count;
    }

    private int size(String topic) {
        return state.mesh().peers(topic).size();
    }

    private void graft(String topic, int count, Predicate<PeerId> passes, ControlBatch batch, long nowNanos) {
        List<PeerId> chosen =
                state.draw(topic, count, peer -> state.isGraftable(topic, peer, nowNanos) && passes.test(peer));
        for (PeerId peer : chosen) {
            state.graft(topic, peer, nowNanos);
            batch.graft(peer, topic);
        }
    }

    private void prune(String topic, PeerId peer, boolean exchanges, ControlBatch batch, long nowNanos) {
        Duration backoff = state.params().times().pruneBackoff();
        state.prune(topic, peer);
        state.backoffs().start(topic, peer, backoff.toNanos(), nowNanos);
        batch.prune(peer, grafting.prune(topic, peer, backoff, exchanges));
    }
}
