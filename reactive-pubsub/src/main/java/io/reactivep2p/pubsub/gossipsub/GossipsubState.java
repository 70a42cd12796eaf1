package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peer.PeerInfo;
import io.reactivep2p.pubsub.PubsubEvent;
import io.reactivep2p.pubsub.gossipsub.mesh.Backoffs;
import io.reactivep2p.pubsub.gossipsub.mesh.Fanout;
import io.reactivep2p.pubsub.gossipsub.mesh.MeshTable;
import io.reactivep2p.pubsub.gossipsub.mesh.MessageCache;
import io.reactivep2p.pubsub.gossipsub.mesh.Newcomers;
import io.reactivep2p.pubsub.gossipsub.mesh.Promises;
import io.reactivep2p.pubsub.gossipsub.mesh.Unwanted;
import io.reactivep2p.pubsub.gossipsub.score.PeerScore;
import io.reactivep2p.pubsub.router.Neighbours;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** What the rules of gossipsub share: what is known, and where what is to be done goes. */
@SansIo
record GossipsubState(
        GossipsubParams params,
        Neighbours neighbours,
        RandomGenerator random,
        PeerScore score,
        PeerTable peers,
        MeshTable mesh,
        Newcomers newcomers,
        Backoffs backoffs,
        Fanout fanout,
        MessageCache cache,
        Promises promises,
        Unwanted unwanted,
        Outbox outbox) {

    static GossipsubState create(GossipsubParams params, Neighbours neighbours, RandomGenerator random, long nowNanos) {
        GossipsubParams.Gossip gossip = params.gossip();
        Set<PeerId> direct = new LinkedHashSet<>();
        params.directPeers().stream().map(PeerInfo::id).forEach(direct::add);
        return new GossipsubState(
                params,
                neighbours,
                random,
                PeerScore.create(params.score(), params.applicationScore(), nowNanos),
                new PeerTable(direct),
                new MeshTable(),
                new Newcomers(),
                new Backoffs(params.times().heartbeat().toNanos()),
                new Fanout(params.times().fanoutTtl().toNanos()),
                new MessageCache(
                        gossip.historyWindows(), gossip.gossipWindows(), gossip.cacheMessages(), gossip.cacheBytes()),
                new Promises(gossip.followUp().toNanos()),
                new Unwanted(gossip.idontwantTicks(), gossip.maxIdontwant(), gossip.maxIdontwantIds()),
                new Outbox());
    }

    /** Takes a peer into an open mesh, on our side. */
    void graft(String topic, PeerId peer, long nowNanos) {
        if (mesh.add(topic, peer)) {
            newcomers.add(topic, peer, cache.position());
            score.graft(peer, topic, nowNanos);
            outbox.event(new PubsubEvent.Grafted(peer, topic));
        }
    }

    /** Takes a peer out of a mesh, on our side. */
    void prune(String topic, PeerId peer) {
        if (mesh.remove(topic, peer)) {
            newcomers.remove(topic, peer);
            score.prune(peer, topic);
            outbox.event(new PubsubEvent.Pruned(peer, topic));
        }
    }

    /** The peers that may be in a mesh of the topic and that pass, in the order in which they became known. */
    List<PeerId> candidates(String topic, Predicate<PeerId> passes) {
        List<PeerId> candidates = new ArrayList<>();
        for (PeerId peer : neighbours.subscribers(topic)) {
            if (peers.knows(peer, ProtocolVersion.GOSSIPSUB_1_0) && !peers.isDirect(peer) && passes.test(peer)) {
                candidates.add(peer);
            }
        }
        return candidates;
    }

    /** So many of the {@link #candidates}, drawn by lot. */
    List<PeerId> draw(String topic, int count, Predicate<PeerId> passes) {
        return count <= 0 ? List.of() : Lots.draw(candidates(topic, passes), count, random);
    }

    /** Whether nothing but its score speaks against grafting the peer: it is not in the mesh, and no backoff holds. */
    boolean isGraftable(String topic, PeerId peer, long nowNanos) {
        return !mesh.contains(topic, peer) && !backoffs.holdsUsBack(topic, peer, nowNanos);
    }
}
