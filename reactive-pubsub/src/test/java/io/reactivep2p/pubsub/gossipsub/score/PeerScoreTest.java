package io.reactivep2p.pubsub.gossipsub.score;

import static io.reactivep2p.pubsub.gossipsub.score.Scoring.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams.Failures;
import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams.FirstDeliveries;
import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams.MeshDeliveries;
import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams.TimeInMesh;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerScoreTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration WINDOW = Duration.ofMillis(10);

    private static ScoreParams topic(TopicScoreParams topic) {
        return ScoreParams.OFF.withTopic(TOPIC, topic.withWeight(1)).withRetainScore(Duration.ofMinutes(1));
    }

    /** Each delivery below ten costs. */
    private static MeshDeliveries tenDeliveries(double weight) {
        return new MeshDeliveries(weight, 1, 100, 10, WINDOW, SECOND);
    }

    /** Of a peer in the mesh for two seconds: one less per delivery, squared. */
    private static double deficit(int deliveries) {
        return -Math.pow(Math.max(0, 10 - deliveries), 2);
    }

    @Test
    void strangersAndTopicsWithoutParametersCountNothing() {
        Scoring scoring = new Scoring(topic(TopicScoreParams.defaults()));
        PeerId stranger = Scoring.peerId(99);
        scoring.graft(stranger);
        scoring.score.addPenalty(stranger, 3);
        scoring.score.setIps(stranger, List.of("192.0.2.1"));
        scoring.deliverFirst(stranger, 5);
        assertThat(scoring.score(stranger)).isZero();

        PeerId peer = scoring.peer();
        scoring.score.invalid(peer, "another topic");
        scoring.score.graft(peer, "another topic", scoring.now);
        scoring.pass(SECOND);
        assertThat(scoring.score(peer)).isZero();
        assertThat(scoring.score.sizes()).containsExactly(0, 0, 0);
    }

    @Test
    void timeInTheMeshCountsWholeQuantaAndEndsWithThePrune() {
        Scoring scoring = new Scoring(topic(TopicScoreParams.OFF.with(new TimeInMesh(2, Duration.ofMillis(300), 5))));
        PeerId peer = scoring.peer();
        scoring.graft(peer);
        assertThat(scoring.score(peer)).isZero();
        scoring.pass(SECOND);
        assertThat(scoring.score(peer)).isEqualTo(6);
        scoring.pass(Duration.ofMinutes(1));
        assertThat(scoring.score(peer)).isEqualTo(10);

        scoring.prune(peer);
        assertThat(scoring.score(peer)).isZero();
        scoring.graft(peer);
        assertThat(scoring.score(peer)).as("the time begins anew").isZero();
    }

    @Test
    void firstDeliveriesCountOutsideOfTheMeshTooUpToACapAndDecay() {
        Scoring scoring = new Scoring(topic(TopicScoreParams.OFF.with(new FirstDeliveries(3, 0.5, 8))));
        PeerId peer = scoring.peer();
        scoring.deliverFirst(peer, 4);
        assertThat(scoring.score(peer)).isEqualTo(12);
        scoring.deliverFirst(peer, 40);
        assertThat(scoring.score(peer)).isEqualTo(24);
        scoring.pass(SECOND);
        assertThat(scoring.score(peer)).isEqualTo(12);
    }

    @Test
    void aCounterBelowDecayToZeroIsZero() {
        Scoring scoring = new Scoring(
                topic(TopicScoreParams.OFF.with(new FirstDeliveries(1, 0.5, 8))).withDecay(SECOND, 0.2));
        PeerId peer = scoring.peer();
        scoring.deliverFirst(peer, 1);
        scoring.pass(SECOND);
        scoring.pass(SECOND);
        assertThat(scoring.score(peer)).isEqualTo(0.25);
        scoring.pass(SECOND);
        assertThat(scoring.score(peer)).isZero();
    }

    @Test
    void countersDecayOncePerIntervalHoweverOftenAsked() {
        Scoring scoring = new Scoring(topic(TopicScoreParams.OFF.with(new FirstDeliveries(1, 0.5, 100))));
        PeerId peer = scoring.peer();
        scoring.deliverFirst(peer, 64);
        scoring.pass(Duration.ofMillis(600));
        scoring.pass(Duration.ofMillis(399));
        assertThat(scoring.score(peer)).isEqualTo(64);
        scoring.pass(Duration.ofMillis(1));
        assertThat(scoring.score(peer)).isEqualTo(32);
        scoring.pass(Duration.ofMillis(2_500));
        assertThat(scoring.score(peer)).isEqualTo(8);
        scoring.pass(Duration.ofMillis(500));
        assertThat(scoring.score(peer)).isEqualTo(4);
    }

    @Test
    void aPauseIsMadeUpForUpToABound() {
        Scoring scoring = new Scoring(ScoreParams.OFF.with(new ScoreParams.Behaviour(-1, 0, 0.99)));
        PeerId peer = scoring.peer();
        scoring.score.addPenalty(peer, 10);
        scoring.pass(Duration.ofDays(10_000));
        assertThat(scoring.score(peer)).isCloseTo(-100 * Math.pow(0.99, 2 * 60), within(1e-9));
        scoring.pass(Duration.ofMillis(999));
        assertThat(scoring.score(peer)).isCloseTo(-100 * Math.pow(0.99, 2 * 60), within(1e-9));
        scoring.pass(Duration.ofMillis(1));
        assertThat(scoring.score(peer)).isCloseTo(-100 * Math.pow(0.99, 2 * 61), within(1e-9));
    }

    @Test
    void tooFewMeshDeliveriesCountOnlyAfterTheActivation() {
        Scoring scoring = new Scoring(topic(TopicScoreParams.OFF.with(tenDeliveries(-1))));
        PeerId peer = scoring.peer();
        scoring.graft(peer);
        scoring.pass(SECOND);
        assertThat(scoring.score(peer)).as("not longer than the activation").isZero();
        scoring.pass(SECOND);
        assertThat(scoring.score(peer)).isEqualTo(deficit(0));
        scoring.deliverFirst(peer, 4);
        assertThat(scoring.score(peer)).isEqualTo(deficit(4));
        scoring.deliverFirst(peer, 400);
        assertThat(scoring.score(peer)).isZero();
    }

    @Test
    void copiesFromTheMeshCountWhileAMessageIsValidatedAndForAWindowAfterwards() {
        Scoring scoring = new Scoring(topic(TopicScoreParams.OFF.with(tenDeliveries(-1))));
        PeerId first = inMesh(scoring);
        PeerId early = inMesh(scoring);
        PeerId prompt = inMesh(scoring);
        PeerId late = inMesh(scoring);
        PeerId outside = scoring.peer();
        scoring.pass(Duration.ofSeconds(2));

        MessageId id = scoring.arrive(first);
        scoring.duplicate(early, id);
        scoring.duplicate(outside, id);
        assertThat(scoring.score(early)).as("nobody knows yet").isEqualTo(deficit(0));
        scoring.wait(Duration.ofMillis(500));
        scoring.deliver(first, id);
        scoring.wait(WINDOW);
        scoring.duplicate(prompt, id);
        scoring.wait(Duration.ofNanos(1));
        scoring.duplicate(late, id);

        assertThat(scoring.score(first)).isEqualTo(deficit(1));
        assertThat(scoring.score(early)).isEqualTo(deficit(1));
        assertThat(scoring.score(prompt)).isEqualTo(deficit(1));
        assertThat(scoring.score(late)).isEqualTo(deficit(0));
        assertThat(scoring.score(outside)).isZero();
    }

    @Test
    void aMessageCountsOnceForAPeerHoweverOftenItSendsIt() {
        Scoring scoring = new Scoring(topic(TopicScoreParams.OFF.with(tenDeliveries(-1))));
        PeerId first = inMesh(scoring);
        PeerId second = inMesh(scoring);
        PeerId third = inMesh(scoring);
        scoring.pass(Duration.ofSeconds(2));
        MessageId id = scoring.arrive(first);
        scoring.duplicate(first, id);
        scoring.duplicate(second, id);
        scoring.duplicate(second, id);
        scoring.deliver(first, id);
        for (int i = 0; i < 5; i++) {
            scoring.duplicate(first, id);
            scoring.duplicate(second, id);
            scoring.duplicate(third, id);
        }
        assertThat(scoring.score(first)).isEqualTo(deficit(1));
        assertThat(scoring.score(second)).isEqualTo(deficit(1));
        assertThat(scoring.score(third)).isEqualTo(deficit(1));
    }

    @Test
    void aDeficitSticksWhenThePeerIsPrunedAndOnlyIfItWasActive() {
        TopicScoreParams failures = TopicScoreParams.OFF.with(tenDeliveries(0)).withMeshFailures(new Failures(-1, 0.5));
        Scoring scoring = new Scoring(topic(failures));
        PeerId lazy = inMesh(scoring);
        PeerId diligent = inMesh(scoring);
        scoring.pass(Duration.ofSeconds(2));
        PeerId fresh = inMesh(scoring);
        scoring.deliverFirst(lazy, 4);
        scoring.deliverFirst(diligent, 10);
        List.of(lazy, diligent, fresh).forEach(scoring::prune);

        assertThat(scoring.score(lazy)).isEqualTo(-36);
        assertThat(scoring.score(diligent)).isZero();
        assertThat(scoring.score(fresh)).isZero();
        scoring.prune(lazy);
        assertThat(scoring.score(lazy)).as("it was not in the mesh").isEqualTo(-36);
        scoring.pass(SECOND);
        assertThat(scoring.score(lazy)).isEqualTo(-18);
    }

    @Test
    void aGraftGivesAnotherChanceToDeliver() {
        Scoring scoring = new Scoring(topic(TopicScoreParams.OFF.with(tenDeliveries(-1))));
        PeerId peer = inMesh(scoring);
        scoring.pass(Duration.ofSeconds(2));
        scoring.prune(peer);
        assertThat(scoring.score(peer)).as("as in go, the deficit counts on").isEqualTo(deficit(0));
        scoring.graft(peer);
        assertThat(scoring.score(peer)).isZero();
        scoring.pass(Duration.ofSeconds(2));
        assertThat(scoring.score(peer)).isEqualTo(deficit(0));
    }

    @Test
    void invalidMessagesAreHeldAgainstAllWhoSentThem() {
        Scoring scoring = new Scoring(topic(TopicScoreParams.OFF.withInvalidMessages(new Failures(-1, 0.5))));
        PeerId first = scoring.peer();
        PeerId second = scoring.peer();
        PeerId later = scoring.peer();
        PeerId innocent = scoring.peer();
        MessageId id = scoring.arrive(first);
        scoring.duplicate(second, id);
        scoring.duplicate(first, id);
        scoring.reject(first, id);
        scoring.duplicate(later, id);
        scoring.duplicate(later, id);
        scoring.duplicate(innocent, scoring.message());

        assertThat(scoring.score(first)).isEqualTo(-1);
        assertThat(scoring.score(second)).isEqualTo(-1);
        assertThat(scoring.score(later)).as("each further copy counts").isEqualTo(-4);
        assertThat(scoring.score(innocent)).isZero();
        scoring.pass(SECOND);
        assertThat(scoring.score(later)).as("the count decays, not its square").isEqualTo(-1);
    }

    @Test
    void anInvalidMessageIsForgottenAfterTwoMinutes() {
        Scoring scoring = new Scoring(topic(TopicScoreParams.OFF.withInvalidMessages(new Failures(-1, 1))));
        PeerId peer = scoring.peer();
        MessageId id = scoring.arrive(peer);
        scoring.reject(peer, id);
        scoring.pass(Duration.ofSeconds(120));
        scoring.duplicate(peer, id);
        assertThat(scoring.score(peer)).isEqualTo(-4);
        scoring.pass(SECOND);
        scoring.duplicate(peer, id);
        assertThat(scoring.score(peer)).isEqualTo(-4);
        assertThat(scoring.score.sizes()).containsExactly(0, 0, 0);
    }

    @Test
    void aMessageThatWasNeverValidatedIsHeldAgainstItsSenderAlone() {
        Scoring scoring = new Scoring(topic(TopicScoreParams.OFF.withInvalidMessages(new Failures(-1, 0.5))));
        PeerId forger = scoring.peer();
        PeerId honest = scoring.peer();
        MessageId id = scoring.message();
        scoring.score.invalid(forger, TOPIC);
        scoring.score.validate(honest, id, TOPIC, scoring.now);
        scoring.deliver(honest, id);
        assertThat(scoring.score(forger)).isEqualTo(-1);
        assertThat(scoring.score(honest)).isZero();

        scoring.reject(forger, scoring.message()); // never told of before: held against the one we know of
        assertThat(scoring.score(forger)).isEqualTo(-4);
    }

    @Test
    void anIgnoredMessageIsHeldAgainstNobodyAndPraisesNobody() {
        Scoring scoring = new Scoring(topic(TopicScoreParams.defaults()));
        PeerId first = inMesh(scoring);
        PeerId second = inMesh(scoring);
        MessageId id = scoring.arrive(first);
        scoring.duplicate(second, id);
        scoring.score.ignore(id);
        scoring.duplicate(second, id);
        assertThat(scoring.score(first)).isZero();
        assertThat(scoring.score(second)).isZero();
        assertThat(scoring.score.sizes()).containsExactly(0, 0, 0);
    }

    @Test
    void allTopicsTogetherAreCappedUpwardsOnly() {
        TopicScoreParams topic = TopicScoreParams.OFF
                .withWeight(1)
                .with(new FirstDeliveries(1, 1, 1_000))
                .withInvalidMessages(new Failures(-1, 1));
        Scoring scoring = new Scoring(topic(topic).withTopicScoreCap(100).withTopic("news", topic));
        PeerId peer = scoring.peer();
        scoring.deliverFirst(peer, 80);
        for (int i = 0; i < 80; i++) {
            scoring.score.deliver(peer, scoring.message(), "news", scoring.now);
        }
        assertThat(scoring.score(peer)).isEqualTo(100);
        for (int i = 0; i < 100; i++) {
            scoring.score.invalid(peer, "news");
        }
        assertThat(scoring.score(peer)).isEqualTo(160 - 10_000);
    }

    @Test
    void theApplicationsOpinionIsAskedEachTimeAndIsNotCapped() {
        double[] opinion = {0};
        Scoring scoring =
                new Scoring(ScoreParams.OFF.withApplicationWeight(0.5).withTopicScoreCap(1), peer -> opinion[0]);
        PeerId peer = scoring.peer();
        opinion[0] = 1_000;
        assertThat(scoring.score(peer)).isEqualTo(500);
        opinion[0] = -1_000;
        assertThat(scoring.score(peer)).isEqualTo(-500);
    }

    @Test
    void behaviourCountsAboveItsThresholdSquaredAndDecays() {
        Scoring scoring = new Scoring(ScoreParams.OFF.with(new ScoreParams.Behaviour(-2, 3, 0.5)));
        PeerId peer = scoring.peer();
        scoring.score.addPenalty(peer, 3);
        assertThat(scoring.score(peer)).isZero();
        scoring.score.addPenalty(peer, 5);
        assertThat(scoring.score(peer)).isEqualTo(-50);
        scoring.pass(SECOND);
        assertThat(scoring.score(peer)).isEqualTo(-2);
    }

    @Test
    void otherParametersForATopicHoldAtOnce() {
        Scoring scoring = new Scoring(topic(TopicScoreParams.OFF.with(new FirstDeliveries(1, 1, 100))));
        PeerId peer = scoring.peer();
        scoring.deliverFirst(peer, 50);
        scoring.score.setTopic(TOPIC, TopicScoreParams.OFF.withWeight(1).with(new FirstDeliveries(2, 1, 10)));
        assertThat(scoring.score(peer)).isEqualTo(20);

        scoring.score.setTopic("news", TopicScoreParams.OFF.withWeight(1).withInvalidMessages(new Failures(-1, 1)));
        scoring.score.invalid(peer, "news");
        assertThat(scoring.score(peer)).isEqualTo(19);
    }

    private static PeerId inMesh(Scoring scoring) {
        PeerId peer = scoring.peer();
        scoring.graft(peer);
        return peer;
    }
}
