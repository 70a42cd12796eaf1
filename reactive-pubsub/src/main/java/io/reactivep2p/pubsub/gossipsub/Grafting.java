package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.PubsubEvent;
import io.reactivep2p.pubsub.gossipsub.mesh.Backoffs;
import io.reactivep2p.pubsub.wire.Control;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Who enters and leaves a mesh between heartbeats: by our joining and leaving, and by what peers say. */
@SansIo
final class Grafting {

    private final GossipsubState state;
    private final PeerExchange exchange;

    Grafting(GossipsubState state, PeerExchange exchange) {
        this.state = state;
        this.exchange = exchange;
    }

    void onJoined(String topic, long nowNanos) {
        if (state.mesh().isOpen(topic)) {
            return;
        }
        state.mesh().open(topic);
        List<PeerId> chosen = new ArrayList<>(state.fanout().close(topic));
        chosen.removeIf(peer -> state.score().score(peer) < 0 || !state.isGraftable(topic, peer, nowNanos));
        int missing = state.params().degrees().target() - chosen.size();
        chosen.addAll(state.draw(
                topic,
                missing,
                peer -> !chosen.contains(peer)
                        && state.isGraftable(topic, peer, nowNanos)
                        && state.score().score(peer) >= 0));
        for (PeerId peer : chosen) {
            state.graft(topic, peer, nowNanos);
            state.outbox().control(peer, Control.graft(topic));
        }
    }

    /** Others are not told of: who leaves has no use for the mesh, and nothing to gain by giving its peers away. */
    void onLeft(String topic, long nowNanos) {
        state.promises().forget(topic);
        state.newcomers().take(topic);
        Duration backoff = state.params().times().unsubscribeBackoff();
        for (PeerId peer : state.mesh().close(topic)) {
            state.score().prune(peer, topic);
            state.outbox().event(new PubsubEvent.Pruned(peer, topic));
            state.outbox().control(peer, Control.prune(prune(topic, peer, backoff, false)));
            state.backoffs().start(topic, peer, backoff.toNanos(), nowNanos);
        }
    }

    /**
     * A peer adds us to its meshes.
     *
     * @return the PRUNEs it is answered with
     */
    List<Control.Prune> onGraft(PeerId from, List<String> topics, long nowNanos) {
        if (topics.isEmpty()) {
            return List.of();
        }
        double score = state.score().score(from);
        boolean exchanges = true;
        Set<String> refused = new LinkedHashSet<>();
        for (String topic : topics) {
            if (!state.mesh().isOpen(topic)) {
                // Nothing is said, remembered or given away: whoever names topics at random learns nothing.
                exchanges = false;
            } else if (!state.mesh().contains(topic, from)) {
                Verdict verdict = judge(topic, from, score, nowNanos);
                if (verdict == Verdict.ACCEPT) {
                    state.graft(topic, from, nowNanos);
                } else {
                    refused.add(topic);
                    exchanges &= verdict == Verdict.REFUSE_POLITELY;
                }
            }
        }
        List<Control.Prune> prunes = new ArrayList<>(refused.size());
        for (String topic : refused) {
            prunes.add(prune(topic, from, state.params().times().pruneBackoff(), exchanges));
        }
        return prunes;
    }

    private enum Verdict {
        ACCEPT,
        REFUSE,
        /** No fault of the peer's: it may be told of others. */
        REFUSE_POLITELY
    }

    private Verdict judge(String topic, PeerId from, double score, long nowNanos) {
        if (state.peers().isDirect(from)) {
            return Verdict.REFUSE; // the agreement to be direct peers is not mutual
        }
        long remaining = state.backoffs().remainingNanos(topic, from, nowNanos);
        if (remaining > 0) {
            GossipsubParams.Times times = state.params().times();
            // So much is left only within the flood time after the PRUNE.
            boolean flood = remaining
                    > times.pruneBackoff().toNanos() - times.graftFlood().toNanos();
            state.score().addPenalty(from, flood ? 2 : 1);
            startBackoff(topic, from, nowNanos);
            return Verdict.REFUSE;
        }
        if (score < 0) {
            startBackoff(topic, from, nowNanos);
            return Verdict.REFUSE;
        }
        boolean full =
                state.mesh().peers(topic).size() >= state.params().degrees().high();
        if (full && !state.peers().isOutbound(from)) {
            startBackoff(topic, from, nowNanos);
            return Verdict.REFUSE_POLITELY;
        }
        return Verdict.ACCEPT;
    }

    /** A peer removes us from its meshes. */
    void onPrune(PeerId from, List<Control.Prune> prunes, long nowNanos) {
        long defaultNanos = state.params().times().pruneBackoff().toNanos();
        for (Control.Prune prune : prunes) {
            String topic = prune.topic();
            if (!state.mesh().isOpen(topic)) {
                continue;
            }
            state.prune(topic, from);
            state.backoffs()
                    .start(topic, from, Backoffs.requestedNanos(prune.backoffSeconds(), defaultNanos), nowNanos);
            boolean trusted =
                    state.score().score(from) >= state.params().thresholds().acceptExchange();
            if (trusted && !prune.peers().isEmpty()) {
                exchange.accept(prune.peers());
            }
        }
    }

    /** Our word to a peer that is not in our mesh any more, in terms that it understands. */
    Control.Prune prune(String topic, PeerId to, Duration backoff, boolean mayExchange) {
        if (!state.peers().knows(to, ProtocolVersion.GOSSIPSUB_1_1)) {
            return new Control.Prune(topic, List.of(), OptionalLong.empty());
        }
        boolean exchanges = mayExchange && state.params().peerExchange();
        return new Control.Prune(
                topic, exchanges ? exchange.offer(topic, to) : List.of(), OptionalLong.of(backoff.toSeconds()));
    }

    private void startBackoff(String topic, PeerId peer, long nowNanos) {
        state.backoffs()
                .start(topic, peer, state.params().times().pruneBackoff().toNanos(), nowNanos);
    }
}
