package io.reactivep2p.pubsub.floodsub;

import io.reactivep2p.Libp2p;
import io.reactivep2p.pubsub.testing.PubsubContract;
import io.reactivep2p.pubsub.testing.PubsubNodes;
import io.reactivep2p.stack.StandardStack;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Floodsub over TCP, as the contract wants it. */
class FloodsubIT implements PubsubContract {

    @RegisterExtension
    final PubsubNodes nodes = new PubsubNodes(
            () -> Libp2p.host().apply(StandardStack.defaults()).listen("/ip4/127.0.0.1/tcp/0"), Floodsub::create);

    @Override
    public PubsubNodes nodes() {
        return nodes;
    }
}
