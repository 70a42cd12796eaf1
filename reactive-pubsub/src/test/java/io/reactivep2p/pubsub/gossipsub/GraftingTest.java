package io.reactivep2p.pubsub.gossipsub;

import static io.reactivep2p.pubsub.gossipsub.TestPeers.id;
import static io.reactivep2p.pubsub.gossipsub.TestPeers.peer;
import static io.reactivep2p.pubsub.gossipsub.TestRouter.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peer.PeerInfo;
import io.reactivep2p.pubsub.PubsubEvent;
import io.reactivep2p.pubsub.router.RouterOutput;
import io.reactivep2p.pubsub.wire.Control;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class GraftingTest {

    private static final OptionalLong UNSAID = OptionalLong.empty();

    private final TestRouter router = new TestRouter();

    // ---- JOIN and LEAVE

    @Test
    void joiningGraftsAsManyPeersAsDesired() {
        router.subscribed(1, 20);
        router.join();

        assertThat(router.mesh()).hasSize(6);
        assertThat(router.grafted()).containsExactlyInAnyOrderElementsOf(router.mesh());
        assertThat(router.outputs(RouterOutput.Notify.class))
                .extracting(RouterOutput.Notify::event)
                .allMatch(PubsubEvent.Grafted.class::isInstance)
                .hasSize(6);
    }

    @Test
    void joiningPassesOverPeersWithNegativeScoresInBackoffDirectOrWithoutAMesh() {
        TestRouter other = new TestRouter(spec -> spec.directPeer(new PeerInfo(peer(3), List.of())));
        other.subscribed(1, 4);
        other.subscribe(peer(5), "/floodsub/1.0.0", true);
        other.opinions.put(peer(1), -0.1);
        other.join();
        other.prune(peer(2), UNSAID, List.of());
        other.leave();
        other.forgetOutputs();

        other.join();

        assertThat(other.grafted()).isEmpty();
        other.pass(Duration.ofSeconds(61));
        other.heartbeat();
        assertThat(other.grafted()).containsExactlyInAnyOrder(peer(2), peer(4));
    }

    @Test
    void joiningTakesThePeersThatWerePublishedToFirst() {
        TestRouter other = new TestRouter(spec -> spec.floodPublish(false));
        other.subscribed(1, 20);
        other.publish(id(1), 10);
        List<PeerId> fanout = other.receivers();
        assertThat(fanout).hasSize(6);
        other.opinions.put(fanout.get(0), -0.1);

        other.join();

        assertThat(other.mesh()).hasSize(6).containsAll(fanout.subList(1, 6)).doesNotContain(fanout.get(0));
        assertThat(other.router.state().fanout().topics()).isEmpty();
    }

    @Test
    void leavingPrunesAllForTenSecondsAndTellsOfNobody() {
        TestRouter other = new TestRouter(spec -> spec.peerExchange(true));
        other.subscribed(1, 6);
        other.join();
        other.forgetOutputs();

        other.leave();

        assertThat(other.mesh()).isEmpty();
        for (PeerId peer : TestPeers.peers(1, 6)) {
            assertThat(other.prunes(peer)).containsExactly(new Control.Prune(TOPIC, List.of(), OptionalLong.of(10)));
        }
        other.forgetOutputs();
        other.join();
        other.heartbeats(10);
        assertThat(other.grafted()).isEmpty();
        other.heartbeats(1);
        assertThat(other.grafted()).hasSize(6);
    }

    // ---- GRAFT

    @Test
    void aGraftForAJoinedTopicIsAcceptedInSilence() {
        router.join();
        router.subscribed(1, 1);
        router.graft(peer(1));
        router.graft(peer(1));

        assertThat(router.mesh()).containsExactly(peer(1));
        assertThat(router.outputs).containsExactly(new RouterOutput.Notify(new PubsubEvent.Grafted(peer(1), TOPIC)));
        assertThat(router.score(peer(1))).isZero();
    }

    @Test
    void aGraftForATopicNotJoinedIsIgnored() {
        router.subscribed(1, 1);
        router.graft(peer(1));

        assertThat(router.outputs).isEmpty();
        assertThat(router.mesh()).isEmpty();
    }

    @Test
    void aGraftForATopicNotJoinedKeepsTheAnswerToAnotherFromTellingOfPeers() {
        TestRouter other = new TestRouter(spec -> spec.peerExchange(true));
        other.join();
        other.subscribed(1, 12).forEach(other::graft);
        other.subscribed(20, 2);

        other.graft(peer(20));
        other.control(
                peer(21),
                new Control(List.of(), List.of(), List.of("unheard of", TOPIC), List.of(), List.of(), 0, null));

        assertThat(other.prunes(peer(20)).get(0).peers()).isNotEmpty();
        assertThat(other.prunes(peer(21)).get(0).peers()).isEmpty();
    }

    @Test
    void aGraftOfADirectPeerIsRefusedWithoutBlame() {
        TestRouter other = new TestRouter(spec -> spec.peerExchange(true).directPeer(new PeerInfo(peer(1), List.of())));
        other.join();
        other.subscribed(1, 3);
        other.graft(peer(1));

        assertThat(other.mesh()).isEmpty();
        assertThat(other.prunes(peer(1))).containsExactly(new Control.Prune(TOPIC, List.of(), OptionalLong.of(60)));
        assertThat(other.score(peer(1))).isZero();
    }

    @Test
    void aGraftDuringBackoffIsRefusedAndCountsAgainstThePeer() {
        router.join();
        router.subscribed(1, 1);
        router.prune(peer(1), UNSAID, List.of());

        router.pass(Duration.ofSeconds(11));
        router.graft(peer(1));

        assertThat(router.mesh()).isEmpty();
        assertThat(router.prunes(peer(1))).hasSize(1);
        assertThat(router.score(peer(1))).isEqualTo(-1);
    }

    @Test
    void aGraftSoonAfterThePruneCountsTwice() {
        router.join();
        router.subscribed(1, 1);
        router.prune(peer(1), UNSAID, List.of());

        router.pass(Duration.ofMillis(9_999));
        router.graft(peer(1));

        assertThat(router.score(peer(1))).isEqualTo(-4);
    }

    @Test
    void aGraftDuringBackoffBeginsTheBackoffAgain() {
        router.join();
        router.subscribed(1, 1);
        router.prune(peer(1), UNSAID, List.of());
        router.pass(Duration.ofSeconds(59));
        router.graft(peer(1));
        router.pass(Duration.ofSeconds(59));
        router.graft(peer(1));
        assertThat(router.mesh()).isEmpty();

        router.opinions.put(peer(1), 100.0);
        router.pass(Duration.ofSeconds(60));
        router.graft(peer(1));
        assertThat(router.mesh()).containsExactly(peer(1));
    }

    @Test
    void aGraftOfAPeerWithANegativeScoreIsRefusedWithABackoff() {
        TestRouter other = new TestRouter(spec -> spec.peerExchange(true));
        other.join();
        other.subscribed(1, 3);
        other.opinions.put(peer(1), -0.1);
        other.graft(peer(1));

        assertThat(other.mesh()).isEmpty();
        assertThat(other.prunes(peer(1))).containsExactly(new Control.Prune(TOPIC, List.of(), OptionalLong.of(60)));

        other.opinions.put(peer(1), 5.0);
        other.graft(peer(1));
        assertThat(other.mesh()).as("still in backoff").isEmpty();
    }

    @Test
    void aFullMeshTakesOnlyPeersThatWeDialed() {
        TestRouter other = new TestRouter(spec -> spec.peerExchange(true));
        other.join();
        other.subscribed(1, 12).forEach(other::graft);
        assertThat(other.mesh()).hasSize(12);
        other.records.put(peer(1), new byte[] {1, 2, 3});
        other.subscribe(peer(20), "/meshsub/1.1.0", false);
        other.subscribe(peer(21), "/meshsub/1.1.0", true);

        other.graft(peer(20));
        other.graft(peer(21));

        assertThat(other.mesh()).hasSize(13).contains(peer(21)).doesNotContain(peer(20));
        Control.Prune prune = other.prunes(peer(20)).get(0);
        assertThat(prune.backoffSeconds()).hasValue(60);
        assertThat(prune.peers()).hasSize(13).noneMatch(offered -> offered.peer()
                .equals(peer(20)));
        assertThat(prune.peers())
                .filteredOn(offered -> offered.peer().equals(peer(1)))
                .extracting(Control.ExchangedPeer::signedRecord)
                .containsExactly(new byte[] {1, 2, 3});
    }

    @Test
    void atMostSixteenPeersAreToldOfAndNoneWithANegativeScore() {
        TestRouter other = new TestRouter(spec -> spec.peerExchange(true));
        other.join();
        other.subscribed(1, 40);
        TestPeers.peers(1, 12).forEach(other::graft);
        TestPeers.peers(1, 10).forEach(bad -> other.opinions.put(bad, -1.0));
        other.graft(peer(40));

        assertThat(other.prunes(peer(40)).get(0).peers())
                .hasSize(16)
                .extracting(Control.ExchangedPeer::peer)
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(TestPeers.peers(1, 10));
    }

    @Test
    void nobodyIsToldOfWhereExchangeIsOff() {
        router.join();
        router.subscribed(1, 13).forEach(router::graft);

        assertThat(router.prunes(peer(13))).containsExactly(new Control.Prune(TOPIC, List.of(), OptionalLong.of(60)));
    }

    @Test
    void aPeerOfTheFirstVersionIsToldOfNothingItDoesNotKnow() {
        TestRouter other = new TestRouter(spec -> spec.peerExchange(true));
        other.join();
        other.subscribed(1, 12).forEach(other::graft);
        other.subscribe(peer(20), "/meshsub/1.0.0", false);
        other.graft(peer(20));

        assertThat(other.prunes(peer(20))).containsExactly(new Control.Prune(TOPIC, List.of(), UNSAID));
    }

    @Test
    void controlOfAPeerThatIsUnknownOrOnlySpeaksFloodsubIsIgnored() {
        router.join();
        router.subscribe(peer(1), "/floodsub/1.0.0", false);
        router.graft(peer(1));
        router.graft(peer(2));

        assertThat(router.mesh()).isEmpty();
        assertThat(router.outputs).isEmpty();
    }

    // ---- PRUNE

    @Test
    void whoPrunesUsLeavesOurMesh() {
        router.subscribed(1, 3);
        router.join();
        router.prune(peer(1), UNSAID, List.of());

        assertThat(router.mesh()).containsExactlyInAnyOrder(peer(2), peer(3));
        assertThat(router.outputs).contains(new RouterOutput.Notify(new PubsubEvent.Pruned(peer(1), TOPIC)));
    }

    @Test
    void thePruneBackoffIsTheOneAskedFor() {
        router.subscribed(1, 1);
        router.join();
        router.prune(peer(1), OptionalLong.of(5), List.of());
        router.forgetOutputs();

        router.heartbeats(5);
        assertThat(router.grafted()).isEmpty();
        router.heartbeats(1);
        assertThat(router.grafted()).containsExactly(peer(1));
    }

    @Test
    void thePruneBackoffIsAMinuteWhereNotSaid() {
        router.subscribed(1, 1);
        router.join();
        router.prune(peer(1), UNSAID, List.of());
        router.forgetOutputs();

        router.heartbeats(60);
        assertThat(router.grafted()).isEmpty();
        router.heartbeats(1);
        assertThat(router.grafted()).containsExactly(peer(1));
    }

    @Test
    void aPruneForATopicNotJoinedIsIgnored() {
        router.subscribed(1, 1);
        router.prune(peer(1), UNSAID, offered(50, 1));

        assertThat(router.outputs).isEmpty();
        assertThat(router.router.state().backoffs().size()).isZero();
    }

    @Test
    void peersToldOfByATrustedPeerAreDialedUpToSixteen() {
        router.subscribed(1, 1);
        router.join();
        router.opinions.put(peer(1), 10.0);
        router.prune(peer(1), UNSAID, offered(50, 30));

        assertThat(router.outputs(RouterOutput.Dial.class))
                .hasSize(16)
                .extracting(RouterOutput.Dial::peer)
                .doesNotHaveDuplicates()
                .isSubsetOf(TestPeers.peers(50, 30));
        assertThat(router.outputs(RouterOutput.Dial.class)).allMatch(dial -> dial.signedRecord().length == 1);
    }

    @Test
    void peersToldOfByOthersAreNotDialed() {
        router.subscribed(1, 1);
        router.join();
        router.opinions.put(peer(1), 9.9);
        router.prune(peer(1), UNSAID, offered(50, 30));

        assertThat(router.outputs(RouterOutput.Dial.class)).isEmpty();
    }

    @Test
    void neitherConnectedPeersNorThisNodeAreDialed() {
        router.subscribed(1, 3);
        router.join();
        router.opinions.put(peer(1), 10.0);
        router.prune(peer(1), UNSAID, offered(0, 5));

        assertThat(router.outputs(RouterOutput.Dial.class))
                .extracting(RouterOutput.Dial::peer)
                .containsExactly(peer(4));
    }

    @Test
    void dialsForOthersAreBoundedBetweenHeartbeats() {
        router.subscribed(1, 1);
        router.join();
        router.opinions.put(peer(1), 10.0);
        for (int i = 0; i < 20; i++) {
            router.prune(peer(1), UNSAID, offered(1_000 + 16 * i, 16));
        }
        assertThat(router.outputs(RouterOutput.Dial.class)).hasSize(PeerExchange.MAX_DIALS_PER_HEARTBEAT);

        router.heartbeats(1);
        router.prune(peer(1), UNSAID, offered(2_000, 16));
        assertThat(router.outputs(RouterOutput.Dial.class)).hasSize(PeerExchange.MAX_DIALS_PER_HEARTBEAT + 16);
    }

    // ---- peers that go

    @Test
    void aPeerThatDisconnectsOrUnsubscribesLeavesTheMesh() {
        router.subscribed(1, 3);
        router.join();
        router.disconnect(peer(1));
        router.unsubscribe(peer(2), TOPIC);

        assertThat(router.mesh()).containsExactly(peer(3));
        assertThat(router.outputs)
                .contains(
                        new RouterOutput.Notify(new PubsubEvent.Pruned(peer(1), TOPIC)),
                        new RouterOutput.Notify(new PubsubEvent.Pruned(peer(2), TOPIC)));
    }

    @Test
    void aBackoffIsNotForgottenWhenThePeerComesBack() {
        router.join();
        router.subscribed(1, 1);
        router.prune(peer(1), UNSAID, List.of());
        router.disconnect(peer(1));
        router.pass(Duration.ofSeconds(20));
        router.subscribed(1, 1);
        router.graft(peer(1));

        assertThat(router.mesh()).isEmpty();
        assertThat(router.prunes(peer(1))).hasSize(1);
    }

    private static List<Control.ExchangedPeer> offered(int from, int count) {
        return TestPeers.peers(from, count).stream()
                .map(peer -> new Control.ExchangedPeer(peer, new byte[1]))
                .toList();
    }
}
