package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.host.Host;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peer.PeerInfo;
import io.reactivep2p.pubsub.PayloadCodec;
import io.reactivep2p.pubsub.Pubsub;
import io.reactivep2p.pubsub.PubsubEvent;
import io.reactivep2p.pubsub.PubsubOptions;
import io.reactivep2p.pubsub.PubsubStatistics;
import io.reactivep2p.pubsub.Topic;
import io.reactivep2p.pubsub.router.PubsubNode;
import io.reactivep2p.pubsub.wire.PartialSupport;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A node that sends messages through a mesh of a few peers for each topic. Use as {@code Gossipsub.create(host).topic(...)}.
 *
 * <p>Messages may also travel in parts, of which a peer is sent those that it lacks (partial messages of version 1.3):
 *
 * <pre>{@code
 * Gossipsub gossipsub = Gossipsub.create(host, spec -> spec.partialMessages(application));
 * gossipsub.supportPartial("blobs", PartialSupport.REQUESTS);
 * gossipsub.topic("blobs").messages(Overflow.latest()).subscribe();      // joins; whole messages may still come
 * gossipsub.publishPartial("blobs", blob).subscribe();                   // whenever parts of it have come here
 * }</pre>
 */
public final class Gossipsub implements Pubsub {

    /** For as long as the host lives: whoever configured them has to know. */
    private static final Duration DIRECT_PEER_TTL = Duration.ofDays(36_500);

    private final PubsubNode node;
    private final GossipsubRouter router;
    private final boolean partial;

    private Gossipsub(PubsubNode node, GossipsubRouter router, boolean partial) {
        this.node = node;
        this.router = router;
        this.partial = partial;
    }

    /** With the default options. */
    public static Gossipsub create(Host host) {
        return create(host, spec -> {});
    }

    /**
     * Joins a host, at once; ends with it.
     *
     * @throws IllegalStateException if the host serves a protocol of gossipsub, or floodsub, already
     * @throws IllegalArgumentException for options that contradict each other
     */
    public static Gossipsub create(Host host, Consumer<? super GossipsubSpec> options) {
        GossipsubSpec spec = new GossipsubSpec();
        options.accept(spec);
        GossipsubParams params = spec.params();
        PubsubOptions common = spec.common();
        for (PeerInfo peer : params.directPeers()) {
            host.peerstore().addAddresses(peer.id(), peer.addresses(), DIRECT_PEER_TTL);
        }
        AtomicReference<@Nullable GossipsubRouter> made = new AtomicReference<>();
        PubsubNode node = PubsubNode.create(host, common, neighbours -> {
            GossipsubRouter router = new GossipsubRouter(
                    params, neighbours, common.random(), common.nanoClock().getAsLong());
            made.set(router);
            return router;
        });
        return new Gossipsub(
                node, Objects.requireNonNull(made.get()), params.extensions().partialMessages());
    }

    /**
     * Says what this node does with the parts of a topic's messages, default nothing; best before it joins the topic, since peers are told of
     * it together with that. Holds before anything that the same thread does with this node later.
     *
     * <p>{@link PartialSupport#REQUESTS} is for topics whose nodes all send parts: nodes of rust-libp2p (gossipsub 0.50) that have the
     * extension, but not for the topic, forward nothing to who requests parts there, neither parts nor whole messages.
     *
     * @throws IllegalStateException where {@link GossipsubSpec#partialMessages} was not set
     * @throws IllegalArgumentException for a topic that this node's filter does not allow
     */
    public void supportPartial(String topic, PartialSupport support) {
        Objects.requireNonNull(support, "support");
        requirePartial();
        node.topic(topic);
        node.tellRouter(now -> router.onPartialSupport(topic, support)).subscribe(none -> {}, closed -> {});
    }

    /**
     * Sends a message as far as it is here: to the peers of the mesh, of a topic that is not joined to some peers that are remembered for
     * that, each of which either requests parts or sends them while this node requests them; and to all that spoke of this group. Remembers
     * it for {@link GossipsubSpec#partialTtl} heartbeats, during which peers are answered. Peers that request no parts only get what {@link
     * Topic#publish} publishes, and those that do request them not that.
     *
     * <p><b>Completion</b>: when everything is in the queues of the peers it goes to; there may be none. <b>Errors</b>: {@link
     * IllegalStateException} where {@link #supportPartial} did not name the topic, and after close; {@link IllegalArgumentException} for a
     * group id or an answer that is too long, and what {@code source} throws, when the other peers have theirs; {@link
     * io.reactivep2p.resource.ResourceLimitException} where too many messages are under way. <b>Cancellation</b>: before its turn, nothing
     * is sent.
     */
    public Mono<Void> publishPartial(String topic, PartialSource source) {
        return publishPartial(topic, source, List.of());
    }

    /** As {@link #publishPartial(String, PartialSource)}, to these peers and no others, as far as they support it; to all where empty. */
    public Mono<Void> publishPartial(String topic, PartialSource source, Collection<PeerId> to) {
        Objects.requireNonNull(source, "source");
        List<PeerId> peers = List.copyOf(to);
        return node.tellRouter(now -> router.onPartialPublished(topic, source, peers, now));
    }

    private void requirePartial() {
        if (!partial) {
            throw new IllegalStateException("partial messages are not supported; GossipsubSpec.partialMessages does");
        }
    }

    @Override
    public <T> Topic<T> topic(String name, PayloadCodec<T> codec) {
        return node.topic(name, codec);
    }

    @Override
    public Set<String> topics() {
        return node.topics();
    }

    @Override
    public Set<PeerId> peers() {
        return node.peers();
    }

    @Override
    public Flux<PubsubEvent> events() {
        return node.events();
    }

    @Override
    public PubsubStatistics statistics() {
        return node.statistics();
    }

    @Override
    public Mono<Void> close() {
        return node.close();
    }

    @Override
    public void dispose() {
        node.dispose();
    }

    @Override
    public boolean isDisposed() {
        return node.isDisposed();
    }

    @Override
    public Mono<Void> onDispose() {
        return node.onDispose();
    }
}
