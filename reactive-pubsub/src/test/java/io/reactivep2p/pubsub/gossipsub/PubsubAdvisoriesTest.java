package io.reactivep2p.pubsub.gossipsub;

import static io.reactivep2p.pubsub.gossipsub.TestPeers.peer;
import static io.reactivep2p.pubsub.gossipsub.TestRouter.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.gossipsub.RouterNetwork.Node;
import io.reactivep2p.pubsub.gossipsub.mesh.Backoffs;
import io.reactivep2p.pubsub.gossipsub.score.ScoreParams;
import io.reactivep2p.pubsub.gossipsub.score.ScoreThresholds;
import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams;
import io.reactivep2p.pubsub.router.Acceptance;
import io.reactivep2p.pubsub.wire.Control;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others had to repair in their routers, as tests of ours. */
class PubsubAdvisoriesTest {

    private static final long SEED = 815;

    /** CVE-2026-33040 and CVE-2026-34219 (rust): a backoff so long that the sum with the time overflows ended the process. */
    @ParameterizedTest
    @ValueSource(longs = {3_601, Long.MAX_VALUE / 1_000_000_000, Long.MAX_VALUE, Long.MIN_VALUE, -1})
    void cve202633040AndCve202634219BackoffsAreNoLongerThanAnHour(long unsignedSeconds) {
        TestRouter router = new TestRouter();
        router.now = Long.MAX_VALUE / 2;
        router.join();
        router.subscribed(1, 2);
        router.control(
                peer(1),
                new Control(
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(
                                new Control.Prune(TOPIC, List.of(), OptionalLong.of(unsignedSeconds)),
                                new Control.Prune(TOPIC, List.of(), OptionalLong.of(unsignedSeconds))),
                        TestPeers.ids(1, 1),
                        1,
                        null));

        assertThat(router.router.state().unwanted().size(peer(1)))
                .as("what comes after it in the RPC is read")
                .isOne();
        Backoffs backoffs = router.router.state().backoffs();
        assertThat(backoffs.remainingNanos(TOPIC, peer(1), router.now))
                .isEqualTo(Duration.ofHours(1).toNanos());
        router.heartbeats(1);
        assertThat(router.mesh()).containsExactly(peer(2));
        router.pass(Duration.ofHours(1));
        router.heartbeats(1);
        assertThat(router.mesh()).contains(peer(1));
    }

    /** CVE-2026-95859 (rust): each GRAFT for a topic never heard of was remembered. */
    @Test
    void cve202695859GraftsForTopicsNeverSubscribedToLeaveNothingBehind() {
        TestRouter router = new TestRouter();
        router.join();
        router.connect(peer(1), "/meshsub/1.2.0", false);
        for (int rpc = 0; rpc < 100; rpc++) {
            List<String> topics = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                topics.add("topic " + rpc + "/" + i);
            }
            List<Control.Prune> prunes = topics.stream()
                    .map(topic -> new Control.Prune(topic, List.of(), OptionalLong.empty()))
                    .toList();
            router.control(peer(1), new Control(List.of(), List.of(), topics, prunes, List.of(), 0, null));
        }

        GossipsubState state = router.router.state();
        assertThat(router.outputs).isEmpty();
        assertThat(state.mesh().topics()).containsExactly(TOPIC);
        assertThat(state.mesh().topicsOf(peer(1))).isEmpty();
        assertThat(state.backoffs().size()).isZero();
        assertThat(state.fanout().topics()).isEmpty();
    }

    /** cpp-libp2p#349: subscriptions of peers without end. What the router knows of a topic depends on this node joining it. */
    @Test
    void cppLibp2p349SubscriptionsOfPeersLeaveNothingInTheRouter() {
        TestRouter router = new TestRouter();
        router.connect(peer(1), "/meshsub/1.2.0", false);
        for (int i = 0; i < 10_000; i++) {
            router.subscribe(peer(1), "topic " + i);
        }
        router.heartbeats(1);

        GossipsubState state = router.router.state();
        assertThat(router.outputs).isEmpty();
        assertThat(state.mesh().topics()).isEmpty();
        assertThat(state.fanout().topics()).isEmpty();
        assertThat(state.backoffs().size()).isZero();
    }

    /**
     * CVE-2022-47547 (the score function of gossipsub 1.1): a peer that never forwards anything kept a positive score by being in the mesh
     * for long. Where what it owes weighs more than the time that it was there, it is out as soon as it is held to account.
     */
    @Test
    void cve202247547APeerThatNeverForwardsLosesItsPlaceInTheMesh() {
        TopicScoreParams sound = TopicScoreParams.OFF
                .withWeight(1)
                .with(new TopicScoreParams.TimeInMesh(1, Duration.ofSeconds(1), 10))
                .with(new TopicScoreParams.FirstDeliveries(1, 0.5, 10))
                .with(new TopicScoreParams.MeshDeliveries(
                        -1, 0.9, 100, 5, Duration.ofSeconds(1), Duration.ofSeconds(5)))
                .withMeshFailures(new TopicScoreParams.Failures(-1, 0.9));
        ScoreParams scores = ScoreParams.defaults().withTopic(TOPIC, sound);
        RouterNetwork network = new RouterNetwork(SEED);
        List<Node> honest = network(network, 15, spec -> spec.score(scores, ScoreThresholds.defaults()));
        List<Node> silent = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Node stranger = network.addStranger(1_000 + i, (from, control) -> {});
            silent.add(stranger);
            network.connect(stranger, honest.get(0));
            network.join(stranger);
            network.control(stranger, honest.get(0), Control.graft(TOPIC));
        }
        Node victim = honest.get(0);
        Random random = new Random(SEED);
        network.run(Duration.ofSeconds(1));
        assertThat(victim.mesh())
                .containsAnyElementsOf(silent.stream().map(Node::self).toList());

        network.every(Duration.ofMillis(100), () -> network.publish(honest.get(1 + random.nextInt(14)), 100));
        network.run(Duration.ofSeconds(20));

        assertThat(victim.mesh())
                .hasSizeGreaterThanOrEqualTo(5)
                .doesNotContainAnyElementsOf(silent.stream().map(Node::self).toList());
        assertThat(honest.subList(1, 15))
                .filteredOn(node -> victim.mesh().contains(node.self))
                .allSatisfy(node -> assertThat(victim.score(node)).isPositive());
    }

    /** CVE-2020-12821 (gossipsub 1.0): many peers that send invalid messages took over a mesh. */
    @Test
    void cve202012821PeersThatSpamInvalidMessagesAreNotListenedTo() {
        ScoreParams scores = ScoreParams.defaults()
                .withTopic(
                        TOPIC,
                        TopicScoreParams.OFF
                                .withWeight(1)
                                .with(new TopicScoreParams.TimeInMesh(0.1, Duration.ofSeconds(1), 60))
                                .with(new TopicScoreParams.FirstDeliveries(1, 0.9, 20))
                                .withInvalidMessages(new TopicScoreParams.Failures(-10, 0.99)));
        RouterNetwork network = new RouterNetwork(SEED);
        List<Node> honest = network(network, 15, spec -> spec.score(scores, ScoreThresholds.defaults()));
        Node victim = honest.get(0);
        List<Node> sybils = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Node sybil = network.addStranger(1_000 + i, (from, control) -> {});
            sybils.add(sybil);
            network.connect(sybil, victim);
            network.join(sybil);
        }
        int[] next = {1_000_000};
        network.every(
                Duration.ofMillis(100),
                () -> sybils.forEach(sybil -> {
                    MessageId id = TestPeers.id(next[0]++);
                    network.invalid.add(id);
                    RawMessage spam = TestPeers.message(TOPIC, sybil.self, 100);
                    network.control(sybil, victim, Control.graft(TOPIC));
                    network.message(sybil, victim, id, spam);
                }));
        network.run(Duration.ofSeconds(10));

        assertThat(sybils).allSatisfy(sybil -> {
            assertThat(victim.mesh()).doesNotContain(sybil.self);
            assertThat(victim.router.acceptance(
                            sybil.self, Duration.ofSeconds(10).toNanos()))
                    .isEqualTo(Acceptance.NONE);
        });
        MessageId id = network.publish(honest.get(14), 100);
        network.run(Duration.ofSeconds(3));
        assertThat(network.coverage(id)).isEqualTo(1);
    }

    private static List<Node> network(
            RouterNetwork network, int count, java.util.function.Consumer<GossipsubSpec> configurer) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Node node = network.add(i, configurer);
            nodes.forEach(other -> network.connect(node, other));
            nodes.add(node);
            network.join(node);
        }
        return nodes;
    }
}
