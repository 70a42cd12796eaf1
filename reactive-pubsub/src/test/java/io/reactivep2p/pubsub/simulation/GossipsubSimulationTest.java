package io.reactivep2p.pubsub.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.pubsub.Overflow;
import io.reactivep2p.pubsub.gossipsub.GossipsubSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** Whole networks of gossipsub nodes on virtual time. Each test is a scenario; what came of them is in {@code target/simulation}. */
class GossipsubSimulationTest {

    private static final Consumer<GossipsubSpec> PLAIN = spec -> {};

    @RegisterExtension
    static final Simulations SIMULATIONS = new Simulations("gossipsub");

    @Test
    void aThousandNodesGetEveryMessageOfTwentyPublishersWithinSixHopsAndNearlyEveryOneWhereOneRpcInTwentyIsLost() {
        try (Scenario scenario = SIMULATIONS.network(PLAIN)) {
            List<SimNode> nodes = scenario.add(1_000);
            scenario.connect(nodes, 8);
            scenario.settle();
            scenario.publish(scenario.some(20), 2, Duration.ofSeconds(4));
            SimulationReport.Row whole = SIMULATIONS.report("1,000 nodes", scenario);
            assertThat(scenario.deliveries.messages()).isEqualTo(40);
            assertThat(whole.coverage()).isEqualTo(1.0);
            assertThat(whole.hopsP99()).isLessThanOrEqualTo(6);

            scenario.measureFromHere();
            scenario.network.lose(0.05);
            scenario.publish(scenario.some(20), 2, Duration.ofSeconds(4));
            SimulationReport.Row lossy = SIMULATIONS.report("1,000 nodes, 5 % loss", scenario);
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
        try (Scenario scenario = SIMULATIONS.network(spec -> spec.peerExchange(true))) {
            List<SimNode> nodes = scenario.add(100);
            SimNode bootstrap = nodes.get(0);
            nodes.stream().skip(1).forEach(node -> scenario.network.connect(node.host(), bootstrap.host()));
            scenario.network.run(Duration.ofMinutes(3));
            scenario.publish(scenario.some(10), 2, Duration.ofSeconds(4));

            assertThat(SIMULATIONS.report("cold boot, 100 nodes", scenario).coverage())
                    .isEqualTo(1.0);
        }
    }

    @Test
    void aNetworkThatWasInTwoPartsIsWholeAgainSoonAfterItHeals() {
        try (Scenario scenario = SIMULATIONS.network(PLAIN)) {
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
            scenario.measureFromHere();
            scenario.publish(scenario.some(10), 2, Duration.ofSeconds(4));
            assertThat(SIMULATIONS.report("healed partition", scenario).coverage())
                    .isEqualTo(1.0);
        }
    }

    @Test
    void nodesThatComeAndGoLeaveTheOthersServed() {
        try (Scenario scenario = SIMULATIONS.network(PLAIN)) {
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
            assertThat(SIMULATIONS.report("churn", scenario).coverage()).isEqualTo(1.0);
        }
    }

    @Test
    void subscribersThatRequestNothingLoseTheirOwnMessagesOnly() {
        try (Scenario scenario = SIMULATIONS.network(PLAIN)) {
            scenario.add(40);
            List<SimNode> slow = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                SimNode node = scenario.node(PLAIN);
                node.topic().messages(Overflow.dropOldest(4)).subscribe(new BaseSubscriber<>() {
                    @Override
                    protected void hookOnSubscribe(Subscription subscription) {}
                });
                slow.add(node);
                scenario.nodes.remove(node);
            }
            List<SimNode> all = new ArrayList<>(scenario.nodes);
            all.addAll(slow);
            scenario.connect(all, 4);
            scenario.settle();
            scenario.publish(scenario.some(10), 4, Duration.ofSeconds(4));

            assertThat(SIMULATIONS.report("slow subscribers", scenario).coverage())
                    .isEqualTo(1.0);
            assertThat(slow)
                    .allSatisfy(node -> assertThat(node.pubsub().statistics().lostBySubscribers())
                            .isEqualTo(40 - 4));
        }
    }
}
