package io.reactivep2p.pubsub.gossipsub.score;

import static io.reactivep2p.pubsub.gossipsub.score.Scoring.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams.Failures;
import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams.FirstDeliveries;
import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams.MeshDeliveries;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is remembered of peers that left and of messages, and how much of it at most. */
class RetentionTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static final ScoreParams PARAMS = ScoreParams.OFF
            .withTopic(
                    TOPIC,
                    TopicScoreParams.OFF
                            .withWeight(1)
                            .with(new FirstDeliveries(1, 1, 100))
                            .with(new MeshDeliveries(0, 1, 100, 5, Duration.ofSeconds(2), Duration.ZERO))
                            .withMeshFailures(new Failures(-1, 0.5))
                            .withInvalidMessages(new Failures(-1, 0.5)))
            .with(new ScoreParams.Colocation(-1, 1, List.of()))
            .withRetainScore(MINUTE);

    private final Scoring scoring = new Scoring(PARAMS);

    @Test
    void aPositiveScoreIsForgottenAtOnce() {
        PeerId peer = scoring.peer();
        scoring.deliverFirst(peer, 5);
        scoring.score.invalid(peer, TOPIC);
        assertThat(scoring.score(peer)).isEqualTo(4);
        scoring.leave(peer);
        assertThat(scoring.score(peer)).isZero();
        scoring.score.addPeer(peer);
        assertThat(scoring.score(peer)).isZero();
    }

    @Test
    void aNegativeScoreIsRememberedForATimeWithoutDecay() {
        PeerId peer = scoring.peer();
        blame(peer, 4);
        scoring.deliverFirst(peer, 5);
        assertThat(scoring.score(peer)).isEqualTo(-11);
        scoring.leave(peer);
        assertThat(scoring.score(peer)).as("its merits are forgotten").isEqualTo(-16);
        scoring.pass(MINUTE);
        assertThat(scoring.score(peer)).isEqualTo(-16);
        scoring.pass(Duration.ofSeconds(1));
        assertThat(scoring.score(peer)).isZero();
        assertThat(scoring.score.sizes().get(1)).isZero();
    }

    @Test
    void aPeerThatReturnsHasItsScoreAndItDecaysAgain() {
        PeerId peer = scoring.peer();
        blame(peer, 4);
        scoring.leave(peer);
        scoring.pass(Duration.ofSeconds(30));
        scoring.score.addPeer(peer);
        assertThat(scoring.score(peer)).isEqualTo(-16);
        scoring.pass(Duration.ofSeconds(1));
        assertThat(scoring.score(peer)).isEqualTo(-4);
        scoring.pass(MINUTE);
        assertThat(scoring.score.sizes().get(1)).isZero();
    }

    @Test
    void aPeerThatLeavesTheMeshByLeavingIsChargedItsDeficit() {
        PeerId peer = scoring.peer();
        scoring.graft(peer);
        scoring.pass(Duration.ofSeconds(1));
        scoring.deliverFirst(peer, 0);
        scoring.leave(peer);
        assertThat(scoring.score(peer)).isEqualTo(-25);
    }

    @Test
    void aScoreIsNotRememberedWhereTheTimeForThatIsZero() {
        Scoring forgetful = new Scoring(PARAMS.withRetainScore(Duration.ZERO));
        PeerId peer = forgetful.peer();
        forgetful.score.setIps(peer, List.of("192.0.2.1"));
        forgetful.score.invalid(peer, TOPIC);
        forgetful.leave(peer);
        assertThat(forgetful.score(peer)).isZero();
        assertThat(forgetful.score.sizes()).containsExactly(0, 0, 0);
    }

    @Test
    void peersThatLeftStillShareTheirAddressUntilTheyAreForgotten() {
        PeerId peer = scoring.peer();
        scoring.score.setIps(peer, List.of("192.0.2.1"));
        for (int i = 0; i < 3; i++) {
            PeerId sybil = scoring.peer();
            scoring.score.setIps(sybil, List.of("192.0.2.1"));
            scoring.leave(sybil);
        }
        assertThat(scoring.score(peer)).isEqualTo(-9);
        scoring.pass(MINUTE.plusSeconds(1));
        assertThat(scoring.score(peer)).isZero();
    }

    @Test
    void noMoreThanABoundOfPeersThatLeftIsRemembered() {
        PeerId first = scoring.peer();
        blame(first, 1);
        scoring.score.setIps(first, List.of("192.0.2.7"));
        scoring.leave(first);
        for (int i = 0; i < PeerScore.MAX_RETAINED - 1; i++) {
            scoring.leave(scoring.peer());
        }
        assertThat(scoring.score(first)).isNegative();
        assertThat(scoring.score.sizes()).containsExactly(0, PeerScore.MAX_RETAINED, 1);
        scoring.leave(scoring.peer());
        assertThat(scoring.score(first)).isZero();
        assertThat(scoring.score.sizes()).containsExactly(0, PeerScore.MAX_RETAINED, 0);
    }

    @Test
    void validMessagesAreRememberedForTheWindowOnly() {
        PeerId peer = scoring.peer();
        for (int i = 0; i < 10; i++) {
            scoring.deliverFirst(peer, 1);
            scoring.wait(Duration.ofSeconds(1));
        }
        assertThat(scoring.score.sizes().get(0)).isEqualTo(3);
        scoring.pass(Duration.ofSeconds(3));
        assertThat(scoring.score.sizes().get(0)).isZero();
    }

    @Test
    void validMessagesAreNotRememberedWhereNothingDependsOnThem() {
        Scoring simple = new Scoring(ScoreParams.OFF.withTopic(
                TOPIC, TopicScoreParams.OFF.withWeight(1).with(new FirstDeliveries(1, 0.5, 100))));
        simple.deliverFirst(simple.peer(), 10);
        assertThat(simple.score.sizes().get(0)).isZero();
    }

    @Test
    void noMoreThanABoundOfMessagesIsRemembered() {
        PeerId peer = scoring.peer();
        MessageId oldest = scoring.arrive(peer);
        for (int i = 0; i < 2 * DeliveryRecords.MAX_RECORDS; i++) {
            scoring.arrive(peer);
        }
        assertThat(scoring.score.sizes().get(0)).isEqualTo(DeliveryRecords.MAX_RECORDS);
        PeerId other = scoring.peer();
        scoring.duplicate(other, oldest);
        scoring.deliver(peer, oldest);
        assertThat(scoring.score(peer)).as("it counts all the same").isEqualTo(1);

        for (int i = 0; i < 2 * DeliveryRecords.MAX_RECORDS; i++) {
            scoring.reject(peer, scoring.arrive(peer));
            scoring.deliver(peer, scoring.arrive(peer));
        }
        assertThat(scoring.score.sizes().get(0)).isLessThanOrEqualTo(3 * DeliveryRecords.MAX_RECORDS);
    }

    @Test
    void noMoreThanABoundOfSendersOfAMessageIsRemembered() {
        MessageId id = scoring.arrive(scoring.peer());
        PeerId last = scoring.peer();
        for (int i = 1; i < DeliveryRecords.MAX_SENDERS; i++) {
            scoring.duplicate(scoring.peer(), id);
        }
        scoring.duplicate(last, id);
        scoring.reject(Scoring.peerId(0), id);
        assertThat(scoring.score(Scoring.peerId(0))).isEqualTo(-1);
        assertThat(scoring.score(last)).isZero();
    }

    private void blame(PeerId peer, int invalidMessages) {
        for (int i = 0; i < invalidMessages; i++) {
            scoring.score.invalid(peer, TOPIC);
        }
    }
}
