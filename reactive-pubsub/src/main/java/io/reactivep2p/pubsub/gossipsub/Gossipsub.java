package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.host.Host;
import io.reactivep2p.peer.PeerInfo;
import io.reactivep2p.pubsub.Pubsub;
import io.reactivep2p.pubsub.PubsubOptions;
import io.reactivep2p.pubsub.router.PubsubNode;
import java.time.Duration;
import java.util.function.Consumer;

/** Makes nodes that send messages through a mesh of a few peers for each topic. Use as {@code Gossipsub.create(host).topic(...)}. */
public final class Gossipsub {

    /** For as long as the host lives: whoever configured them has to know. */
    private static final Duration DIRECT_PEER_TTL = Duration.ofDays(36_500);

    private Gossipsub() {}

    /** With the default options. */
    public static Pubsub create(Host host) {
        return create(host, spec -> {});
    }

    /**
     * Joins a host, at once; ends with it.
     *
     * @throws IllegalStateException if the host serves a protocol of gossipsub, or floodsub, already
     * @throws IllegalArgumentException for options that contradict each other
     */
    public static Pubsub create(Host host, Consumer<? super GossipsubSpec> options) {
        GossipsubSpec spec = new GossipsubSpec();
        options.accept(spec);
        GossipsubParams params = spec.params();
        PubsubOptions common = spec.common();
        for (PeerInfo peer : params.directPeers()) {
            host.peerstore().addAddresses(peer.id(), peer.addresses(), DIRECT_PEER_TTL);
        }
        return PubsubNode.create(
                host,
                common,
                neighbours -> new GossipsubRouter(
                        params, neighbours, common.random(), common.nanoClock().getAsLong()));
    }
}
