package io.reactivep2p.pubsub.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.pubsub.gossipsub.GossipsubSpec;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Networks of gossipsub nodes on virtual time, and among them some who attack. Each attack happens twice: to nodes that are defended, and
 * to nodes that lack the defence in question, where it does the harm that it is meant to. Both are in the report.
 */
class GossipsubAttackTest {

    /** What part is delivered, and delivered promptly, at least where an attack comes to nothing. */
    private static final double SERVED = 0.99;

    /** What part is delivered promptly at most where a mesh is lost. Gossip brings the rest, or most of it. */
    private static final double LEFT_TO_GOSSIP = 0.75;

    private static final int NODES = 40;
    private static final int NO_LIMIT = 1_000_000;
    private static final Consumer<GossipsubSpec> NO_OUTBOUND_PEERS = spec -> spec.outboundPeers(0);

    @RegisterExtension
    static final Simulations SIMULATIONS = new Simulations("gossipsub-attacks");

    /**
     * What came of an attack.
     *
     * @param held the part of the places in meshes that attackers have
     */
    private record Outcome(SimulationReport.Row row, double held, Attack attack) {

        Attack.Forced forced() {
            return attack.forced();
        }

        void assertServed() {
            assertThat(row.coverage()).describedAs("part delivered").isGreaterThanOrEqualTo(SERVED);
            assertThat(row.prompt()).describedAs("part delivered promptly").isGreaterThanOrEqualTo(SERVED);
        }

        void assertMeshLost() {
            assertThat(row.prompt()).describedAs("part delivered promptly").isLessThan(LEFT_TO_GOSSIP);
            assertThat(held).describedAs("places held by attackers").isGreaterThan(0.8);
        }
    }

    // ---- one node's mesh

    @Test
    void anEclipsedNodeIsServedButNotWithoutScoresAndOutboundPeers() {
        Outcome defended = eclipse(Defence.SCORED);
        Outcome undefended = eclipse(Defence.UNSCORED.with(NO_OUTBOUND_PEERS).without("scores, outbound peers"));

        defended.assertServed();
        assertThat(defended.held).isZero();
        undefended.assertMeshLost();
    }

    @Test
    void whoAreNewDoNotDriveThosePeersFromTheMeshThatTheNodeDialedButDoWhereNoPlaceIsKeptForThem() {
        Outcome defended = displacement(Defence.UNSCORED);
        Outcome undefended =
                displacement(Defence.UNSCORED.with(NO_OUTBOUND_PEERS).without("outbound peers"));

        defended.assertServed();
        undefended.assertMeshLost();
    }

    @Test
    void whatANodePublishesThatIsLeftWithAttackersInItsMeshReachesEveryoneButNotWithoutFloodPublishing() {
        Defence meshLost = Defence.UNSCORED.with(NO_OUTBOUND_PEERS);
        Outcome defended = silence(meshLost);
        Outcome undefended =
                silence(meshLost.with(spec -> spec.floodPublish(false)).without("flood publishing"));

        defended.assertServed();
        assertThat(defended.held).isGreaterThan(0.8);
        undefended.assertMeshLost();
    }

    // ---- everyone's mesh

    @Test
    void sybilsOfOneAddressThatForwardNothingDoNotStopTheMeshButDoWithoutScores() {
        Outcome defended = sybils(Defence.SCORED);
        Outcome undefended = sybils(Defence.UNSCORED.without("scores"));

        defended.assertServed();
        assertThat(defended.held).isZero();
        undefended.assertMeshLost();
    }

    @Test
    void freeRidersOfManyAddressesAreSoonOutOfTheMeshButNotWhereNothingIsExpectedOfThem() {
        Outcome defended = freeRiders(Defence.EXPECTING);
        Outcome undefended = freeRiders(Defence.SCORED.without("expected deliveries"));

        defended.assertServed();
        assertThat(defended.held).isLessThan(0.1);
        assertThat(undefended.row.prompt()).isLessThan(0.85);
        assertThat(undefended.held).isGreaterThan(0.7);
    }

    // ---- the work of honest nodes

    @Test
    void floodsOfGraftsAreSoonLeftUnansweredButNeverWithoutPenalties() {
        Outcome defended = graftFlood(Defence.SCORED);
        Outcome undefended = graftFlood(Defence.FORGIVING.without("penalties"));

        defended.assertServed();
        assertThat(undefended.forced().prunes())
                .isGreaterThan(10_000)
                .isGreaterThan(10 * defended.forced().prunes());
    }

    @Test
    void inventedMessagesAreSoonNoMoreAskedForButAreForeverWherePromisesMayBeBroken() {
        Outcome defended = ihaveSpam(Defence.SCORED);
        Outcome undefended = ihaveSpam(
                Defence.SCORED.with(spec -> spec.followUp(Duration.ofDays(1))).without("promises"));

        defended.assertServed();
        assertThat(undefended.forced().ids())
                .isGreaterThan(500_000)
                .isGreaterThan(3 * defended.forced().ids());
    }

    @Test
    void ofInventedMessagesBeforePromisesAreBrokenSoManyAreAskedForAndNoMoreButAllWithoutLimits() {
        Outcome defended = ihaveBurst(Defence.SCORED);
        Outcome undefended = ihaveBurst(
                Defence.SCORED.with(spec -> spec.maxIhave(NO_LIMIT, NO_LIMIT)).without("limits"));

        defended.assertServed();
        assertThat(defended.forced().ids()).isPositive();
        assertThat(undefended.forced().ids())
                .isGreaterThan(3 * defended.forced().ids());
    }

    @Test
    void floodsOfIwantsAreAnsweredThreeTimesAndNoMoreButEachTimeWithoutALimit() {
        Outcome defended = iwantSpam(Defence.SCORED);
        Outcome undefended = iwantSpam(
                Defence.SCORED.with(spec -> spec.maxTransmissions(NO_LIMIT)).without("limit"));

        defended.assertServed();
        assertThat(defended.attack.mostOftenSent())
                .describedAs("how often one node sent one message to one attacker")
                .isBetween(1, 3 + 1); // three times on request, and once by itself
        assertThat(undefended.attack.mostOftenSent()).isGreaterThan(3 * (3 + 1));
        assertThat(undefended.forced().messages())
                .isGreaterThan(3 * defended.forced().messages());
    }

    // ---- the attacks

    /**
     * Forty attackers of one address are in a node's mesh, and graft on, before it knows the two friends that it dials. They do the same to
     * those, whose gossip then mostly goes to attackers.
     */
    private static Outcome eclipse(Defence defence) {
        try (Scenario scenario = SIMULATIONS.network(defence.options())) {
            Attack attack = surround(scenario);
            scenario.publish(scenario.nodes.subList(10, 30), 2, Duration.ofSeconds(20));
            return outcome("eclipse", defence, scenario, attack, victimOf(scenario), victimOf(scenario));
        }
    }

    /** As an {@link #eclipse}, and the victim is who publishes. */
    private static Outcome silence(Defence defence) {
        try (Scenario scenario = SIMULATIONS.network(defence.options())) {
            Attack attack = surround(scenario);
            scenario.publish(victimOf(scenario), 20, Duration.ofSeconds(18)); // not in step with heartbeats
            return outcome("silenced publisher", defence, scenario, attack, victimOf(scenario), scenario.nodes);
        }
    }

    private static Attack surround(Scenario scenario) {
        List<SimNode> nodes = scenario.add(NODES);
        Attack attack = new Attack(scenario, 40, true);
        attack.meet(nodes.subList(0, 3));
        attack.everyHeartbeat(attack::graftAll);
        scenario.network.run(Duration.ofSeconds(5));
        befriend(scenario);
        scenario.network.run(Duration.ofSeconds(30));
        return attack;
    }

    /** Sixty attackers come to a node that has its two friends in its mesh: enough to have it cut five times. Its friends they only meet. */
    private static Outcome displacement(Defence defence) {
        try (Scenario scenario = SIMULATIONS.network(defence.options())) {
            List<SimNode> nodes = scenario.add(NODES);
            befriend(scenario);
            scenario.settle();
            Attack attack = new Attack(scenario, 60, false);
            attack.meet(nodes.subList(0, 3));
            attack.everyHeartbeat(() -> attack.graftInTurns(victimOf(scenario)));
            scenario.settle();
            scenario.publish(nodes.subList(10, 30), 2, Duration.ofSeconds(20));
            return outcome("displacement", defence, scenario, attack, victimOf(scenario), victimOf(scenario));
        }
    }

    private static List<SimNode> victimOf(Scenario scenario) {
        return scenario.nodes.subList(0, 1);
    }

    /** All but the victim know some others, and the victim two of them. */
    private static void befriend(Scenario scenario) {
        SimNode victim = scenario.nodes.get(0);
        scenario.connect(scenario.nodes.subList(1, NODES), 5);
        scenario.nodes.subList(1, 3).forEach(friend -> scenario.network.connect(victim.host(), friend.host()));
    }

    /** Every node took the attackers for peers like others, and dialed them. */
    private static Outcome sybils(Defence defence) {
        return endure("sybil flood", defence, 30, true, true, Duration.ofSeconds(20), Attack::graftAll);
    }

    private static Outcome freeRiders(Defence defence) {
        return endure("free riders", defence, 40, false, true, Duration.ofSeconds(20), Attack::graftAllInTurns);
    }

    private static Outcome graftFlood(Defence defence) {
        return endure("GRAFT flood", defence, 10, false, false, Duration.ofSeconds(20), attack -> {
            for (int i = 0; i < 4; i++) {
                attack.graftAll();
                attack.pruneAll();
            }
        });
    }

    private static Outcome ihaveSpam(Defence defence) {
        return endure("IHAVE spam", defence, 5, false, false, Duration.ofSeconds(20), attack -> attack.ihaveAll(200));
    }

    private static Outcome ihaveBurst(Defence defence) {
        return endure("IHAVE burst", defence, 5, false, false, Duration.ofSeconds(2), attack -> {
            for (int i = 0; i < 40; i++) {
                attack.ihaveAll(5);
            }
        });
    }

    private static Outcome iwantSpam(Defence defence) {
        return endure("IWANT spam", defence, 4, false, false, Duration.ofSeconds(10), attack -> {
            for (int i = 0; i < 8; i++) {
                attack.iwantAll();
            }
        });
    }

    /** All attackers meet all nodes, and attack for some time before it is measured what is delivered, and while it is. */
    private static Outcome endure(
            String name,
            Defence defence,
            int attackers,
            boolean sameIp,
            boolean lured,
            Duration before,
            Consumer<Attack> everyHeartbeat) {
        try (Scenario scenario = SIMULATIONS.network(defence.options())) {
            List<SimNode> nodes = scenario.add(NODES);
            Attack attack = new Attack(scenario, attackers, sameIp);
            scenario.connect(nodes, 4);
            if (lured) {
                attack.lure(nodes);
            } else {
                attack.meet(nodes);
            }
            attack.everyHeartbeat(() -> everyHeartbeat.accept(attack));
            scenario.chatter(before);
            scenario.measureFromHere();
            scenario.publish(scenario.some(10), 2, Duration.ofSeconds(10));
            return outcome(name, defence, scenario, attack, nodes, nodes);
        }
    }

    /**
     * @param attacked whose meshes are looked at
     * @param served whose deliveries count
     */
    private static Outcome outcome(
            String name,
            Defence defence,
            Scenario scenario,
            Attack attack,
            Collection<SimNode> attacked,
            Collection<SimNode> served) {
        double held = scenario.strangersIn(attacked);
        Attack.Forced forced = attack.forced();
        String got = String.format(
                Locale.ROOT,
                "%.0f %% of places, %,d messages, %,d ids, %,d PRUNEs",
                held * 100,
                forced.messages(),
                forced.ids(),
                forced.prunes());
        SimulationReport.Row row = SIMULATIONS.report(
                name,
                defence.without(),
                got,
                scenario,
                served.stream().map(SimNode::id).toList());
        return new Outcome(row, held, attack);
    }
}
