package io.reactivep2p.pubsub.floodsub;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.host.Host;
import io.reactivep2p.pubsub.Pubsub;
import io.reactivep2p.pubsub.PubsubSpec;
import io.reactivep2p.pubsub.router.PubsubNode;
import java.util.function.Consumer;

/** Makes nodes that send everything to everyone who subscribes. */
public final class Floodsub {

    public static final ProtocolId PROTOCOL = ProtocolId.of("/floodsub/1.0.0");

    private Floodsub() {}

    /** With the default options. */
    public static Pubsub create(Host host) {
        return create(host, spec -> {});
    }

    /**
     * Joins a host, at once; ends with it.
     *
     * @throws IllegalStateException if the host serves floodsub already
     */
    public static Pubsub create(Host host, Consumer<? super PubsubSpec> options) {
        PubsubSpec spec = new PubsubSpec();
        options.accept(spec);
        return PubsubNode.create(host, spec.options(), FloodsubRouter::new);
    }
}
