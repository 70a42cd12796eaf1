package io.reactivep2p.pubsub.gossipsub.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.testing.Vectors;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The score tables: parameters in, behaviour in, score out. */
class ScoreVectorsTest {

    private static final double TOLERANCE = 1e-9;

    @TestFactory
    Stream<DynamicTest> everyVectorIsExact() {
        return Vectors.tests("gossipsub-score.json", ScoreVectorsTest::check);
    }

    private static void check(JsonNode vector) {
        if (vector.has("expected_factor")) {
            assertThat(ScoreParams.decay(
                            Duration.ofSeconds(vector.get("seconds").asLong()),
                            Duration.ofSeconds(vector.get("decay_interval_s").asLong()),
                            vector.get("decay_to_zero").asDouble()))
                    .isCloseTo(vector.get("expected_factor").asDouble(), within(TOLERANCE));
        } else if (vector.has("factor")) {
            assertThat(decayedOnce(
                            vector.get("value").asInt(), vector.get("factor").asDouble()))
                    .isCloseTo(vector.get("expected").asDouble(), within(TOLERANCE));
        } else {
            assertThat(score(vector.get("params"), vector.get("counters")))
                    .isCloseTo(vector.get("expected_score").asDouble(), within(TOLERANCE));
        }
    }

    /** So many first deliveries, and one decay. */
    private static double decayedOnce(int value, double factor) {
        TopicScoreParams topic =
                TopicScoreParams.OFF.withWeight(1).with(new TopicScoreParams.FirstDeliveries(1, factor, 2_000));
        Scoring scoring = new Scoring(ScoreParams.OFF.withTopic(Scoring.TOPIC, topic));
        PeerId peer = scoring.peer();
        scoring.deliverFirst(peer, value);
        scoring.pass(ScoreParams.DEFAULT_DECAY_INTERVAL);
        return scoring.score(peer);
    }

    private static double score(JsonNode params, JsonNode counters) {
        JsonNode application = counters.path("app_score");
        // One decay after all of the time in the mesh: its factors are 1 in these vectors, or nothing is there to
        // decay.
        Duration meshTime = Duration.ofMillis(counters.path("mesh_time_ms").asLong());
        ScoreParams scoreParams = params(params).withTopic(Scoring.TOPIC, topic(params));
        if (!meshTime.isZero()) {
            scoreParams = scoreParams.withDecay(meshTime, 0.01);
        }
        Scoring scoring = new Scoring(scoreParams, peer -> application.asDouble());
        PeerId peer = scoring.peer();
        if (!meshTime.isZero()) {
            scoring.graft(peer);
            scoring.pass(meshTime);
        }
        scoring.deliverFirst(peer, counters.path("first_deliveries").asInt());
        assertThat(counters.path("mesh_deliveries").asInt()).isZero(); // all that the vectors have of it
        if (counters.path("then").asText().equals("prune")) {
            scoring.prune(peer);
        }
        for (int i = 0; i < counters.path("invalid").asInt(); i++) {
            scoring.score.invalid(peer, Scoring.TOPIC);
        }
        scoring.score.addPenalty(peer, counters.path("penalty").asInt());
        if (counters.has("peers_on_ip")) {
            scoring.score.setIps(peer, List.of("192.0.2.1"));
            for (int i = 1; i < counters.get("peers_on_ip").asInt(); i++) {
                scoring.score.setIps(scoring.peer(), List.of("192.0.2.1"));
            }
        }
        return scoring.score(peer);
    }

    private static ScoreParams params(JsonNode json) {
        return ScoreParams.OFF
                .withApplicationWeight(json.path("AppSpecificWeight").asDouble())
                .with(new ScoreParams.Colocation(
                        json.path("IPColocationFactorWeight").asDouble(),
                        json.path("IPColocationFactorThreshold").asInt(1),
                        List.of()))
                .with(new ScoreParams.Behaviour(
                        json.path("BehaviourPenaltyWeight").asDouble(),
                        json.path("BehaviourPenaltyThreshold").asDouble(),
                        json.path("BehaviourPenaltyDecay").asDouble(1)));
    }

    private static TopicScoreParams topic(JsonNode json) {
        return new TopicScoreParams(
                json.path("TopicWeight").asDouble(),
                new TopicScoreParams.TimeInMesh(
                        json.path("TimeInMeshWeight").asDouble(),
                        Duration.ofMillis(json.path("TimeInMeshQuantum_ms").asLong(1)),
                        json.path("TimeInMeshCap").asDouble()),
                new TopicScoreParams.FirstDeliveries(
                        json.path("FirstMessageDeliveriesWeight").asDouble(),
                        json.path("FirstMessageDeliveriesDecay").asDouble(1),
                        json.path("FirstMessageDeliveriesCap").asDouble()),
                new TopicScoreParams.MeshDeliveries(
                        json.path("MeshMessageDeliveriesWeight").asDouble(),
                        1,
                        json.path("MeshMessageDeliveriesCap").asDouble(),
                        json.path("MeshMessageDeliveriesThreshold").asDouble(),
                        Duration.ZERO,
                        Duration.ofMillis(
                                json.path("MeshMessageDeliveriesActivation_ms").asLong())),
                new TopicScoreParams.Failures(
                        json.path("MeshFailurePenaltyWeight").asDouble(),
                        json.path("MeshFailurePenaltyDecay").asDouble(1)),
                new TopicScoreParams.Failures(
                        json.path("InvalidMessageDeliveriesWeight").asDouble(),
                        json.path("InvalidMessageDeliveriesDecay").asDouble(1)));
    }
}
