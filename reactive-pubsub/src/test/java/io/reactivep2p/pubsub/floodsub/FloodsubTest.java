package io.reactivep2p.pubsub.floodsub;

import io.reactivep2p.pubsub.testing.PubsubContract;
import io.reactivep2p.pubsub.testing.PubsubNodes;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Floodsub over memory, as the contract wants it. */
class FloodsubTest implements PubsubContract {

    @RegisterExtension
    final PubsubNodes nodes = PubsubNodes.inMemory(Floodsub::create);

    @Override
    public PubsubNodes nodes() {
        return nodes;
    }
}
