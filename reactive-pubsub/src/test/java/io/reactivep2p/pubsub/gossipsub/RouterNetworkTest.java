package io.reactivep2p.pubsub.gossipsub;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.gossipsub.RouterNetwork.Node;
import io.reactivep2p.pubsub.gossipsub.score.ScoreParams;
import io.reactivep2p.pubsub.gossipsub.score.ScoreThresholds;
import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams;
import io.reactivep2p.pubsub.wire.Control;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Conversations between routers. Every run of a test is the same. */
class RouterNetworkTest {

    private static final long SEED = 4_711;
    private static final int FIRST_STRANGER = 10_000;

    /** A minute in the mesh is worth 6, and what peers do wrong weighs more and is remembered for minutes. */
    private static final ScoreParams SCORES = ScoreParams.defaults()
            .with(new ScoreParams.Behaviour(-10, 0, 0.99))
            .withTopic(
                    RouterNetwork.TOPIC,
                    TopicScoreParams.OFF
                            .withWeight(1)
                            .with(new TopicScoreParams.TimeInMesh(0.1, Duration.ofSeconds(1), 60))
                            .with(new TopicScoreParams.FirstDeliveries(1, 0.9, 20))
                            .withInvalidMessages(new TopicScoreParams.Failures(-10, 0.99)));

    private final RouterNetwork network = new RouterNetwork(SEED);

    @Test
    void meshesFormWithinTheirBoundsAndAreMutual() {
        List<Node> nodes = joined(60, 8, spec -> {});
        network.run(Duration.ofSeconds(30));

        assertThat(nodes).allSatisfy(node -> assertThat(node.mesh()).hasSizeBetween(5, 11));
        assertThat(network.areMutual()).isTrue();
    }

    @Test
    void aMeshCarriesEveryMessageToEveryNode() {
        List<Node> nodes = joined(60, 8, spec -> spec.floodPublish(false));
        network.run(Duration.ofSeconds(30));
        List<MessageId> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(network.publish(nodes.get(i), 100));
        }
        network.run(Duration.ofMillis(500));

        assertThat(ids).allSatisfy(id -> assertThat(network.coverage(id)).isEqualTo(1));
    }

    @Test
    void messagesThatAreLostAreAskedForWhenTheyAreToldOf() {
        List<Node> nodes = joined(
                40,
                10,
                spec -> spec.floodPublish(false).meshPeers(2, 1, 4).bestPeers(2).outboundPeers(0));
        network.run(Duration.ofSeconds(30));
        network.loss = 0.4;
        List<MessageId> ids = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ids.add(network.publish(nodes.get(i), 100));
        }
        network.run(Duration.ofMillis(500));
        assertThat(ids).as("by the mesh").anySatisfy(id -> assertThat(network.coverage(id))
                .isLessThan(1));

        network.run(Duration.ofSeconds(10));
        assertThat(ids).as("by gossip").allSatisfy(id -> assertThat(network.coverage(id))
                .isEqualTo(1));
    }

    @Test
    void longMessagesComeInFewerCopiesThanShortOnes() {
        network.validation = Duration.ofMillis(30);
        List<Node> nodes = joined(40, 10, spec -> spec.floodPublish(false));
        network.run(Duration.ofSeconds(30));
        network.publish(nodes.get(0), 1_023);
        network.run(Duration.ofSeconds(1));
        int shortCopies = nodes.stream().mapToInt(node -> node.copies).sum();
        network.publish(nodes.get(0), 1_024);
        network.run(Duration.ofSeconds(1));
        int longCopies = nodes.stream().mapToInt(node -> node.copies).sum() - shortCopies;

        assertThat(longCopies).isGreaterThanOrEqualTo(39).isLessThan(shortCopies);
    }

    @Test
    void nobodyGraftsAPeerThatPrunedItBeforeTheBackoffIsOver() {
        List<Node> nodes = joined(30, 12, spec -> spec.meshPeers(4, 3, 6).outboundPeers(1));
        Random churn = new Random(SEED);
        network.every(Duration.ofSeconds(7), () -> {
            Node node = nodes.get(churn.nextInt(nodes.size()));
            if (node.joined.isEmpty()) {
                network.join(node);
            } else {
                network.leave(node);
            }
        });
        network.run(Duration.ofMinutes(10));

        assertThat(network.trace).anyMatch(line -> line.contains("graft=[news]"));
        assertThat(network.trace).anyMatch(line -> line.contains("prune=[Prune"));
        assertThat(nodes).allSatisfy(node -> assertThat(nodes)
                .allSatisfy(other -> assertThat(node.score(other)).isZero()));
        assertThat(graftsDuringBackoff()).isEmpty();
    }

    @Test
    void aPartitionHealsAndTheMeshWithIt() {
        List<Node> nodes = joined(40, 8, spec -> spec.floodPublish(false));
        network.run(Duration.ofSeconds(20));
        Map<Node, List<Node>> cut = new HashMap<>();
        for (Node left : nodes.subList(0, 20)) {
            for (Node right : nodes.subList(20, 40)) {
                if (left.connected.contains(right.self)) {
                    network.disconnect(left, right);
                    cut.computeIfAbsent(left, fresh -> new ArrayList<>()).add(right);
                }
            }
        }
        network.run(Duration.ofSeconds(20));
        MessageId apart = network.publish(nodes.get(0), 100);
        network.run(Duration.ofSeconds(2));
        assertThat(network.coverage(apart)).isEqualTo(0.5);

        cut.forEach((left, rights) -> rights.forEach(right -> network.connect(left, right)));
        network.run(Duration.ofSeconds(20));
        MessageId together = network.publish(nodes.get(0), 100);
        network.run(Duration.ofSeconds(5));
        assertThat(network.coverage(together)).isEqualTo(1);
        assertThat(network.areMutual()).isTrue();
    }

    @Test
    void peersThatOnlyKnowABootstrapNodeFindEachOther() {
        Node bootstrap = network.add(0, spec -> spec.peerExchange(true));
        network.join(bootstrap);
        List<Node> leaves = new ArrayList<>();
        for (int i = 1; i <= 30; i++) {
            Node leaf = network.add(i, spec -> spec.floodPublish(false));
            leaves.add(leaf);
            network.connect(leaf, bootstrap);
            network.join(leaf);
            network.run(Duration.ofMillis(200));
        }
        network.run(Duration.ofSeconds(30));
        leaves.forEach(leaf -> network.disconnect(leaf, bootstrap));
        network.run(Duration.ofSeconds(5));
        network.leave(bootstrap);
        MessageId id = network.publish(leaves.get(0), 100);
        network.run(Duration.ofSeconds(5));

        assertThat(network.coverage(id)).isEqualTo(1);
    }

    // ---- attacks

    @Test
    void aPeerThatPromisesMessagesAndHasNoneIsGraylisted() {
        List<Node> nodes = joined(20, 8, RouterNetworkTest::scored);
        Node stranger = stranger(nodes);
        int[] next = {1_000_000};
        network.every(
                Duration.ofSeconds(1),
                () -> network.control(
                        stranger,
                        nodes.get(0),
                        Control.ihave(new Control.IHave(RouterNetwork.TOPIC, TestPeers.ids(next[0]++, 1)))));
        network.run(Duration.ofSeconds(30));

        assertThat(nodes.get(0).score(stranger)).isLessThan(-80);
        assertThat(nodes.get(0).mesh()).doesNotContain(stranger.self);
        assertDeliversEverything(nodes);
    }

    @Test
    void aFloodOfIhaveCostsNoMoreThanItsBound() {
        List<Node> nodes = joined(20, 8, spec -> {});
        List<Integer> asked = new ArrayList<>();
        Node stranger = network.addStranger(
                FIRST_STRANGER, (from, control) -> asked.add(control.iwant().size()));
        nodes.forEach(node -> network.connect(stranger, node));
        network.join(stranger);
        network.run(Duration.ofSeconds(5));
        for (int i = 0; i < 100; i++) {
            network.control(
                    stranger,
                    nodes.get(0),
                    Control.ihave(new Control.IHave(RouterNetwork.TOPIC, TestPeers.ids(1_000_000 + 1_000 * i, 1_000))));
        }
        asked.clear();
        network.run(Duration.ofMillis(900));

        // A heartbeat may come in between, and with it a second allowance.
        assertThat(asked.stream().mapToInt(Integer::intValue).sum()).isBetween(5_000, 10_000);
    }

    @Test
    void aFloodOfGraftsCountsAgainstThePeerUntilItIsGraylisted() {
        List<Node> nodes = joined(20, 8, RouterNetworkTest::scored);
        List<Control> heard = new ArrayList<>();
        Node stranger = network.addStranger(FIRST_STRANGER, (from, control) -> heard.add(control));
        network.connect(stranger, nodes.get(0));
        network.join(stranger);
        network.every(Duration.ofMillis(200), () -> {
            network.control(
                    stranger,
                    nodes.get(0),
                    Control.prune(new Control.Prune(RouterNetwork.TOPIC, List.of(), OptionalLong.empty())));
            network.control(stranger, nodes.get(0), Control.graft(RouterNetwork.TOPIC));
        });
        network.run(Duration.ofSeconds(10));

        assertThat(nodes.get(0).mesh()).doesNotContain(stranger.self);
        assertThat(nodes.get(0).score(stranger)).isLessThan(-80);
        heard.clear();
        network.run(Duration.ofMillis(600));
        assertThat(heard).as("graylisted, and not even answered").isEmpty();
    }

    @Test
    void anEclipseByManyWhoDialAndGraftFailsSinceTheVictimKeepsPeersThatItDialed() {
        Node victim = eclipsed(2);
        List<MessageId> ids = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ids.add(network.publish(network.nodes.get(TestPeers.peer(i)), 100));
            network.run(Duration.ofSeconds(1));
        }

        assertThat(victim.mesh()).hasSizeLessThanOrEqualTo(12);
        assertThat(honest(victim)).isGreaterThanOrEqualTo(2);
        assertThat(victim.delivered).containsAll(ids);
    }

    @Test
    void withoutPeersThatItDialedTheVictimsMeshWouldBeTheAttackers() {
        assertThat(honest(eclipsed(0))).isLessThan(2);
    }

    /** After two minutes in which sixty attackers dialed the victim and grafted it every second. */
    private Node eclipsed(int outboundPeers) {
        List<Node> nodes = joined(30, 8, spec -> spec.floodPublish(false).outboundPeers(outboundPeers));
        Node victim = nodes.get(29); // the last one dialed all its peers
        List<Node> attackers = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Node attacker = network.addStranger(FIRST_STRANGER + i, (from, control) -> {});
            attackers.add(attacker);
            network.connect(attacker, victim);
            network.join(attacker);
        }
        network.every(
                Duration.ofSeconds(1),
                () -> attackers.forEach(
                        attacker -> network.control(attacker, victim, Control.graft(RouterNetwork.TOPIC))));
        network.run(Duration.ofMinutes(2));
        return victim;
    }

    private long honest(Node victim) {
        return victim.mesh().stream()
                .filter(peer -> network.nodes.get(peer).router != null)
                .count();
    }

    // ---- the same again

    @Test
    void theSameSeedMakesTheSameConversationAndAnotherSeedAnother() {
        List<String> once = conversation(SEED);

        assertThat(once).hasSizeGreaterThan(1_000);
        assertThat(conversation(SEED)).isEqualTo(once);
        assertThat(conversation(SEED + 1)).isNotEqualTo(once);
    }

    private static List<String> conversation(long seed) {
        RouterNetwork network = new RouterNetwork(seed);
        List<Node> nodes = joined(network, 25, 8, RouterNetworkTest::scored);
        network.loss = 0.1;
        Random churn = new Random(seed);
        network.every(Duration.ofMillis(500), () -> {
            network.publish(nodes.get(churn.nextInt(nodes.size())), churn.nextInt(2_048));
            Node one = nodes.get(churn.nextInt(nodes.size()));
            Node other = nodes.get(churn.nextInt(nodes.size()));
            network.disconnect(one, other);
            network.connect(other, one);
        });
        network.run(Duration.ofSeconds(60));
        return network.trace;
    }

    // ---- the cast

    private List<Node> joined(int count, int dials, Consumer<GossipsubSpec> configurer) {
        return joined(network, count, dials, configurer);
    }

    /** Each dials some of those that were there before it, and the first ones each other. */
    private static List<Node> joined(RouterNetwork network, int count, int dials, Consumer<GossipsubSpec> configurer) {
        Random random = new Random(SEED);
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Node node = network.add(i, configurer);
            List<Node> before = new ArrayList<>(nodes);
            Lots.draw(before, dials, random).forEach(other -> network.connect(node, other));
            nodes.add(node);
            network.join(node);
        }
        return nodes;
    }

    private Node stranger(List<Node> nodes) {
        Node stranger = network.addStranger(FIRST_STRANGER, (from, control) -> {});
        network.connect(stranger, nodes.get(0));
        network.join(stranger);
        return stranger;
    }

    private static void scored(GossipsubSpec spec) {
        spec.score(SCORES, ScoreThresholds.defaults());
    }

    private void assertDeliversEverything(List<Node> nodes) {
        List<MessageId> ids = new ArrayList<>();
        for (Node node : nodes) {
            ids.add(network.publish(node, 100));
        }
        network.run(Duration.ofSeconds(5));
        assertThat(ids).allSatisfy(id -> assertThat(network.coverage(id)).isEqualTo(1));
    }

    /** The lines that say a GRAFT which was sent less than its backoff after the other's PRUNE had arrived, or one's own was sent. */
    private List<String> graftsDuringBackoff() {
        List<String> offences = new ArrayList<>();
        Map<Set<PeerId>, Long> freeAt = new HashMap<>();
        for (String line : network.trace) {
            String[] words = line.split(" ", 5);
            if (words.length < 5 || !words[2].equals("tells")) {
                continue;
            }
            long at = Long.parseLong(words[0]);
            Set<PeerId> pair = new HashSet<>(Set.of(PeerId.of(words[1]), PeerId.of(words[3])));
            if (words[4].contains("graft=[news]") && at < freeAt.getOrDefault(pair, 0L)) {
                offences.add(line);
            }
            if (words[4].contains("OptionalLong[60]")) {
                freeAt.merge(pair, at + Duration.ofSeconds(60).toNanos(), Math::max);
            } else if (words[4].contains("OptionalLong[10]")) {
                freeAt.merge(pair, at + Duration.ofSeconds(10).toNanos(), Math::max);
            }
        }
        return offences;
    }
}
