package io.reactivep2p.pubsub.simulation;

import io.reactivep2p.host.Host;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.Pubsub;
import io.reactivep2p.pubsub.Topic;

/** An honest node of a scenario. */
record SimNode(Host host, Pubsub pubsub, Topic<byte[]> topic) {

    PeerId id() {
        return host.id();
    }
}
