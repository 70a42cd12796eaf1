package io.reactivep2p.pubsub.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.ResourceLeakDetector;
import io.reactivep2p.pubsub.Overflow;
import io.reactivep2p.pubsub.gossipsub.GossipsubSpec;
import io.reactivep2p.pubsub.gossipsub.score.ScoreParams;
import io.reactivep2p.pubsub.gossipsub.score.ScoreParams.Behaviour;
import io.reactivep2p.pubsub.gossipsub.score.ScoreParams.Colocation;
import io.reactivep2p.pubsub.gossipsub.score.ScoreThresholds;
import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;

/** Whole networks of gossipsub nodes on virtual time. Each test is a scenario; what came of them is in {@code target/simulation}. */
class GossipsubSimulationTest {

    private static final long SEED = 20_261;
    private static final Duration LATENCY_MIN = Duration.ofMillis(40);
    private static final Duration LATENCY_MAX = Duration.ofMillis(80);
    private static final Consumer<GossipsubSpec> PLAIN = spec -> {};
    private static final SimulationReport REPORT = new SimulationReport();

    private static final ResourceLeakDetector.Level LEAK_DETECTION = ResourceLeakDetector.getLevel();

    /** Other tests look for leaks. Here each of millions of buffers would carry a stack trace, which takes most of the time. */
    @BeforeAll
    static void sampleLeaks() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
    }

    @AfterAll
    static void write() {
        ResourceLeakDetector.setLevel(LEAK_DETECTION);
        REPORT.write();
    }

    @Test
    void aThousandNodesGetEveryMessageOfTwentyPublishersWithinSixHopsAndNearlyEveryOneWhereOneRpcInTwentyIsLost() {
        try (Scenario scenario = network(0, PLAIN)) {
            List<SimNode> nodes = scenario.add(1_000);
            scenario.connect(nodes, 8);
            scenario.settle();
            scenario.publish(scenario.some(20), 2, Duration.ofSeconds(4));
            SimulationReport.Row whole = REPORT.add("1,000 nodes", SEED, scenario);
            assertThat(scenario.deliveries.messages()).isEqualTo(40);
            assertThat(whole.coverage()).isEqualTo(1.0);
            assertThat(whole.hopsP99()).isLessThanOrEqualTo(6);

            scenario.deliveries.clear();
            scenario.network.lose(0.05);
            scenario.publish(scenario.some(20), 2, Duration.ofSeconds(4));
            SimulationReport.Row lossy = REPORT.add("1,000 nodes, 5 % loss", SEED, scenario);
            assertThat(scenario.deliveries.messages()).isEqualTo(40);
            assertThat(lossy.coverage()).isGreaterThanOrEqualTo(0.999);
            assertThat(lossy.hopsP99()).isLessThanOrEqualTo(6);
        }
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        List<String> first = traceOf(7);
        assertThat(first).isNotEmpty().isEqualTo(traceOf(7));
        assertThat(first).isNotEqualTo(traceOf(8));
    }

    private static List<String> traceOf(long seed) {
        try (Scenario scenario = new Scenario(spec -> spec.seed(seed).loss(0.02), PLAIN)) {
            scenario.connect(scenario.add(40), 4);
            scenario.settle();
            scenario.publish(scenario.some(4), 3, Duration.ofSeconds(3));
            return List.copyOf(scenario.trace);
        }
    }

    @Test
    void nodesThatAllStartAtOnceFromOneBootstrapNodeMeshByPeerExchange() {
        try (Scenario scenario = network(0, spec -> spec.peerExchange(true))) {
            List<SimNode> nodes = scenario.add(100);
            SimNode bootstrap = nodes.get(0);
            nodes.stream().skip(1).forEach(node -> scenario.network.connect(node.host(), bootstrap.host()));
            scenario.network.run(Duration.ofMinutes(3));
            scenario.publish(scenario.some(10), 2, Duration.ofSeconds(4));

            assertThat(REPORT.add("cold boot, 100 nodes", SEED, scenario).coverage())
                    .isEqualTo(1.0);
        }
    }

    @Test
    void aNetworkThatWasInTwoPartsIsWholeAgainSoonAfterItHeals() {
        try (Scenario scenario = network(0, PLAIN)) {
            List<SimNode> nodes = scenario.add(100);
            scenario.connect(nodes, 4);
            scenario.settle();
            List<SimNode> half = nodes.subList(0, 50);
            scenario.network.partition(half.stream().map(SimNode::host).toList());
            scenario.network.run(Duration.ofMinutes(2));
            scenario.publish(half.subList(0, 5), 1, Duration.ofSeconds(2));
            assertThat(scenario.deliveries.coverage(
                            half.stream().map(SimNode::id).toList()))
                    .isEqualTo(1.0);
            assertThat(scenario.deliveries.coverage(scenario.ids())).isLessThan(0.6);

            scenario.network.heal();
            scenario.connect(nodes, 2);
            scenario.settle();
            scenario.deliveries.clear();
            scenario.publish(scenario.some(10), 2, Duration.ofSeconds(4));
            assertThat(REPORT.add("healed partition", SEED, scenario).coverage())
                    .isEqualTo(1.0);
        }
    }

    @Test
    void nodesThatComeAndGoLeaveTheOthersServed() {
        try (Scenario scenario = network(0, PLAIN)) {
            List<SimNode> nodes = new ArrayList<>(scenario.add(100));
            scenario.connect(nodes, 5);
            scenario.settle();
            for (int round = 0; round < 5; round++) {
                for (SimNode leaver : scenario.some(8)) {
                    leaver.host().dispose();
                    scenario.nodes.remove(leaver);
                }
                List<SimNode> newcomers = scenario.add(8);
                for (SimNode newcomer : newcomers) {
                    scenario.some(5).forEach(other -> {
                        if (other != newcomer) {
                            scenario.network.connect(newcomer.host(), other.host());
                        }
                    });
                }
                scenario.network.run(Duration.ofSeconds(5));
            }
            scenario.settle();
            scenario.publish(scenario.some(10), 2, Duration.ofSeconds(4));
            assertThat(REPORT.add("churn", SEED, scenario).coverage()).isEqualTo(1.0);
        }
    }

    @Test
    void subscribersThatRequestNothingLoseTheirOwnMessagesOnly() {
        try (Scenario scenario = network(0, PLAIN)) {
            scenario.add(40);
            List<SimNode> slow = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                SimNode node = scenario.node(PLAIN);
                node.topic().messages(Overflow.dropOldest(4)).subscribe(new BaseSubscriber<>() {
                    @Override
                    protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {}
                });
                slow.add(node);
                scenario.nodes.remove(node);
            }
            List<SimNode> all = new ArrayList<>(scenario.nodes);
            all.addAll(slow);
            scenario.connect(all, 4);
            scenario.settle();
            scenario.publish(scenario.some(10), 4, Duration.ofSeconds(4));

            assertThat(REPORT.add("slow subscribers", SEED, scenario).coverage())
                    .isEqualTo(1.0);
            assertThat(slow)
                    .allSatisfy(node -> assertThat(node.pubsub().statistics().lostBySubscribers())
                            .isEqualTo(40 - 4));
        }
    }

    @Test
    void anEclipsedNodeStillGetsItsMessages() {
        try (Scenario scenario = network(0, SCORED)) {
            List<SimNode> nodes = scenario.add(60);
            SimNode victim = nodes.get(0);
            Attack attack = new Attack(scenario, 40, true);
            attack.meet(List.of(victim));
            attack.everyHeartbeat(attack::graftAll);
            scenario.network.run(Duration.ofSeconds(5));
            scenario.connect(nodes.subList(1, nodes.size()), 5);
            nodes.subList(1, 4).forEach(friend -> scenario.network.connect(victim.host(), friend.host()));
            scenario.network.run(Duration.ofMinutes(1));
            scenario.publish(nodes.subList(1, 21), 2, Duration.ofSeconds(20));

            assertThat(scenario.deliveries.coverage(List.of(victim.id()))).isGreaterThanOrEqualTo(0.99);
            assertThat(REPORT.add("eclipse", SEED, scenario).coverage()).isGreaterThanOrEqualTo(0.99);
        }
    }

    @Test
    void sybilsOfOneAddressThatForwardNothingDoNotStopTheMesh() {
        try (Scenario scenario = network(0, SCORED)) {
            List<SimNode> nodes = scenario.add(60);
            Attack attack = new Attack(scenario, 60, true);
            scenario.connect(nodes, 4);
            attack.meet(nodes);
            attack.everyHeartbeat(attack::graftAll);
            scenario.network.run(Duration.ofMinutes(1));
            scenario.publish(scenario.some(10), 4, Duration.ofSeconds(20));

            assertThat(REPORT.add("sybil flood", SEED, scenario).coverage()).isGreaterThanOrEqualTo(0.99);
        }
    }

    @Test
    void floodsOfGraftsDoNotStopTheMesh() {
        try (Scenario scenario = network(0, SCORED)) {
            List<SimNode> nodes = scenario.add(60);
            Attack attack = new Attack(scenario, 20, false);
            scenario.connect(nodes, 4);
            attack.meet(nodes);
            attack.everyHeartbeat(() -> {
                for (int i = 0; i < 10; i++) {
                    attack.graftAll();
                    attack.pruneAll();
                }
            });
            scenario.network.run(Duration.ofMinutes(1));
            scenario.publish(scenario.some(10), 4, Duration.ofSeconds(20));

            assertThat(REPORT.add("GRAFT flood", SEED, scenario).coverage()).isGreaterThanOrEqualTo(0.99);
        }
    }

    @Test
    void floodsOfInventedIhavesDoNotStopTheMeshOrGrowAnything() {
        try (Scenario scenario = network(0, SCORED)) {
            List<SimNode> nodes = scenario.add(60);
            Attack attack = new Attack(scenario, 20, false);
            scenario.connect(nodes, 4);
            attack.meet(nodes);
            attack.everyHeartbeat(attack::ihaveAll);
            scenario.network.run(Duration.ofSeconds(30));
            scenario.publish(scenario.some(10), 4, Duration.ofSeconds(20));

            assertThat(REPORT.add("IHAVE spam", SEED, scenario).coverage()).isGreaterThanOrEqualTo(0.99);
        }
    }

    @Test
    void floodsOfIwantsAreAnsweredThreeTimesAndNoMore() {
        try (Scenario scenario = network(0, SCORED)) {
            List<SimNode> nodes = scenario.add(60);
            Attack attack = new Attack(scenario, 20, false);
            scenario.connect(nodes, 4);
            attack.meet(nodes);
            attack.everyHeartbeat(() -> {
                for (int i = 0; i < 20; i++) {
                    attack.iwantAll();
                }
            });
            scenario.network.run(Duration.ofSeconds(20));
            scenario.publish(scenario.some(10), 4, Duration.ofSeconds(20));

            assertThat(REPORT.add("IWANT spam", SEED, scenario).coverage()).isGreaterThanOrEqualTo(0.99);
            assertThat(attack.mostOftenSent())
                    .describedAs("how often one node sent one message to one attacker")
                    .isBetween(1, 3 + 1); // three times on request, and once by itself
        }
    }

    private static Scenario network(double loss, Consumer<GossipsubSpec> options) {
        return new Scenario(
                spec -> spec.seed(SEED).latency(LATENCY_MIN, LATENCY_MAX).loss(loss), options);
    }

    /** Parameters in the manner of a network that knows its rate of messages: several a second in the topic. */
    private static final Consumer<GossipsubSpec> SCORED = spec -> {
        Duration second = Duration.ofSeconds(1);
        ScoreParams params = ScoreParams.defaults()
                .withTopic(
                        Scenario.TOPIC,
                        TopicScoreParams.defaults()
                                .with(new TopicScoreParams.FirstDeliveries(1, 0.9, 100))
                                .with(new TopicScoreParams.MeshDeliveries(
                                        -1, 0.9, 20, 1, second.multipliedBy(2), second.multipliedBy(15)))
                                .withMeshFailures(new TopicScoreParams.Failures(-1, 0.9)))
                .with(new Colocation(-5, 5, List.of()))
                .with(new Behaviour(-10, 0, 0.9));
        spec.score(params, new ScoreThresholds(-10, -50, -80, 10, 5));
    };
}
