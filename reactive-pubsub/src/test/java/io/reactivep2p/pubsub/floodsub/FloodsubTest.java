package io.reactivep2p.pubsub.floodsub;

import io.reactivep2p.Libp2p;
import io.reactivep2p.muxer.yamux.Yamux;
import io.reactivep2p.pubsub.testing.PubsubContract;
import io.reactivep2p.pubsub.testing.PubsubNodes;
import io.reactivep2p.security.noise.Noise;
import io.reactivep2p.stack.StandardStack;
import io.reactivep2p.transport.memory.Memory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Floodsub over memory, as the contract wants it. */
class FloodsubTest implements PubsubContract {

    @RegisterExtension
    final PubsubNodes nodes = new PubsubNodes(
            () -> Libp2p.host()
                    .transport(Memory.create())
                    .security(Noise.create())
                    .muxer(Yamux.create())
                    .apply(StandardStack.services())
                    .listen("/memory/0"),
            Floodsub::create);

    @Override
    public PubsubNodes nodes() {
        return nodes;
    }
}
