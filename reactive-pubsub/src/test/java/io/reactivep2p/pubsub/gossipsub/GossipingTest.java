package io.reactivep2p.pubsub.gossipsub;

import static io.reactivep2p.pubsub.gossipsub.TestPeers.id;
import static io.reactivep2p.pubsub.gossipsub.TestPeers.ids;
import static io.reactivep2p.pubsub.gossipsub.TestPeers.peer;
import static io.reactivep2p.pubsub.gossipsub.TestRouter.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peer.PeerInfo;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.router.Rejection;
import io.reactivep2p.pubsub.router.RouterOutput;
import io.reactivep2p.pubsub.wire.Control;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GossipingTest {

    private final TestRouter router = new TestRouter();

    // ---- IHAVE

    @Test
    void unknownMessagesAreAskedFor() {
        router.join();
        router.subscribed(1, 1);
        router.seen.addAll(ids(0, 5));
        router.ihave(peer(1), ids(0, 10));

        assertThat(router.asked(peer(1))).containsExactlyInAnyOrderElementsOf(ids(5, 5));
    }

    @Test
    void messagesThatAreAllKnownAreNotAskedFor() {
        router.join();
        router.subscribed(1, 1);
        router.seen.addAll(ids(0, 5));
        router.ihave(peer(1), ids(0, 5));

        assertThat(router.outputs).isEmpty();
        assertThat(router.router.state().promises().size()).isZero();
    }

    @Test
    void gossipAboutTopicsNotJoinedIsIgnored() {
        router.subscribed(1, 1);
        router.ihave(peer(1), ids(0, 5));

        assertThat(router.outputs).isEmpty();
    }

    @Test
    void gossipOfAPeerBelowTheThresholdIsIgnored() {
        router.join();
        router.subscribed(1, 2);
        router.opinions.put(peer(1), -10.1);
        router.opinions.put(peer(2), -10.0);
        router.ihave(peer(1), ids(0, 5));
        router.ihave(peer(2), ids(0, 5));

        assertThat(router.asked(peer(1))).isEmpty();
        assertThat(router.asked(peer(2))).hasSize(5);
    }

    @Test
    void theEleventhIhaveBetweenHeartbeatsIsIgnored() {
        router.join();
        router.subscribed(1, 1);
        for (int i = 0; i < 12; i++) {
            router.ihave(peer(1), List.of(id(i)));
        }
        assertThat(router.asked(peer(1))).isEqualTo(ids(0, 10));

        router.heartbeats(1);
        router.ihave(peer(1), List.of(id(100)));
        assertThat(router.asked(peer(1))).hasSize(11);
    }

    @Test
    void aPeerIsAskedForFiveThousandMessagesBetweenHeartbeats() {
        router.join();
        router.subscribed(1, 1);
        router.ihave(peer(1), ids(0, 3_000));
        router.ihave(peer(1), ids(3_000, 3_000));
        router.ihave(peer(1), ids(6_000, 3_000));

        assertThat(router.asked(peer(1))).hasSize(5_000).doesNotHaveDuplicates();
        assertThat(router.asked(peer(1)).subList(3_000, 5_000)).isSubsetOf(ids(3_000, 3_000));
    }

    @Test
    void aBrokenPromiseCountsAgainstThePeerAtTheHeartbeatAfterThreeSeconds() {
        router.join();
        router.subscribed(1, 2);
        router.ihave(peer(1), ids(0, 10));

        router.heartbeats(3);
        assertThat(router.score(peer(1))).isZero();
        router.heartbeats(1);
        assertThat(router.score(peer(1))).isEqualTo(-1);
        assertThat(router.score(peer(2))).isZero();
        assertThat(router.mesh()).doesNotContain(peer(1));
    }

    @Test
    void everyBrokenPromiseCounts() {
        router.join();
        router.subscribed(1, 1);
        for (int i = 0; i < 5; i++) {
            router.ihave(peer(1), List.of(id(i)));
        }
        router.pass(Duration.ofMillis(3_001));
        router.heartbeat();

        assertThat(router.score(peer(1))).isEqualTo(-25);
    }

    @Test
    void aPromiseIsKeptByAnyCopyOfTheMessage() {
        router.join();
        router.subscribed(1, 2);
        router.ihave(peer(1), List.of(id(1)));
        router.receive(peer(2), id(1), 10);
        router.heartbeats(5);

        assertThat(router.score(peer(1))).isZero();
    }

    @Test
    void aPromiseIsKeptByAnInvalidMessageAndNotByAForgedOne() {
        router.join();
        router.subscribed(1, 2);
        router.ihave(peer(1), List.of(id(1)));
        router.ihave(peer(2), List.of(id(2)));
        RawMessage message = TestPeers.message(TOPIC, peer(9), 10);
        router.router.onArrival(peer(1), id(1), message, router.now);
        router.router.onRejected(peer(1), id(1), TOPIC, Rejection.VALIDATOR, router.now);
        router.router.onRejected(peer(2), id(2), TOPIC, Rejection.SIGNATURE, router.now);
        router.heartbeats(4);

        assertThat(router.score(peer(1))).isZero();
        assertThat(router.score(peer(2))).isEqualTo(-1);
    }

    @Test
    void whoPromisedMessagesOfATopicThatWeLeftHasNotBrokenItsWord() {
        router.join();
        router.subscribed(1, 1);
        router.ihave(peer(1), ids(0, 10));
        router.leave();
        router.heartbeats(5);

        assertThat(router.score(peer(1))).isZero();
    }

    // ---- IWANT

    @Test
    void aMessageIsSentOnRequestThreeTimes() {
        router.join();
        router.subscribed(1, 2);
        RawMessage message = router.receive(peer(2), id(1), 10);
        router.forgetOutputs();

        for (int i = 0; i < 4; i++) {
            router.control(peer(1), Control.iwant(List.of(id(1), id(2))));
        }
        assertThat(router.outputs)
                .hasSize(3)
                .containsOnly(new RouterOutput.SendMessage(List.of(peer(1)), id(1), message));
    }

    @Test
    void aMessageIsSentOnRequestForFiveHeartbeats() {
        router.join();
        router.subscribed(1, 2);
        router.receive(peer(2), id(1), 10);
        router.heartbeats(4);
        router.forgetOutputs();

        router.control(peer(1), Control.iwant(List.of(id(1))));
        assertThat(router.receivers()).containsExactly(peer(1));
        router.heartbeats(1);
        router.forgetOutputs();
        router.control(peer(1), Control.iwant(List.of(id(1))));
        assertThat(router.receivers()).isEmpty();
    }

    @Test
    void aPeerBelowTheGossipThresholdIsSentNothingOnRequest() {
        router.join();
        router.subscribed(1, 2);
        router.receive(peer(2), id(1), 10);
        router.opinions.put(peer(1), -10.1);
        router.forgetOutputs();
        router.control(peer(1), Control.iwant(List.of(id(1))));

        assertThat(router.outputs).isEmpty();
    }

    @Test
    void whoHasNoUseForAMessageIsNotSentItOnRequest() {
        router.join();
        router.subscribed(1, 2);
        router.receive(peer(2), id(1), 10);
        router.control(peer(1), Control.idontwant(List.of(id(1))));
        router.forgetOutputs();
        router.control(peer(1), Control.iwant(List.of(id(1))));

        assertThat(router.outputs).isEmpty();
    }

    // ---- telling

    @Test
    void gossipGoesToSixPeersOutsideOfTheMesh() {
        router.join();
        router.subscribed(1, 24);
        TestPeers.peers(1, 6).forEach(router::graft);
        router.receive(peer(1), id(1), 10);
        router.receive(peer(1), id(2), 10);
        router.heartbeats(1);

        assertThat(router.gossip().keySet()).hasSize(6).doesNotContainAnyElementsOf(router.mesh());
        assertThat(router.gossip().values())
                .allSatisfy(told -> assertThat(told).containsExactlyInAnyOrder(id(1), id(2)));
    }

    @Test
    void gossipGoesToAQuarterOfManyPeers() {
        router.join();
        router.subscribed(1, 106);
        TestPeers.peers(1, 6).forEach(router::graft);
        router.receive(peer(1), id(1), 10);
        router.heartbeats(1);

        assertThat(router.gossip()).hasSize(25);
    }

    @Test
    void noGossipGoesToDirectPeersFloodsubPeersOrThoseBelowTheThreshold() {
        TestRouter other = new TestRouter(spec -> spec.directPeer(new PeerInfo(peer(20), List.of())));
        other.join();
        other.subscribed(1, 6).forEach(other::graft);
        other.subscribed(20, 3);
        other.subscribe(peer(30), "/floodsub/1.0.0", false);
        other.opinions.put(peer(21), -10.1);
        other.receive(peer(1), id(1), 10);
        other.heartbeats(1);

        assertThat(other.gossip()).isEqualTo(Map.of(peer(22), List.of(id(1))));
    }

    @Test
    void aMessageIsToldOfAtThreeHeartbeats() {
        router.join();
        router.subscribed(1, 7);
        TestPeers.peers(1, 6).forEach(router::graft);
        router.receive(peer(1), id(1), 10);
        router.heartbeats(5);

        assertThat(router.gossip()).isEqualTo(Map.of(peer(7), List.of(id(1), id(1), id(1))));
    }

    @Test
    void whereThereIsTooMuchToTellEachPeerIsToldOfOtherMessages() {
        TestRouter other = new TestRouter(spec -> spec.maxIhave(10, 50));
        other.join();
        other.subscribed(1, 12);
        TestPeers.peers(1, 6).forEach(other::graft);
        for (MessageId id : ids(0, 200)) {
            other.receive(peer(1), id, 10);
        }
        other.heartbeats(1);

        Set<MessageId> told = new HashSet<>();
        assertThat(other.gossip()).hasSize(6).allSatisfy((peer, some) -> {
            assertThat(some).hasSize(50).doesNotHaveDuplicates();
            told.addAll(some);
        });
        assertThat(told.size()).isGreaterThan(100);
    }

    @Test
    void whoEntersTheMeshIsToldOnceWhatCameBefore() {
        router.join();
        router.subscribed(1, 6);
        TestPeers.peers(1, 5).forEach(router::graft);
        router.heartbeats(3);
        router.receive(peer(1), id(1), 10);
        router.graft(peer(6));
        router.receive(peer(1), id(2), 10);
        router.heartbeats(3);

        assertThat(router.gossip()).isEqualTo(Map.of(peer(6), List.of(id(1))));
    }

    @Test
    void whoIsGraftedByAHeartbeatIsToldWhatCameBefore() {
        router.join();
        router.subscribed(1, 2);
        router.receive(peer(1), id(1), 10);
        assertThat(router.receivers()).isEmpty();
        router.heartbeats(3);

        assertThat(router.mesh()).hasSize(2);
        assertThat(router.gossip()).isEqualTo(Map.of(peer(1), List.of(id(1)), peer(2), List.of(id(1))));
    }

    @Test
    void topicsThatAreOnlyPublishedToAreGossipedAboutToo() {
        TestRouter other = new TestRouter(spec -> spec.floodPublish(false));
        List<PeerId> all = other.subscribed(1, 20);
        other.publish(id(1), 10);
        List<PeerId> fanout = other.receivers();
        other.heartbeats(1);

        assertThat(other.gossip().keySet()).hasSize(6).isSubsetOf(all).doesNotContainAnyElementsOf(fanout);
    }
}
