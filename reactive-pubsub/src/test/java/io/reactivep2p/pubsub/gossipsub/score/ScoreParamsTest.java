package io.reactivep2p.pubsub.gossipsub.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams.Failures;
import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams.FirstDeliveries;
import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams.MeshDeliveries;
import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams.TimeInMesh;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScoreParamsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static void refused(ThrowingCallable made) {
        assertThatThrownBy(made).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("expected");
    }

    @Test
    void theDefaultsAreThoseOfOthers() {
        TopicScoreParams topic = TopicScoreParams.defaults();
        assertThat(topic.weight()).isEqualTo(0.5);
        assertThat(topic.timeInMesh()).isEqualTo(new TimeInMesh(1, Duration.ofMillis(1), 3_600));
        assertThat(topic.meshDeliveries())
                .isEqualTo(new MeshDeliveries(-1, 0.5, 100, 20, Duration.ofMillis(10), Duration.ofSeconds(5)));
        assertThat(ScoreThresholds.defaults()).isEqualTo(new ScoreThresholds(-10, -50, -80, 10, 20));
        assertThat(ScoreParams.defaults().behaviour()).isEqualTo(new ScoreParams.Behaviour(-10, 0, 0.2));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void rewardsAndCapsAreFiniteAndNotNegative(double value) {
        refused(() -> new TimeInMesh(value, SECOND, 1));
        refused(() -> new TimeInMesh(1, SECOND, value));
        refused(() -> new FirstDeliveries(value, 0.5, 1));
        refused(() -> new FirstDeliveries(1, 0.5, value));
        refused(() -> new MeshDeliveries(-1, 0.5, value, 0, SECOND, SECOND));
        refused(() -> new MeshDeliveries(0, 0.5, 1, value, SECOND, SECOND));
        refused(() -> TopicScoreParams.OFF.withWeight(value));
        refused(() -> ScoreParams.OFF.withTopicScoreCap(value));
        refused(() -> new ScoreParams.Behaviour(-1, value, 0.5));
        refused(() -> new ScoreThresholds(-1, -2, -3, value, 0));
        refused(() -> new ScoreThresholds(-1, -2, -3, 0, value));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, Double.NaN, Double.NEGATIVE_INFINITY})
    void penaltiesAreFiniteAndNotPositive(double value) {
        refused(() -> new MeshDeliveries(value, 0.5, 1, 0, SECOND, SECOND));
        refused(() -> new Failures(value, 0.5));
        refused(() -> new ScoreParams.Colocation(value, 1, List.of()));
        refused(() -> new ScoreParams.Behaviour(value, 0, 0.5));
        refused(() -> new ScoreThresholds(value, -2, -3, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.5, 1.001, Double.NaN})
    void aDecayIsBetweenNothingAndNever(double value) {
        refused(() -> new FirstDeliveries(1, value, 1));
        refused(() -> new MeshDeliveries(-1, value, 1, 0, SECOND, SECOND));
        refused(() -> new Failures(-1, value));
        refused(() -> new ScoreParams.Behaviour(-1, 0, value));
        refused(() -> ScoreParams.OFF.withDecay(SECOND, value));
    }

    @Test
    void timesAreSensible() {
        Duration before = Duration.ofNanos(-1);
        refused(() -> new TimeInMesh(1, Duration.ZERO, 1));
        refused(() -> new TimeInMesh(1, before, 1));
        refused(() -> new MeshDeliveries(-1, 0.5, 1, 0, before, SECOND));
        refused(() -> new MeshDeliveries(-1, 0.5, 1, 0, SECOND, before));
        refused(() -> ScoreParams.OFF.withDecay(Duration.ZERO, 0.1));
        refused(() -> ScoreParams.OFF.withRetainScore(before));
        refused(() -> ScoreParams.OFF.decay(Duration.ofMillis(999)));
    }

    @Test
    void aThresholdOfDeliveriesIsWithinReach() {
        assertThatThrownBy(() -> new MeshDeliveries(-1, 0.5, 10, 11, SECOND, SECOND))
                .hasMessageContaining("no peer could reach it");
        assertThat(new MeshDeliveries(0, 0.5, 10, 11, SECOND, SECOND).threshold())
                .isEqualTo(11);
    }

    @Test
    void thresholdsDescend() {
        refused(() -> new ScoreThresholds(-2, -1, -3, 0, 0));
        refused(() -> new ScoreThresholds(-1, -3, -2, 0, 0));
        refused(() -> new ScoreThresholds(1, -3, -4, 0, 0));
        refused(() -> new ScoreParams.Colocation(-1, 0, List.of()));
        assertThat(new ScoreThresholds(0, 0, 0, 0, 0).graylist()).isZero();
    }

    @Test
    void topicsAreCopiedAndKeepTheirOrder() {
        ScoreParams params = ScoreParams.OFF
                .withTopic("b", TopicScoreParams.OFF)
                .withTopic("a", TopicScoreParams.OFF)
                .withTopic("b", TopicScoreParams.defaults());
        assertThat(params.topics())
                .containsExactly(Map.entry("b", TopicScoreParams.defaults()), Map.entry("a", TopicScoreParams.OFF));
        assertThatThrownBy(() -> params.topics().clear()).isInstanceOf(UnsupportedOperationException.class);
    }
}
