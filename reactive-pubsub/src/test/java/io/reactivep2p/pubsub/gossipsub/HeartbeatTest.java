package io.reactivep2p.pubsub.gossipsub;

import static io.reactivep2p.pubsub.gossipsub.TestPeers.id;
import static io.reactivep2p.pubsub.gossipsub.TestPeers.peer;
import static io.reactivep2p.pubsub.gossipsub.TestRouter.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peer.PeerInfo;
import io.reactivep2p.pubsub.router.Acceptance;
import io.reactivep2p.pubsub.router.RouterOutput;
import io.reactivep2p.pubsub.wire.Control;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeartbeatTest {

    private final TestRouter router = new TestRouter();

    @ParameterizedTest(name = "{0} of {1} peers grafted become {2}")
    @CsvSource({
        "0, 3, 3",
        "0, 20, 6",
        "4, 20, 6",
        "5, 20, 5", // as low as it may be
        "11, 20, 11",
        "12, 20, 6", // as high as it may not be
    })
    void aMeshIsFilledBelowTheLowDegreeAndCutFromTheHighOne(int grafted, int peers, int expected) {
        router.join();
        router.subscribed(1, peers);
        TestPeers.peers(1, grafted).forEach(router::graft);
        router.forgetOutputs();
        router.heartbeats(1);

        assertThat(router.mesh()).hasSize(expected);
        assertThat(router.grafted()).hasSize(Math.max(0, expected - grafted));
        assertThat(router.pruned()).hasSize(Math.max(0, grafted - expected));
    }

    @Test
    void whoIsCutIsToldForHowLongAndOfOthers() {
        TestRouter other = new TestRouter(spec -> spec.peerExchange(true));
        other.join();
        other.subscribed(1, 12).forEach(other::graft);
        other.heartbeats(1);

        PeerId cut = other.pruned().get(0);
        Control.Prune prune = other.prunes(cut).get(0);
        assertThat(prune.backoffSeconds()).hasValue(60);
        assertThat(prune.peers()).hasSize(11);
        other.graft(cut);
        assertThat(other.mesh()).doesNotContain(cut);
    }

    @Test
    void peersWithANegativeScoreAreDroppedAndToldOfNobody() {
        TestRouter other = new TestRouter(spec -> spec.peerExchange(true));
        other.join();
        other.subscribed(1, 8).forEach(other::graft);
        other.opinions.put(peer(1), -0.1);
        other.heartbeats(1);

        assertThat(other.mesh()).hasSize(7).doesNotContain(peer(1));
        assertThat(other.prunes(peer(1))).containsExactly(new Control.Prune(TOPIC, List.of(), OptionalLong.of(60)));
    }

    @Test
    void aMeshIsNotFilledWithPeersThatAreBadInBackoffOrDirect() {
        TestRouter other = new TestRouter(spec -> spec.directPeer(new PeerInfo(peer(1), List.of())));
        other.join();
        other.subscribed(1, 4);
        other.subscribe(peer(5), "/floodsub/1.0.0", false);
        other.opinions.put(peer(2), -0.1);
        other.prune(peer(3), OptionalLong.empty(), List.of());
        other.heartbeats(1);

        assertThat(other.mesh()).containsExactly(peer(4));
    }

    @Test
    void theBestPeersSurviveACut() {
        router.join();
        router.subscribed(1, 14);
        TestPeers.peers(1, 12).forEach(router::graft);
        for (int i = 1; i <= 4; i++) {
            router.opinions.put(peer(i), (double) i);
        }
        router.heartbeats(1);

        assertThat(router.mesh()).hasSize(6).contains(peer(1), peer(2), peer(3), peer(4));
    }

    @Test
    void twoPeersThatWeDialedSurviveACut() {
        for (int first = 1; first <= 11; first++) {
            TestRouter other = new TestRouter();
            other.join();
            for (int i = 1; i <= 12; i++) {
                other.subscribe(peer(i), "/meshsub/1.1.0", i == first || i == first + 1);
                other.graft(peer(i));
                other.opinions.put(peer(i), i == first || i == first + 1 ? 0.0 : 1.0);
            }
            other.heartbeats(1);
            assertThat(other.mesh()).hasSize(6).contains(peer(first), peer(first + 1));
        }
    }

    @Test
    void aMeshWithoutPeersThatWeDialedIsGivenTwo() {
        router.join();
        router.subscribed(1, 8);
        TestPeers.peers(1, 8).forEach(router::graft);
        for (int i = 20; i < 25; i++) {
            router.subscribe(peer(i), "/meshsub/1.1.0", true);
        }
        router.opinions.put(peer(20), -1.0);
        router.opinions.put(peer(21), -1.0);
        router.opinions.put(peer(22), -1.0);
        router.heartbeats(1);

        assertThat(router.grafted()).containsExactlyInAnyOrder(peer(23), peer(24));
        assertThat(router.mesh()).hasSize(10);
    }

    @Test
    void everySixtyHeartbeatsAMediocreMeshIsGivenTwoBetterPeers() {
        router.join();
        router.subscribed(1, 12);
        TestPeers.peers(1, 6).forEach(router::graft);
        TestPeers.peers(1, 12).forEach(peer -> router.opinions.put(peer, 1.0));
        TestPeers.peers(7, 4).forEach(peer -> router.opinions.put(peer, 5.0));
        router.heartbeats(59);
        assertThat(router.mesh()).hasSize(6);
        router.heartbeats(1);

        assertThat(router.mesh()).hasSize(8);
        assertThat(router.grafted()).hasSize(2).isSubsetOf(TestPeers.peers(7, 4));
    }

    @Test
    void aGoodMeshIsLeftAlone() {
        router.join();
        router.subscribed(1, 12);
        TestPeers.peers(1, 6).forEach(router::graft);
        TestPeers.peers(1, 6).forEach(peer -> router.opinions.put(peer, 20.0));
        TestPeers.peers(7, 4).forEach(peer -> router.opinions.put(peer, 50.0));
        router.heartbeats(60);

        assertThat(router.grafted()).isEmpty();
    }

    @Test
    void directPeersAreDialedAtOnceAndEveryFiveMinutesWhileNotConnected() {
        TestRouter other = new TestRouter(
                spec -> spec.directPeer(new PeerInfo(peer(1), List.of())).directPeer(new PeerInfo(peer(2), List.of())));
        other.connect(peer(1), "/meshsub/1.1.0", true);
        other.heartbeats(1);
        assertThat(other.outputs(RouterOutput.Dial.class))
                .extracting(RouterOutput.Dial::peer)
                .containsExactly(peer(2));

        other.forgetOutputs();
        other.disconnect(peer(1));
        other.heartbeats(299);
        assertThat(other.outputs(RouterOutput.Dial.class)).isEmpty();
        other.heartbeats(1);
        assertThat(other.outputs(RouterOutput.Dial.class))
                .extracting(RouterOutput.Dial::peer)
                .containsExactly(peer(1), peer(2));
    }

    @Test
    void onePeerIsToldEverythingAtOnce() {
        router.join();
        router.subscribed(1, 20);
        router.receive(peer(1), id(1), 10);
        router.forgetOutputs();
        router.heartbeats(1);

        assertThat(router.outputs(RouterOutput.SendControl.class))
                .extracting(RouterOutput.SendControl::to)
                .doesNotHaveDuplicates();
    }

    @Test
    void backoffsThatAreOverAreForgottenWithinFifteenHeartbeats() {
        router.join();
        router.subscribed(1, 1);
        router.prune(peer(1), OptionalLong.of(1), List.of());
        router.disconnect(peer(1));
        assertThat(router.router.state().backoffs().size()).isOne();
        router.heartbeats(15);
        assertThat(router.router.state().backoffs().size()).isZero();
    }

    @Test
    void aGraylistedPeerIsNotListenedToUnlessItIsDirect() {
        TestRouter other = new TestRouter(spec -> spec.directPeer(new PeerInfo(peer(3), List.of())));
        other.subscribed(1, 3);
        other.opinions.put(peer(1), -80.0);
        other.opinions.put(peer(2), -80.1);
        other.opinions.put(peer(3), -80.1);

        assertThat(other.router.acceptance(peer(1), other.now)).isEqualTo(Acceptance.ALL);
        assertThat(other.router.acceptance(peer(2), other.now)).isEqualTo(Acceptance.NONE);
        assertThat(other.router.acceptance(peer(3), other.now)).isEqualTo(Acceptance.ALL);
    }

    @Test
    void withoutScoresEverybodyIsListenedTo() {
        TestRouter other = new TestRouter(spec ->
                spec.score(io.reactivep2p.pubsub.gossipsub.score.ScoreParams.OFF, GossipsubParams.NO_THRESHOLDS));
        other.join();
        other.subscribed(1, 1);
        for (int i = 0; i < 100; i++) {
            other.prune(peer(1), OptionalLong.empty(), List.of());
            other.graft(peer(1));
            other.ihave(peer(1), List.of(id(i)));
        }
        other.pass(Duration.ofSeconds(10));
        other.heartbeat();

        assertThat(other.score(peer(1))).isZero();
        assertThat(other.router.acceptance(peer(1), other.now)).isEqualTo(Acceptance.ALL);
    }

    @Test
    void theProtocolsAreOfferedTheNewestFirst() {
        assertThat(router.router.protocols())
                .extracting(Object::toString)
                .containsExactly(
                        "/meshsub/1.3.0", "/meshsub/1.2.0", "/meshsub/1.1.0", "/meshsub/1.0.0", "/floodsub/1.0.0");
        assertThat(router.router.heartbeatInterval()).hasValue(Duration.ofSeconds(1));
    }
}
