package io.reactivep2p.pubsub.gossipsub.score;

import static io.reactivep2p.pubsub.gossipsub.score.Scoring.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams.Failures;
import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams.FirstDeliveries;
import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams.MeshDeliveries;
import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams.TimeInMesh;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Known ways around scores. */
class ScoreAdvisoriesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final ScoreThresholds THRESHOLDS = ScoreThresholds.defaults();

    private static final Duration WINDOW = Duration.ofMillis(10);

    /** What a topic can earn, 27.5, is much less than what forwarding nothing in it costs, 200. */
    private static final TopicScoreParams TOPIC_PARAMS = TopicScoreParams.defaults()
            .with(new TimeInMesh(0.5, SECOND, 30))
            .with(new FirstDeliveries(1, 0.5, 40))
            .with(new MeshDeliveries(-1, 0.9, 100, 20, WINDOW, Duration.ofSeconds(5)));

    private static final ScoreParams PARAMS = ScoreParams.defaults()
            .withTopicScoreCap(100)
            .withTopic(TOPIC, TOPIC_PARAMS)
            .withTopic("news", TOPIC_PARAMS)
            .withTopic("sports", TOPIC_PARAMS);

    @Test
    void cve_2022_47547_aPeerThatForwardsNothingInOneTopicIsNotSavedByItsTimeInTheMesh() {
        Scoring scoring = new Scoring(ScoreParams.defaults().withTopic(TOPIC, TOPIC_PARAMS));
        PeerId silent = scoring.peer();
        PeerId honest = scoring.peer();
        scoring.graft(silent);
        scoring.graft(honest);
        for (int second = 0; second < 60; second++) {
            scoring.deliverFirst(honest, 10);
            scoring.pass(SECOND);
        }
        assertThat(scoring.score(honest)).isPositive();
        assertThat(scoring.score(silent)).isNegative().isLessThan(THRESHOLDS.gossip());
    }

    @Test
    void cve_2022_47547_aPeerThatServesTwoTopicsToStarveAThirdGoesBelowZero() {
        Scoring scoring = new Scoring(PARAMS);
        PeerId peer = scoring.peer();
        for (String topic : List.of(TOPIC, "news", "sports")) {
            scoring.score.graft(peer, topic, scoring.now);
        }
        for (int second = 0; second < 60; second++) {
            for (String topic : List.of("news", "sports")) {
                for (int i = 0; i < 50; i++) {
                    scoring.score.deliver(peer, scoring.message(), topic, scoring.now);
                }
            }
            scoring.pass(SECOND);
        }
        assertThat(scoring.score(peer)).isLessThan(THRESHOLDS.graylist());
    }

    @Test
    void cve_2022_47547_aPeerThatLeavesWithADeficitAndReturnsStillHasIt() {
        Scoring scoring = new Scoring(PARAMS);
        PeerId peer = scoring.peer();
        scoring.graft(peer);
        for (int second = 0; second < 10; second++) {
            scoring.pass(SECOND);
        }
        scoring.leave(peer);
        scoring.score.addPeer(peer);
        assertThat(scoring.score(peer)).isNegative();
        scoring.graft(peer);
        assertThat(scoring.score(peer)).as("the failure sticks").isNegative();
    }

    @Test
    void cve_2020_12821_aPeerThatFloodsTheMeshWithInvalidMessagesIsGraylisted() {
        Scoring scoring = new Scoring(PARAMS);
        PeerId spammer = scoring.peer();
        scoring.graft(spammer);
        scoring.deliverFirst(spammer, 100); // buys itself a reputation first
        assertThat(scoring.score(spammer)).isPositive();
        for (int i = 0; i < 100; i++) {
            scoring.reject(spammer, scoring.arrive(spammer));
        }
        assertThat(scoring.score(spammer)).isLessThan(THRESHOLDS.graylist());
    }

    @Test
    void cve_2020_12821_copiesOfWhatOthersDeliveredLongAgoEarnNothing() {
        Scoring scoring = new Scoring(PARAMS);
        PeerId honest = scoring.peer();
        PeerId parrot = scoring.peer();
        scoring.graft(honest);
        scoring.graft(parrot);
        for (int second = 0; second < 10; second++) {
            for (int i = 0; i < 20; i++) {
                MessageId id = scoring.arrive(honest);
                scoring.deliver(honest, id);
                scoring.wait(WINDOW.plusNanos(1)); // past the window
                scoring.duplicate(parrot, id);
            }
            scoring.pass(SECOND);
        }
        assertThat(scoring.score(honest)).isPositive();
        assertThat(scoring.score(parrot)).isLessThan(THRESHOLDS.gossip());
    }

    @Test
    void cve_2020_12821_manyPeersOfOneMachineAreWorthLessThanOne() {
        Scoring scoring = new Scoring(PARAMS.with(new ScoreParams.Colocation(-5, 10, List.of())));
        PeerId sybil = scoring.peer();
        scoring.score.setIps(sybil, List.of("192.0.2.1"));
        for (int i = 0; i < 20; i++) {
            scoring.score.setIps(scoring.peer(), List.of("192.0.2.1"));
        }
        scoring.graft(sybil);
        scoring.deliverFirst(sybil, 200);
        assertThat(scoring.score(sybil)).isLessThan(THRESHOLDS.graylist());
    }

    @Test
    void cve_2020_12821_invalidMessagesWeighTheirSquareWhateverWasDelivered() {
        Scoring scoring = new Scoring(PARAMS.withTopic(
                TOPIC, TOPIC_PARAMS.with(MeshDeliveries.OFF).withInvalidMessages(new Failures(-1, 0.99))));
        PeerId peer = scoring.peer();
        for (int i = 0; i < 60; i++) {
            scoring.deliverFirst(peer, 1);
            scoring.score.invalid(peer, TOPIC);
        }
        assertThat(scoring.score(peer)).isEqualTo(0.5 * (40 - 3_600));
    }
}
