package io.reactivep2p.pubsub.gossipsub;

import static io.reactivep2p.pubsub.gossipsub.TestPeers.id;
import static io.reactivep2p.pubsub.gossipsub.TestPeers.message;
import static io.reactivep2p.pubsub.gossipsub.TestPeers.peer;
import static io.reactivep2p.pubsub.gossipsub.TestRouter.THRESHOLDS;
import static io.reactivep2p.pubsub.gossipsub.TestRouter.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.pubsub.gossipsub.score.ScoreParams;
import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams;
import io.reactivep2p.pubsub.router.Rejection;
import io.reactivep2p.pubsub.router.RemotePeer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What of that which happens to a router is told to the scores. */
class RouterScoresTest {

    private static final TopicScoreParams.FirstDeliveries FIRST = new TopicScoreParams.FirstDeliveries(1, 0.9, 100);
    private static final TopicScoreParams.Failures FAILURES = new TopicScoreParams.Failures(-1, 0.9);

    private static TestRouter router(ScoreParams params) {
        TestRouter router = new TestRouter(spec -> spec.score(params, THRESHOLDS));
        router.join();
        return router;
    }

    private static TestRouter router(TopicScoreParams topic) {
        return router(ScoreParams.OFF.withTopic(TOPIC, topic.withWeight(1)));
    }

    @Test
    void theFirstToDeliverAMessageIsCredited() {
        TestRouter router = router(TopicScoreParams.OFF.with(FIRST));
        router.subscribed(1, 2);
        router.receive(peer(1), id(1), 10);
        router.router.onDuplicate(peer(2), id(1), TOPIC, router.now);

        assertThat(router.score(peer(1))).isEqualTo(1);
        assertThat(router.score(peer(2))).isZero();
    }

    @ParameterizedTest
    @EnumSource(Rejection.class)
    void whoSendsAnInvalidMessageIsBlamedWhateverIsWrongWithIt(Rejection why) {
        TestRouter router = router(TopicScoreParams.OFF.withInvalidMessages(FAILURES));
        router.subscribed(1, 1);
        if (why == Rejection.PAYLOAD || why == Rejection.VALIDATOR) {
            router.router.onArrival(peer(1), id(1), message(TOPIC, peer(9), 10), router.now);
        }
        router.router.onRejected(peer(1), id(1), TOPIC, why, router.now);

        assertThat(router.score(peer(1))).isEqualTo(-1);
    }

    @Test
    void whoSendsACopyOfAnInvalidMessageIsBlamedToo() {
        TestRouter router = router(TopicScoreParams.OFF.withInvalidMessages(FAILURES));
        router.subscribed(1, 3);
        router.router.onArrival(peer(1), id(1), message(TOPIC, peer(9), 10), router.now);
        router.router.onDuplicate(peer(2), id(1), TOPIC, router.now);
        router.router.onRejected(peer(1), id(1), TOPIC, Rejection.VALIDATOR, router.now);
        router.router.onDuplicate(peer(3), id(1), TOPIC, router.now);

        assertThat(TestPeers.peers(1, 3))
                .allSatisfy(peer -> assertThat(router.score(peer)).isEqualTo(-1));
    }

    @Test
    void nobodyIsBlamedForAMessageThatIsIgnored() {
        TestRouter router = router(TopicScoreParams.OFF.with(FIRST).withInvalidMessages(FAILURES));
        router.subscribed(1, 2);
        router.router.onArrival(peer(1), id(1), message(TOPIC, peer(9), 10), router.now);
        router.router.onDuplicate(peer(2), id(1), TOPIC, router.now);
        router.router.onIgnored(peer(1), id(1), TOPIC, router.now);

        assertThat(router.score(peer(1))).isZero();
        assertThat(router.score(peer(2))).isZero();
    }

    @Test
    void timeInTheMeshCountsFromGraftToPrune() {
        TestRouter router =
                router(TopicScoreParams.OFF.with(new TopicScoreParams.TimeInMesh(1, Duration.ofSeconds(1), 100)));
        router.subscribed(1, 2);
        router.graft(peer(1));
        router.heartbeats(10);
        assertThat(router.score(peer(1))).isEqualTo(10);

        router.prune(peer(1), OptionalLong.empty(), List.of());
        assertThat(router.score(peer(1))).isZero();
    }

    @Test
    void leavingTheMeshInDebtCostsByPruneAndByDisconnecting() {
        TopicScoreParams debts = TopicScoreParams.OFF
                .with(new TopicScoreParams.MeshDeliveries(-1, 0.9, 100, 3, Duration.ZERO, Duration.ofSeconds(1)))
                .withMeshFailures(FAILURES);
        TestRouter router =
                router(ScoreParams.OFF.withTopic(TOPIC, debts.withWeight(1)).withRetainScore(Duration.ofHours(1)));
        router.subscribed(1, 2).forEach(router::graft);
        router.heartbeats(2);
        router.prune(peer(1), OptionalLong.empty(), List.of());
        router.disconnect(peer(2));

        assertThat(router.score(peer(1))).isNegative();
        assertThat(router.score(peer(2))).isNegative();
    }

    @Test
    void peersBehindOneAddressAreHeldAgainstEachOther() {
        TestRouter router = router(ScoreParams.OFF.with(new ScoreParams.Colocation(-1, 2, List.of())));
        for (int i = 1; i <= 4; i++) {
            router.router.onPeerConnected(
                    new RemotePeer(peer(i), ProtocolId.of("/meshsub/1.1.0"), false, "203.0.113.7"), router.now);
        }
        router.router.onPeerConnected(
                new RemotePeer(peer(5), ProtocolId.of("/meshsub/1.1.0"), false, null), router.now);

        assertThat(router.score(peer(1))).isEqualTo(-4);
        assertThat(router.score(peer(5))).isZero();
        router.disconnect(peer(2));
        assertThat(router.score(peer(1))).isEqualTo(-1);
    }

    @Test
    void offencesAreForgivenHeartbeatByHeartbeat() {
        TestRouter router = router(ScoreParams.OFF.with(new ScoreParams.Behaviour(-1, 0, 0.5)));
        router.subscribed(1, 1);
        router.prune(peer(1), OptionalLong.empty(), List.of());
        router.graft(peer(1));
        assertThat(router.score(peer(1))).isEqualTo(-4);
        router.heartbeats(1);
        assertThat(router.score(peer(1))).isEqualTo(-1);
    }
}
