package io.reactivep2p.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.reactivep2p.pubsub.PubsubEvent;
import io.reactivep2p.pubsub.PubsubMessage;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Signed messages over gossipsub, with what either side has by default; a topic for each test. */
class PubsubInteropIT extends InteropFixture {

    private static final int MESSAGES = 1_000;
    private static final AtomicInteger TOPICS = new AtomicInteger();

    private String topic;
    private OurPubsub ours;

    /** Over the first road, and over QUIC. */
    static Stream<Pairing> pairings() {
        return Pairing.all()
                .filter(pairing ->
                        pairing.road().equals(Road.first()) || pairing.road().isQuic());
    }

    @Override
    void prepare() {
        ours = OurPubsub.gossipsub(node.host(), options -> {}, gossip -> gossip.heartbeat(PubsubPeers.HEARTBEAT));
    }

    @Override
    List<String> moreFlags() {
        return PubsubPeers.flags(Map.of());
    }

    @BeforeEach
    void freshTopic() {
        topic = "topic-" + TOPICS.incrementAndGet();
    }

    @Test
    void eachSideHearsWhatTheOtherSubscribesTo() {
        bothSubscribe();
        assertThat(peer.call("topic-peers", Map.of("topic", topic)).get("peers"))
                .extracting(JsonNode::asText)
                .containsExactly(node.id());

        ours.unsubscribe(topic);
        peer.event("unsubscribed", this::isOurTopic);
        peer.call("unsubscribe", Map.of("topic", topic));
        ours.event(PubsubEvent.PeerUnsubscribed.class, e -> e.topic().equals(topic));
        assertThat(ours.pubsub().topic(topic).peers()).isEmpty();
    }

    @Test
    void eachSideTakesTheOtherIntoItsMeshUntilWeLeave() {
        bothGraft();

        ours.unsubscribe(topic);

        peer.event("pruned", this::isOurTopic);
        ours.event(PubsubEvent.Pruned.class, e -> e.topic().equals(topic));
    }

    @Test
    void eachSideTakesTheOtherIntoItsMeshUntilTheyLeave() {
        bothGraft();

        peer.call("unsubscribe", Map.of("topic", topic));

        ours.event(PubsubEvent.Pruned.class, e -> e.topic().equals(topic));
    }

    @Test
    void whatTheyPublishComesSignedByThem() {
        bothGraft(); // go floods nothing

        peer.call("publish", Map.of("topic", topic, "text", "from the peer"));

        PubsubMessage<byte[]> message = ours.message(topic, "from the peer");
        assertThat(message.author())
                .hasValueSatisfying(author -> assertThat(author).hasToString(peer.id()));
        assertThat(message.receivedFrom()).hasToString(peer.id());
        assertThat(message.sequence()).isPresent();
    }

    @Test
    void whatWePublishArrivesSignedByUs() {
        bothSubscribe();

        ours.publish(topic, "from us");

        PubsubMessage<byte[]> own = ours.message(topic, "from us");
        JsonNode message = peer.event("message", e -> isOf(e, topic));
        assertThat(new String(Base64.getDecoder().decode(message.get("data").asText())))
                .isEqualTo("from us");
        assertThat(message.get("from").asText()).isEqualTo(node.id());
        assertThat(message.get("seqno").asText())
                .isEqualTo(Long.toUnsignedString(own.sequence().orElseThrow()));
        assertThat(message.get("id").asText()).isEqualTo(own.id().toString());
    }

    @Test
    void whoDoesNotSubscribeCanPublish() {
        peer.call("subscribe", Map.of("topic", topic));
        ours.awaitPeer(topic, peer.id());

        ours.publish(topic, "from outside");

        peer.event("message", e -> isOf(e, topic));
    }

    @Test
    void theNewestVersionOfBothIsSpoken() {
        String newest = pairing.kind() == PeerKind.JS ? "/meshsub/1.2.0" : "/meshsub/1.3.0";
        assertThat(ours.event(
                                PubsubEvent.PeerJoined.class,
                                e -> e.peer().toString().equals(peer.id()))
                        .protocol())
                .hasToString(newest);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(peer.call("pubsub-peers").get("peers")).anySatisfy(them -> {
                            assertThat(them.get("peer").asText()).isEqualTo(node.id());
                            assertThat(them.get("protocol").asText()).isEqualTo(newest);
                        }));
    }

    @Test
    void aThousandMessagesArriveThere() {
        bothGraft();

        ours.pubsub()
                .topic(topic)
                .publishAll(Flux.range(0, MESSAGES).map(i -> ("m" + i).getBytes()))
                .block(PATIENCE);

        Set<String> seen = new HashSet<>();
        peer.event("message", e -> isOf(e, topic) && seen.add(e.get("data").asText()) && seen.size() == MESSAGES);
    }

    @Test
    void aThousandMessagesArriveHere() {
        bothGraft();

        peer.call("publish", Map.of("topic", topic, "text", "m", "count", MESSAGES, "intervalMicros", 500));

        Set<String> seen = new HashSet<>();
        ours.message(topic, m -> seen.add(OurPubsub.text(m)) && seen.size() == MESSAGES);
    }

    @Test
    void aMessageOfTheGreatestSizeArrivesThere() {
        bothGraft();
        byte[] payload = new Pattern(7).bytes(greatest());

        ours.publish(topic, payload);

        JsonNode message = peer.event("message", e -> isOf(e, topic));
        assertThat(message.get("bytes").asInt()).isEqualTo(payload.length);
        assertThat(message.get("sha256").asText()).isEqualTo(Pattern.sha256(7, payload.length));
    }

    @Test
    void aMessageOfTheGreatestSizeArrivesHere() {
        bothGraft();

        peer.call("publish", Map.of("topic", topic, "bytes", greatest(), "seed", 8));

        assertThat(ours.message(topic, m -> true).payload()).isEqualTo(new Pattern(8).bytes(greatest()));
    }

    @Test
    void everythingGoesOnAfterTheConnectionWasMadeAnew() {
        bothGraft();
        int mark = peer.mark();
        connection.close().block(PATIENCE);
        peer.event(mark, "disconnected", this::isUs);

        connect();

        ours.awaitPeer(topic, peer.id());
        peer.event(mark, "subscribed", this::isOurTopic);
        // go sends to its mesh alone, and may lose what it publishes until that is there again.
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
            ours.publish(topic, "we are here again");
            peer.call("publish", Map.of("topic", topic, "text", "they are here again"));
            assertThat(ours.has(topic, "they are here again")).isTrue();
            assertThat(peer.has(mark, "message", e -> isOf(e, topic))).isTrue();
        });
    }

    private int greatest() {
        return pairing.kind() == PeerKind.RUST ? 65_000 : MIB - 1_024;
    }

    private void bothSubscribe() {
        ours.subscribe(topic);
        peer.call("subscribe", Map.of("topic", topic));
        peer.event("subscribed", this::isOurTopic);
        ours.awaitPeer(topic, peer.id());
    }

    private void bothGraft() {
        bothSubscribe();
        peer.event("grafted", this::isOurTopic);
        ours.event(PubsubEvent.Grafted.class, e -> e.topic().equals(topic));
    }

    private boolean isOurTopic(JsonNode event) {
        return isUs(event) && isOf(event, topic);
    }

    private static boolean isOf(JsonNode event, String topic) {
        return event.path("topic").asText().equals(topic);
    }
}
