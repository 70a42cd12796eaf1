package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.pubsub.testing.PubsubContract;
import io.reactivep2p.pubsub.testing.PubsubNodes;
import java.time.Duration;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Gossipsub over memory, as the contract wants it. */
class GossipsubNodeTest implements PubsubContract {

    /** So that gossip makes up soon for what was sent before a mesh was there. */
    private static final Duration HEARTBEAT = Duration.ofMillis(50);

    @RegisterExtension
    final PubsubNodes nodes = PubsubNodes.inMemory((host, options) ->
            Gossipsub.create(host, spec -> spec.heartbeat(HEARTBEAT).common(options)));

    @Override
    public PubsubNodes nodes() {
        return nodes;
    }
}
