package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.router.RouterOutput;
import io.reactivep2p.pubsub.wire.Control;
import java.util.ArrayList;
import java.util.List;

/** Peers told of with a PRUNE, given and taken; and the direct peers, who are dialed too. */
@SansIo
final class PeerExchange {

    /** How many peers that others told of are dialed between two heartbeats; go has as many waiting for a dial at a time. */
    static final int MAX_DIALS_PER_HEARTBEAT = 128;

    private static final byte[] NO_RECORD = {};

    private final GossipsubState state;
    private int dials;

    PeerExchange(GossipsubState state) {
        this.state = state;
    }

    /** Whom to tell a peer of that leaves our mesh: others of the topic with no bad score. */
    List<Control.ExchangedPeer> offer(String topic, PeerId to) {
        List<PeerId> chosen = state.draw(
                topic,
                GossipsubParams.EXCHANGED_PEERS,
                peer -> !peer.equals(to) && state.score().score(peer) >= 0);
        return chosen.stream()
                .map(peer -> new Control.ExchangedPeer(peer, state.neighbours().signedRecord(peer)))
                .toList();
    }

    /** Dials whom a peer told us of, in part, by lot. */
    void accept(List<Control.ExchangedPeer> offered) {
        List<Control.ExchangedPeer> unknown = new ArrayList<>();
        for (Control.ExchangedPeer peer : offered) {
            boolean self = peer.peer().equals(state.neighbours().self());
            if (!self && !state.peers().isConnected(peer.peer())) {
                unknown.add(peer);
            }
        }
        for (Control.ExchangedPeer peer : Lots.draw(unknown, GossipsubParams.EXCHANGED_PEERS, state.random())) {
            if (dials < MAX_DIALS_PER_HEARTBEAT) {
                dials++;
                state.outbox().add(new RouterOutput.Dial(peer.peer(), peer.signedRecord()));
            }
        }
    }

    void onHeartbeat() {
        dials = 0;
    }

    /** Dials the direct peers that are not connected. */
    void dialDirectPeers() {
        for (PeerId peer : state.peers().direct()) {
            if (!state.peers().isConnected(peer)) {
                state.outbox().add(new RouterOutput.Dial(peer, NO_RECORD));
            }
        }
    }
}
