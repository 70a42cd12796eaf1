package io.reactivep2p.pubsub.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.pubsub.gossipsub.GossipsubSpec;
import io.reactivep2p.pubsub.gossipsub.score.ScoreParams;
import io.reactivep2p.pubsub.gossipsub.score.ScoreParams.Behaviour;
import io.reactivep2p.pubsub.gossipsub.score.ScoreParams.Colocation;
import io.reactivep2p.pubsub.gossipsub.score.ScoreThresholds;
import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Networks of gossipsub nodes that keep scores, on virtual time, and among them some who attack. */
class GossipsubAttackTest {

    @RegisterExtension
    static final Simulations SIMULATIONS = new Simulations("gossipsub-attacks");

    @Test
    void anEclipsedNodeStillGetsItsMessages() {
        try (Scenario scenario = SIMULATIONS.network(SCORED)) {
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
            assertThat(SIMULATIONS.report("eclipse", scenario).coverage()).isGreaterThanOrEqualTo(0.99);
        }
    }

    @Test
    void sybilsOfOneAddressThatForwardNothingDoNotStopTheMesh() {
        endure("sybil flood", 60, true, Duration.ofSeconds(30), Attack::graftAll);
    }

    @Test
    void floodsOfGraftsDoNotStopTheMesh() {
        endure("GRAFT flood", 20, false, Duration.ofSeconds(20), attack -> {
            for (int i = 0; i < 4; i++) {
                attack.graftAll();
                attack.pruneAll();
            }
        });
    }

    @Test
    void floodsOfInventedIhavesDoNotStopTheMeshOrGrowAnything() {
        endure("IHAVE spam", 20, false, Duration.ofSeconds(15), Attack::ihaveAll);
    }

    @Test
    void floodsOfIwantsAreAnsweredThreeTimesAndNoMore() {
        Attack attack = endure("IWANT spam", 20, false, Duration.ofSeconds(20), each -> {
            for (int i = 0; i < 8; i++) {
                each.iwantAll();
            }
        });
        assertThat(attack.mostOftenSent())
                .describedAs("how often one node sent one message to one attacker")
                .isBetween(1, 3 + 1); // three times on request, and once by itself
    }

    /** Sixty nodes, each of which all attackers meet, still get nearly everything that some of them publish. */
    private static Attack endure(
            String name, int attackers, boolean sameIp, Duration before, Consumer<Attack> everyHeartbeat) {
        try (Scenario scenario = SIMULATIONS.network(SCORED)) {
            List<SimNode> nodes = scenario.add(60);
            Attack attack = new Attack(scenario, attackers, sameIp);
            scenario.connect(nodes, 4);
            attack.meet(nodes);
            attack.everyHeartbeat(() -> everyHeartbeat.accept(attack));
            scenario.network.run(before);
            scenario.publish(scenario.some(10), 4, Duration.ofSeconds(10));

            assertThat(SIMULATIONS.report(name, scenario).coverage()).isGreaterThanOrEqualTo(0.99);
            return attack;
        }
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
