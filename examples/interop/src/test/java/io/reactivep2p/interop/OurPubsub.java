package io.reactivep2p.interop;

import static org.awaitility.Awaitility.await;

import io.reactivep2p.host.Host;
import io.reactivep2p.pubsub.Overflow;
import io.reactivep2p.pubsub.Pubsub;
import io.reactivep2p.pubsub.PubsubEvent;
import io.reactivep2p.pubsub.PubsubMessage;
import io.reactivep2p.pubsub.PubsubSpec;
import io.reactivep2p.pubsub.floodsub.Floodsub;
import io.reactivep2p.pubsub.gossipsub.Gossipsub;
import io.reactivep2p.pubsub.gossipsub.GossipsubSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import reactor.core.Disposable;

/** Our part in publishing and subscribing, with a record of what happens and of what comes. */
final class OurPubsub {

    /** More than any test sends before it looks. */
    private static final int WAITING = 10_000;

    private final Pubsub pubsub;
    private final EventLog<PubsubEvent> events = new EventLog<>("our pubsub", OurNode.PATIENCE);
    private final EventLog<PubsubMessage<byte[]>> messages = new EventLog<>("our topics", OurNode.PATIENCE);
    private final Map<String, Disposable> subscriptions = new ConcurrentHashMap<>();

    private OurPubsub(Pubsub pubsub) {
        this.pubsub = pubsub;
        pubsub.events().subscribe(events::add);
    }

    static OurPubsub gossipsub(Host host, Consumer<PubsubSpec> options, Consumer<GossipsubSpec> gossip) {
        return new OurPubsub(Gossipsub.create(host, spec -> gossip.accept(spec.common(options))));
    }

    static OurPubsub floodsub(Host host, Consumer<PubsubSpec> options) {
        return new OurPubsub(Floodsub.create(host, options));
    }

    Pubsub pubsub() {
        return pubsub;
    }

    void subscribe(String topic) {
        subscriptions.put(
                topic, pubsub.topic(topic).messages(Overflow.error(WAITING)).subscribe(messages::add));
    }

    void unsubscribe(String topic) {
        Disposable subscription = subscriptions.remove(topic);
        if (subscription == null) {
            throw new IllegalStateException("not subscribed to " + topic);
        }
        subscription.dispose();
    }

    void publish(String topic, byte[] payload) {
        pubsub.topic(topic).publish(payload).block(OurNode.PATIENCE);
    }

    void publish(String topic, String text) {
        publish(topic, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Waits until the peer is known to subscribe. */
    void awaitPeer(String topic, String peer) {
        await("peers of " + topic)
                .atMost(OurNode.PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> pubsub.topic(topic).peers().stream()
                        .anyMatch(id -> id.toString().equals(peer)));
    }

    /** A mark in its events, to wait from. */
    int mark() {
        return events.size();
    }

    /** The first event of this kind that matches, past or future. */
    <E extends PubsubEvent> E event(Class<E> kind, Predicate<? super E> matches) {
        return event(0, kind, matches);
    }

    /** The first one from a mark on. */
    <E extends PubsubEvent> E event(int from, Class<E> kind, Predicate<? super E> matches) {
        return kind.cast(
                events.await(from, kind.getSimpleName(), e -> kind.isInstance(e) && matches.test(kind.cast(e))));
    }

    /** Whether there has been such an event. */
    boolean has(Class<? extends PubsubEvent> kind) {
        return events.has(0, kind::isInstance);
    }

    /** A message of the topic that matches, past or future. */
    PubsubMessage<byte[]> message(String topic, Predicate<PubsubMessage<byte[]>> matches) {
        return messages.await("message of " + topic, m -> m.topic().equals(topic) && matches.test(m));
    }

    /** A message with this text. */
    PubsubMessage<byte[]> message(String topic, String text) {
        return message(topic, m -> text(m).equals(text));
    }

    /** Whether a message with this text has come. */
    boolean has(String topic, String text) {
        return messages.has(0, m -> m.topic().equals(topic) && text(m).equals(text));
    }

    static String text(PubsubMessage<byte[]> message) {
        return new String(message.payload(), StandardCharsets.UTF_8);
    }
}
