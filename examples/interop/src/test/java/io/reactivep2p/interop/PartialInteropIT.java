package io.reactivep2p.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.interop.gossip.ScriptedPartials;
import io.reactivep2p.pubsub.PubsubEvent;
import io.reactivep2p.pubsub.gossipsub.Gossipsub;
import io.reactivep2p.pubsub.wire.PartialSupport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages in parts (gossipsub 1.3) between go or rust and us; js has none. The parts are those of the gossipsub suite. */
class PartialInteropIT {

    private static final String TOPIC = "blobs";
    private static final long GROUP = 77;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final EventLog<Long> completed = new EventLog<>("our messages in parts", OurNode.PATIENCE);
    private final List<String> diagnostics = new ArrayList<>();

    private final OurNode node = OurNode.start(Road.first());
    private final ScriptedPartials partials = new ScriptedPartials((topic, group) -> completed.add(group), message -> {
        synchronized (diagnostics) {
            diagnostics.add(message);
        }
    });
    private final OurPubsub us =
            OurPubsub.gossipsub(node.host(), options -> {}, gossip -> gossip.heartbeat(PubsubPeers.HEARTBEAT)
                    .partialMessages(partials));
    private final Gossipsub gossipsub = (Gossipsub) us.pubsub();

    PartialInteropIT() {
        open.add(node);
        partials.publishWith(gossipsub);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        assertThat(diagnostics).isEmpty();
    }

    static Stream<Pairing> pairings() {
        return Stream.of(PeerKind.GO, PeerKind.RUST)
                .flatMap(kind -> Stream.of(true, false).map(weDial -> new Pairing(Road.first(), kind, weDial)));
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void twoHalvesMakeAWholeOnBothSides(Pairing pairing) {
        Peer peer = meet(pairing, PartialSupport.REQUESTS, "requests");

        peer.call("partial-publish", Map.of("topic", TOPIC, "group", GROUP, "parts", 0b0101_0101));
        publish(GROUP, 0b1010_1010);

        completed.await(0, "a whole message", group -> group == GROUP);
        peer.event("partial-complete", e -> e.get("group").asLong() == GROUP);
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void whatWeHaveIsSentToWhoHasNothing(Pairing pairing) {
        Peer peer = meet(pairing, PartialSupport.SENDS, "requests");

        publish(GROUP, 0xff);

        peer.event("partial-complete", e -> e.get("group").asLong() == GROUP);
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void whatTheyHaveIsSentToUsWhoHaveNothing(Pairing pairing) {
        Peer peer = meet(pairing, PartialSupport.REQUESTS, "sends");

        peer.call("partial-publish", Map.of("topic", TOPIC, "group", GROUP, "parts", 0xff));

        completed.await(0, "a whole message", group -> group == GROUP);
        // Who only sends parts is sent none, even of a message that it has nothing of.
        publish(GROUP + 1, 1);
        peer.event("partial", e -> e.get("group").asLong() == GROUP + 1);
        peer.call("partial-publish", Map.of("topic", TOPIC, "group", GROUP + 2, "parts", 0xff));
        completed.await(0, "what the peer said last", group -> group == GROUP + 2);
        us.publish(TOPIC, "what we say last");
        peer.event("message", e -> true);
        assertThat(peer.has(0, "partial", e -> e.get("parts").asInt() != 0)).isFalse();
    }

    /** We request parts, and they do not. */
    @ParameterizedTest
    @MethodSource("pairings")
    void whoRequestsNoPartsIsSentWholeMessages(Pairing pairing) {
        Peer peer = meet(pairing, PartialSupport.REQUESTS, "sends");

        us.publish(TOPIC, "from us");
        peer.event("message", e -> e.get("from").asText().equals(node.id()));
    }

    /** All keep whole messages from who requests parts. rust refuses to publish what it would then send to nobody; go and we do not. */
    @ParameterizedTest
    @MethodSource("pairings")
    void whoRequestsPartsIsSentNoWholeMessages(Pairing pairing) {
        Peer peer = meet(pairing, PartialSupport.REQUESTS, "requests");

        us.publish(TOPIC, "from us");
        Map<String, ?> whole = Map.of("topic", TOPIC, "text", "from the peer");
        if (pairing.kind() == PeerKind.RUST) {
            assertThat(peer.callInVain("publish", whole)).contains("NoPeersSubscribedToTopic");
        } else {
            peer.call("publish", whole);
        }
        // What comes after that tells that it would have come by now.
        publish(GROUP, 0b1111);
        peer.call("partial-publish", Map.of("topic", TOPIC, "group", GROUP, "parts", 0b1111_0000));
        completed.await(0, "a whole message", group -> group == GROUP);
        peer.event("partial-complete", e -> true);

        assertThat(us.has(TOPIC, "from the peer")).isFalse();
        assertThat(peer.has(0, "message", e -> true)).isFalse();
    }

    /**
     * rust answers metadata with parts, also to who requests none, and says nowhere else what it has to who comes after it published.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatRustSaysBesidePartsThatWeDoNotRequestIsHeard(boolean weDial) {
        Peer peer = meet(new Pairing(Road.first(), PeerKind.RUST, weDial), PartialSupport.SENDS, "requests");
        peer.call("partial-publish", Map.of("topic", TOPIC, "group", GROUP, "parts", 0b1111));
        peer.event("partial", e -> e.get("metadata").asInt() == 0);
        int heard = peer.mark();
        // Both forget what they told each other, and rust keeps what it has.
        gossipsub.supportPartial(TOPIC, PartialSupport.NONE);
        peer.event(heard, "subscribed", e -> true);
        gossipsub.supportPartial(TOPIC, PartialSupport.SENDS);

        publish(GROUP, 0b1111_0000);

        peer.event("partial-complete", e -> e.get("group").asLong() == GROUP);
    }

    private void publish(long group, int parts) {
        partials.add(TOPIC, group, parts);
        partials.publish(TOPIC, group, List.of()).block(OurNode.PATIENCE);
    }

    /** Both join, and are in each other's mesh. */
    private Peer meet(Pairing pairing, PartialSupport ours, String theirs) {
        pairing.kind().require();
        Peer peer = Peer.start(pairing.kind(), Road.first().flags(), PubsubPeers.flags(Map.of("partial", true)));
        open.add(0, peer);
        gossipsub.supportPartial(TOPIC, ours);
        us.subscribe(TOPIC);
        peer.call("subscribe", Map.of("topic", TOPIC, "partial", theirs));
        node.connect(peer, pairing.weDial());
        peer.event("subscribed", e -> e.get("peer").asText().equals(node.id()));
        us.awaitPeer(TOPIC, peer.id());
        peer.event("grafted", e -> e.get("peer").asText().equals(node.id()));
        us.event(PubsubEvent.Grafted.class, e -> e.peer().toString().equals(peer.id()));
        return peer;
    }
}
