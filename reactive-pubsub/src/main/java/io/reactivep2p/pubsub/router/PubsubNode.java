package io.reactivep2p.pubsub.router;

import io.reactivep2p.event.EventHub;
import io.reactivep2p.host.Host;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.PayloadCodec;
import io.reactivep2p.pubsub.Pubsub;
import io.reactivep2p.pubsub.PubsubEvent;
import io.reactivep2p.pubsub.PubsubOptions;
import io.reactivep2p.pubsub.PubsubStatistics;
import io.reactivep2p.pubsub.Topic;
import io.reactivep2p.pubsub.validation.MessageSigner;
import io.reactivep2p.pubsub.validation.SeenCache;
import io.reactivep2p.pubsub.wire.PartialSupport;
import io.reactivep2p.pubsub.wire.Rpc;
import io.reactivep2p.pubsub.wire.Subscription;
import io.reactivep2p.resource.ResourceLimitException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongConsumer;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;

/**
 * The node that every router sits in: streams, queues, topics, validation and one heartbeat timer around a {@link Router}, all in one
 * serial section.
 */
public final class PubsubNode implements Pubsub {

    /** go-libp2p-pubsub: the first heartbeat comes soon, since peers that are there already wait to be grafted. */
    static final Duration FIRST_HEARTBEAT = Duration.ofMillis(100);

    /** How long peers are waited for that do not take what is still to be said to them. A choice of ours. */
    static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final Host host;
    private final PubsubOptions options;
    private final SerialSection section;
    private final SubscriptionTable subscriptions;
    private final TopicTable topics = new TopicTable();
    private final EventHub<PubsubEvent> hub = new EventHub<>();
    private final Counters counters = new Counters();
    private final SeenCache seen;
    private final Router router;
    private final PeerTable peers;
    private final PeerDialer dialer;
    private final TopicDiscovery discovery;
    private final OutputDrain outputs;
    private final MessagePipeline messages;
    private final Publishing publishing;

    private final WaitingBytes waiting = new WaitingBytes();
    private final Disposable.Swap heartbeat = Disposables.swap();
    private final Disposable.Swap closeTimer = Disposables.swap();
    private final Sinks.Empty<Void> disposed = Sinks.empty();
    private volatile boolean closed;

    private PubsubNode(Host host, PubsubOptions options, Function<? super Neighbours, ? extends Router> router) {
        this.host = host;
        this.options = options;
        this.section = new SerialSection(options.timer(), this::turnEnd);
        this.subscriptions = new SubscriptionTable(options.filter(), options.limits());
        this.seen = SeenCache.create(
                options.limits().seenTtl(),
                options.limits().seenMessages(),
                options.random().nextLong(),
                options.random().nextLong());
        this.router = router.apply(new Surroundings());
        this.dialer = new PeerDialer(host, section, options.timer());
        this.discovery = new TopicDiscovery(host, options, section, dialer, this.router::hasEnoughPeers);
        this.peers = new PeerTable(host, options, section, this.router.protocols(), this::lane, new Peers());
        this.outputs = new OutputDrain(this.router, peers, dialer, hub, counters);
        this.messages = new MessagePipeline(
                options, section, host.id(), this.router, outputs, subscriptions, topics, seen, counters);
        MessageSigner signer =
                MessageSigner.create(host.identity(), options.signaturePolicy(), options.firstSequence());
        this.publishing = new Publishing(options, section, signer, messages, discovery, waiting);
    }

    private VerificationLane lane() {
        return messages.lane();
    }

    /**
     * Joins a host.
     *
     * @param router makes the router, given what it may know
     * @throws IllegalStateException if the host serves one of the router's protocols already
     */
    public static PubsubNode create(
            Host host, PubsubOptions options, Function<? super Neighbours, ? extends Router> router) {
        PubsubNode node = new PubsubNode(host, options, router);
        node.peers.start();
        node.router.heartbeatInterval().ifPresent(node::beat);
        host.onDispose().subscribe(none -> {}, cause -> {}, node::dispose);
        return node;
    }

    private void beat(Duration interval) {
        heartbeat.update(options.timer()
                .schedulePeriodically(
                        () -> section.execute(this::onHeartbeat),
                        Math.min(FIRST_HEARTBEAT.toNanos(), interval.toNanos()),
                        interval.toNanos(),
                        TimeUnit.NANOSECONDS));
    }

    private void onHeartbeat() {
        if (!closed) {
            router.onHeartbeat(now());
            outputs.drain();
        }
    }

    // ---- what users see ----

    @Override
    public <T> Topic<T> topic(String name, PayloadCodec<T> codec) {
        Objects.requireNonNull(codec, "codec");
        if (name.length() > SubscriptionTable.MAX_TOPIC_LENGTH
                || !options.filter().allows(name)) {
            throw new IllegalArgumentException(
                    "the topic '" + name + "' is not allowed by this node's filter, or longer than "
                            + SubscriptionTable.MAX_TOPIC_LENGTH + " characters");
        }
        return new TopicHandle<>(this, name, codec);
    }

    @Override
    public Set<String> topics() {
        return subscriptions.joinedNow();
    }

    @Override
    public Set<PeerId> peers() {
        return subscriptions.peersNow();
    }

    @Override
    public Flux<PubsubEvent> events() {
        return hub.events();
    }

    @Override
    public PubsubStatistics statistics() {
        return counters.snapshot();
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            dispose();
            return onDispose();
        });
    }

    @Override
    public void dispose() {
        section.execute(this::closeNow);
    }

    @Override
    public boolean isDisposed() {
        return closed;
    }

    @Override
    public Mono<Void> onDispose() {
        return disposed.asMono();
    }

    // ---- what a router's own API sees ----

    /**
     * Tells the router something, in the serial section, and does what it then wants done.
     *
     * <p><b>Completion</b>: what it wants sent is in the queues. <b>Errors</b>: what {@code input}, given the time, throws; {@link
     * IllegalStateException} after close; {@link ResourceLimitException} where too much waits to be told and published. <b>Cancellation</b>:
     * before its turn, it is not told.
     */
    public Mono<Void> tellRouter(LongConsumer input) {
        return Mono.create(sink -> {
            if (!waiting.take(WaitingBytes.OVERHEAD)) {
                sink.error(WaitingBytes.exhausted());
                return;
            }
            Disposable cancelled = Disposables.single();
            sink.onCancel(cancelled);
            section.execute(() -> {
                waiting.giveBack(WaitingBytes.OVERHEAD);
                if (closed) {
                    sink.error(Publishing.closedException());
                } else if (!cancelled.isDisposed()) {
                    tell(input, sink);
                }
            });
        });
    }

    private void tell(LongConsumer input, MonoSink<Void> sink) {
        try {
            input.accept(now());
        } catch (RuntimeException refused) {
            outputs.drain();
            sink.error(refused);
            return;
        }
        outputs.drain();
        sink.success();
    }

    // ---- what the parts see ----

    SerialSection section() {
        return section;
    }

    SubscriptionTable subscriptions() {
        return subscriptions;
    }

    TopicTable topicTable() {
        return topics;
    }

    EventHub<PubsubEvent> hub() {
        return hub;
    }

    Publishing publishing() {
        return publishing;
    }

    void subscribe(TopicSubscriber<?> subscriber) {
        if (closed) {
            subscriber.end(null);
        } else if (subscriber.isLive() && topics.add(subscriber) && subscriptions.join(subscriber.topic)) {
            outputs.tellAll(router.announcement(subscriber.topic));
            router.onJoined(subscriber.topic, now());
            outputs.drain();
            discovery.joined(subscriber.topic);
        }
    }

    void unsubscribe(TopicSubscriber<?> subscriber) {
        if (topics.remove(subscriber)) {
            leave(subscriber.topic);
        }
    }

    private void leave(String topic) {
        if (subscriptions.leave(topic)) {
            outputs.tellAll(Subscription.leave(topic));
            router.onLeft(topic, now());
            outputs.drain();
            discovery.left(topic);
        }
    }

    private void turnEnd() {
        outputs.flush();
        publishing.goOn();
    }

    private long now() {
        return options.nanoClock().getAsLong();
    }

    // ---- the end ----

    private void closeNow() {
        if (closed) {
            return;
        }
        heartbeat.dispose();
        discovery.close();
        dialer.close();
        List.copyOf(subscriptions.joined()).forEach(this::leave);
        closed = true;
        messages.close();
        topics.allSubscribers().forEach(subscriber -> subscriber.end(null));
        publishing.close();
        // Disposed at once where nothing is to be waited for.
        closeTimer.update(schedule(() -> section.execute(peers::abort), CLOSE_TIMEOUT));
        peers.close();
    }

    private Disposable schedule(Runnable task, Duration delay) {
        try {
            return options.timer().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException gone) {
            task.run();
            return Disposables.disposed();
        }
    }

    /** What the router may know. */
    private final class Surroundings implements Neighbours {

        private static final byte[] NO_RECORD = {};

        @Override
        public PeerId self() {
            return host.id();
        }

        @Override
        public Set<String> joined() {
            return subscriptions.joined();
        }

        @Override
        public Set<PeerId> subscribers(String topic) {
            return subscriptions.subscribers(topic);
        }

        @Override
        public PartialSupport partialSupport(PeerId peer, String topic) {
            PeerLink link = peers.get(peer);
            return link == null ? PartialSupport.NONE : link.partials.getOrDefault(topic, PartialSupport.NONE);
        }

        @Override
        public boolean seen(MessageId id) {
            return seen.contains(id, now());
        }

        @Override
        public byte[] signedRecord(PeerId peer) {
            return host.peerstore().signedRecord(peer).orElse(NO_RECORD);
        }
    }

    /** What comes of peers. */
    private final class Peers implements PeerTable.Listener {

        @Override
        public void connected(PeerLink link, PeerLink.Outbound outbound) {
            long now = now();
            router.onPeerConnected(outbound.peer(), now);
            outbound.queue()
                    .greet(
                            subscriptions.joined().stream()
                                    .map(router::announcement)
                                    .toList(),
                            router.greeting(outbound.peer()));
            outputs.touch(link);
            hub.publish(new PubsubEvent.PeerJoined(link.id, outbound.peer().protocol()));
            subscriptions.connected(link);
            link.topics.forEach(topic -> {
                router.onPeerSubscribed(link.id, topic, now);
                hub.publish(new PubsubEvent.PeerSubscribed(link.id, topic));
            });
            outputs.drain();
        }

        @Override
        public void disconnected(PeerLink link) {
            subscriptions.disconnected(link);
            router.onPeerDisconnected(link.id, now());
            outputs.drain();
            hub.publish(new PubsubEvent.PeerLeft(link.id));
        }

        @Override
        public void removed(PeerLink link) {
            subscriptions.removed(link);
        }

        @Override
        public void received(PeerLink link, Rpc rpc, VerificationLane lane) {
            if (closed) {
                return;
            }
            Acceptance acceptance = router.acceptance(link.id, now());
            rpc.subscriptions().forEach(change -> subscription(link, change));
            if (acceptance == Acceptance.ALL) {
                rpc.messages().forEach(message -> messages.received(link.id, message, lane));
            }
            if (acceptance != Acceptance.NONE) {
                if (rpc.control() != null) {
                    router.onControl(link.id, rpc.control(), now());
                }
                if (rpc.partial() != null) {
                    router.onPartial(link.id, rpc.partial(), now());
                }
            }
            outputs.drain();
        }

        private void subscription(PeerLink link, Subscription change) {
            String topic = change.topic();
            if (change.subscribe()) {
                boolean fresh = subscriptions.subscribe(link, topic);
                // Said again, it may say something else of parts.
                subscriptions.partial(link, topic, change.partial());
                if (fresh) {
                    router.onPeerSubscribed(link.id, topic, now());
                    hub.publish(new PubsubEvent.PeerSubscribed(link.id, topic));
                }
            } else if (subscriptions.unsubscribe(link, topic)) {
                router.onPeerUnsubscribed(link.id, topic, now());
                hub.publish(new PubsubEvent.PeerUnsubscribed(link.id, topic));
            }
        }

        @Override
        public void malformed() {
            counters.malformedRpcs.increment();
        }

        @Override
        public void allClosed() {
            closeTimer.dispose();
            hub.complete();
            disposed.tryEmitEmpty();
        }
    }
}
