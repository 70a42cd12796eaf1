package io.reactivep2p.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.reactivep2p.event.HostEvent;
import io.reactivep2p.pubsub.PubsubEvent;
import io.reactivep2p.pubsub.PubsubMessage;
import io.reactivep2p.pubsub.PubsubSpec;
import io.reactivep2p.pubsub.SignaturePolicy;
import io.reactivep2p.pubsub.gossipsub.GossipsubSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What depends on how the nodes are set up, or takes more than two of them; over the first road. */
class PubsubMeshInteropIT {

    private static final String TOPIC = "news";
    private static final String TEXT = "to whom it may concern";

    /** Messages each way, one right after the other. */
    private static final int FLOOD = 30;

    /** Both routers of all peers, as far as they have what the other wants. */
    private static final Map<String, Object> SMALL_MESH =
            Map.of("d", 2, "dLow", 1, "dHigh", 2, "dOut", 0, "floodPublish", false);

    private static final Consumer<PubsubSpec> SIGNED = options -> {};

    private final List<AutoCloseable> open = new ArrayList<>();

    /** One of our nodes. */
    private record Ours(OurNode node, OurPubsub pubsub) {

        void dial(Ours other) {
            node.host().dial(other.node.address()).block(OurNode.PATIENCE);
        }

        /** Waits until the other is in the mesh. */
        void awaitInMesh(String id) {
            pubsub.event(PubsubEvent.Grafted.class, e -> e.peer().toString().equals(id));
        }
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    static Stream<Pairing> pairings() {
        return Stream.of(PeerKind.values())
                .flatMap(kind ->
                        Stream.of(new Pairing(Road.first(), kind, true), new Pairing(Road.first(), kind, false)));
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void messagesWithoutAuthorsGoBothWays(Pairing pairing) {
        Ours us = gossipsub(options -> options.signaturePolicy(SignaturePolicy.AUTHORLESS), fast());
        Peer peer = peer(pairing.kind(), Map.of("sign", "none"));
        bothSubscribe(us, peer, pairing);
        peer.event("grafted", e -> isOf(e, us)); // go floods nothing

        peer.call("publish", Map.of("topic", TOPIC, "text", "from nobody there"));
        us.pubsub().publish(TOPIC, "from nobody here");

        PubsubMessage<byte[]> theirs = us.pubsub().message(TOPIC, "from nobody there");
        assertThat(theirs.author()).isEmpty();
        assertThat(theirs.sequence()).isEmpty();
        PubsubMessage<byte[]> own = us.pubsub().message(TOPIC, "from nobody here");
        JsonNode message = peer.event("message", e -> true);
        assertThat(message.get("from").isNull()).isTrue();
        assertThat(message.get("id").asText()).isEqualTo(own.id().toString());
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void anOlderVersionIsSpokenWithWhoHasNoNewerOne(Pairing pairing) {
        Ours us = gossipsub(SIGNED, fast());
        Peer peer = peer(pairing.kind(), Map.of("version", "1.1"));
        bothSubscribe(us, peer, pairing);

        assertThat(us.pubsub().event(PubsubEvent.PeerJoined.class, e -> true).protocol())
                .hasToString("/meshsub/1.1.0");
        bothPublish(us, peer);
    }

    @Test
    void extensionsAreAgreedOnWithGo() {
        Ours us = gossipsub(SIGNED, fast().andThen(gossip -> gossip.testExtension(true)));
        Peer peer = peer(PeerKind.GO, Map.of("testExtension", true));

        us.node().connect(peer, true);

        peer.event(
                "test-extension", e -> e.get("peer").asText().equals(us.node().id()));
    }

    /** Our mesh is full of two of our nodes before the peer comes. */
    @ParameterizedTest
    @EnumSource(PeerKind.class)
    void whoHasNoPlaceInOurMeshGetsMessagesByGossip(PeerKind kind) {
        Ours us = gossipsub(SIGNED, fast().andThen(PubsubMeshInteropIT::smallMesh));
        us.pubsub().subscribe(TOPIC);
        fill(us);
        Peer peer = peer(kind, Map.of());
        us.node().connect(peer, false);
        peer.call("subscribe", Map.of("topic", TOPIC));
        us.pubsub().awaitPeer(TOPIC, peer.id());
        peer.event("subscribed", e -> true);

        us.pubsub().publish(TOPIC, TEXT);

        assertThat(peer.event("message", e -> true).get("from").asText())
                .isEqualTo(us.node().id());
        if (kind != PeerKind.RUST) {
            peer.event("control", e -> in(e) && e.get("ihave").asInt() > 0);
            peer.event("control", e -> !in(e) && e.get("iwant").asInt() > 0);
        }
        assertThat(peer.call("mesh-peers", Map.of("topic", TOPIC)).get("peers")).isEmpty();
    }

    /** Their mesh is full of two of our nodes before a third comes. */
    @ParameterizedTest
    @EnumSource(PeerKind.class)
    void weGetMessagesByGossipWhereWeHaveNoPlaceInTheMesh(PeerKind kind) {
        Peer peer = peer(kind, SMALL_MESH);
        peer.call("subscribe", Map.of("topic", TOPIC));
        fill(peer);
        Ours us = gossipsub(SIGNED, fast());
        us.pubsub().subscribe(TOPIC);
        us.node().connect(peer, true);
        us.pubsub().awaitPeer(TOPIC, peer.id());
        peer.event("subscribed", e -> e.get("peer").asText().equals(us.node().id()));

        peer.call("publish", Map.of("topic", TOPIC, "text", TEXT));

        assertThat(us.pubsub().message(TOPIC, TEXT).receivedFrom()).hasToString(peer.id());
        if (kind != PeerKind.RUST) {
            peer.event("control", e -> in(e) && e.get("iwant").asInt() > 0);
        }
    }

    @ParameterizedTest
    @EnumSource(PeerKind.class)
    void whoHasNoPlaceInOurMeshIsToldOfOthers(PeerKind kind) {
        Ours us = gossipsub(
                SIGNED, fast().andThen(PubsubMeshInteropIT::smallMesh).andThen(gossip -> gossip.peerExchange(true)));
        us.pubsub().subscribe(TOPIC);
        List<Ours> others = fill(us);
        Peer peer = peer(kind, Map.of("px", true));
        us.node().connect(peer, false);

        peer.call("subscribe", Map.of("topic", TOPIC));

        // rust takes no records, so that it does not know the way.
        peer.event(kind == PeerKind.RUST ? "dial-failed" : "connected", e -> others.stream()
                .anyMatch(other -> e.get("peer").asText().equals(other.node().id())));
        if (kind != PeerKind.RUST) {
            JsonNode prune = peer.event("control", e -> in(e) && !e.get("prune").isEmpty())
                    .get("prune")
                    .get(0);
            assertThat(prune.get("peers").asInt()).isEqualTo(2);
            assertThat(prune.get("records").asInt()).isEqualTo(2);
            assertThat(prune.get("backoff").asInt()).isEqualTo(60);
        }
    }

    /** rust sends no records, and so nobody finds the way. */
    @ParameterizedTest
    @EnumSource(value = PeerKind.class, names = "RUST", mode = EnumSource.Mode.EXCLUDE)
    void weGoToWhomWeAreToldOf(PeerKind kind) {
        Peer peer = peer(kind, with(SMALL_MESH, "px", true));
        peer.call("subscribe", Map.of("topic", TOPIC));
        List<Ours> others = fill(peer);
        Ours us = gossipsub(SIGNED, fast());
        us.pubsub().subscribe(TOPIC);

        us.node().connect(peer, true);

        us.node().event(HostEvent.PeerConnected.class, e -> others.stream()
                .anyMatch(other -> e.peer().equals(other.node().host().id())));
    }

    /** We sit in the middle of one of our nodes and the peer, which both have the others in their meshes. */
    @ParameterizedTest
    @EnumSource(PeerKind.class)
    void ofALongMessageWeAndTheyTellThatItHasCome(PeerKind kind) {
        Ours publisher = gossipsub(SIGNED, fast());
        Ours us = gossipsub(SIGNED, fast());
        Peer peer = peer(kind, Map.of("idontwantBytes", 1_000));
        publisher.pubsub().subscribe(TOPIC);
        us.dial(publisher);
        publisher.node().connect(peer, true);
        bothSubscribe(us, peer, new Pairing(Road.first(), kind, true));
        us.awaitInMesh(peer.id());
        us.awaitInMesh(publisher.node().id());
        publisher.awaitInMesh(peer.id());

        // Nobody tells that to the one whom the message came from, and who that is, is a matter of luck each time.
        for (int seed = 0; seed < 20; seed++) {
            publisher.pubsub().publish(TOPIC, new Pattern(seed).bytes(50_000));
        }

        us.pubsub().message(TOPIC, m -> true);
        peer.event("message", e -> true);
        if (kind != PeerKind.RUST) {
            peer.event("control", e -> in(e) && e.get("idontwant").asInt() > 0 && isOf(e, us));
            peer.event("control", e -> !in(e) && e.get("idontwant").asInt() > 0 && isOf(e, us));
        }
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void weTakePartInGossipsubAndTheyInFloodsub(Pairing pairing) {
        flood(gossipsub(flooded(pairing.kind()), fast()), pairing);
    }

    @ParameterizedTest
    @MethodSource("pairings")
    void bothTakePartInFloodsub(Pairing pairing) {
        OurNode node = node();
        flood(new Ours(node, OurPubsub.floodsub(node.host(), flooded(pairing.kind()))), pairing);
    }

    /** @see "peers/README.md for what is particular to rust's floodsub" */
    private void flood(Ours us, Pairing pairing) {
        boolean rust = pairing.kind() == PeerKind.RUST;
        Peer peer = peer(pairing.kind(), Map.of("router", "floodsub", "sign", rust ? "author" : "strict"));
        bothSubscribe(us, peer, pairing);

        for (int i = 0; i < FLOOD; i++) {
            us.pubsub().publish(TOPIC, "from us " + i);
        }
        theyPublish(peer, pairing.kind(), Map.of("topic", TOPIC, "text", "from the peer ", "count", FLOOD));
        for (int i = 0; i < FLOOD; i++) {
            String text = Base64.getEncoder().encodeToString(("from us " + i).getBytes(StandardCharsets.UTF_8));
            JsonNode message = peer.event("message", e -> e.get("data").asText().equals(text));
            assertThat(message.get("from").asText()).isEqualTo(us.node().id());
            us.pubsub().message(TOPIC, "from the peer " + i);
        }
        bothChangeTheirMinds(us, peer);
        us.pubsub().publish(TOPIC, "once more from us");
        peer.event("message", e -> e.get("bytes").asInt() == "once more from us".length());
        theyPublish(peer, pairing.kind(), Map.of("topic", TOPIC, "text", "once more from the peer"));
        us.pubsub().message(TOPIC, "once more from the peer");

        assertThat(us.pubsub().event(PubsubEvent.PeerJoined.class, e -> true).protocol())
                .hasToString("/floodsub/1.0.0");
        assertThat(us.pubsub().has(PubsubEvent.PeerLeft.class)).isFalse();
    }

    /** js says it three times, since one in 256 of its sequence numbers is too short to be accepted. */
    private static void theyPublish(Peer peer, PeerKind kind, Map<String, ?> what) {
        for (int i = 0; i < (kind == PeerKind.JS ? 3 : 1); i++) {
            peer.call("publish", what);
        }
    }

    /** Both unsubscribe, and subscribe again. */
    private static void bothChangeTheirMinds(Ours us, Peer peer) {
        int subscribed = peer.mark();
        int mark = us.pubsub().mark();
        us.pubsub().unsubscribe(TOPIC);
        peer.event("unsubscribed", e -> isOf(e, us));
        us.pubsub().subscribe(TOPIC);
        peer.event(subscribed, "subscribed", e -> isOf(e, us));
        peer.call("unsubscribe", Map.of("topic", TOPIC));
        us.pubsub().event(mark, PubsubEvent.PeerUnsubscribed.class, e -> true);
        peer.call("subscribe", Map.of("topic", TOPIC));
        us.pubsub().event(mark, PubsubEvent.PeerSubscribed.class, e -> true);
    }

    private static Consumer<PubsubSpec> flooded(PeerKind kind) {
        return kind == PeerKind.RUST ? options -> options.signaturePolicy(SignaturePolicy.STRICT_NO_SIGN) : SIGNED;
    }

    private static Consumer<GossipsubSpec> fast() {
        return gossip -> gossip.heartbeat(PubsubPeers.HEARTBEAT);
    }

    private static void smallMesh(GossipsubSpec gossip) {
        gossip.meshPeers(2, 1, 2).outboundPeers(0).bestPeers(2).floodPublish(false);
    }

    private static Map<String, Object> with(Map<String, Object> options, String name, Object value) {
        Map<String, Object> more = new HashMap<>(options);
        more.put(name, value);
        return more;
    }

    private OurNode node() {
        OurNode node = OurNode.start(Road.first());
        open.add(node);
        return node;
    }

    private Ours gossipsub(Consumer<PubsubSpec> options, Consumer<GossipsubSpec> gossip) {
        OurNode node = node();
        return new Ours(node, OurPubsub.gossipsub(node.host(), options, gossip));
    }

    private Peer peer(PeerKind kind, Map<String, ?> options) {
        kind.require();
        Peer peer = Peer.start(kind, Road.first().flags(), PubsubPeers.flags(options));
        open.add(0, peer);
        return peer;
    }

    /** Has two new nodes of ours fill the mesh of {@code us}. */
    private List<Ours> fill(Ours us) {
        List<Ours> fillers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Ours filler = gossipsub(SIGNED, fast());
            filler.dial(us);
            filler.pubsub().subscribe(TOPIC);
            us.awaitInMesh(filler.node().id());
            fillers.add(filler);
        }
        return fillers;
    }

    /** Has two new nodes of ours fill the mesh of {@code peer}. */
    private List<Ours> fill(Peer peer) {
        List<Ours> fillers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Ours filler = gossipsub(SIGNED, fast());
            filler.node().connect(peer, true);
            peer.event("connected", e -> isOf(e, filler)); // go hears of it a little later than we do
            peer.call("identify", Map.of("peer", filler.node().id())); // for its record
            filler.pubsub().subscribe(TOPIC);
            peer.event("grafted", e -> isOf(e, filler));
            fillers.add(filler);
        }
        return fillers;
    }

    private static void bothSubscribe(Ours us, Peer peer, Pairing pairing) {
        us.pubsub().subscribe(TOPIC);
        peer.call("subscribe", Map.of("topic", TOPIC));
        us.node().connect(peer, pairing.weDial());
        peer.event("subscribed", e -> isOf(e, us));
        us.pubsub().awaitPeer(TOPIC, peer.id());
    }

    private static void bothPublish(Ours us, Peer peer) {
        peer.event("grafted", e -> isOf(e, us));
        peer.call("publish", Map.of("topic", TOPIC, "text", "from the peer"));
        us.pubsub().message(TOPIC, "from the peer");
        us.pubsub().publish(TOPIC, "from us");
        peer.event("message", e -> e.get("from").asText().equals(us.node().id()));
    }

    private static boolean in(JsonNode control) {
        return control.get("direction").asText().equals("in");
    }

    private static boolean isOf(JsonNode event, Ours node) {
        return event.get("peer").asText().equals(node.node().id());
    }
}
