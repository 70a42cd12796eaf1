package io.reactivep2p.pubsub.simulation;

import io.reactivep2p.pubsub.gossipsub.GossipsubSpec;
import io.reactivep2p.pubsub.gossipsub.score.ScoreParams;
import io.reactivep2p.pubsub.gossipsub.score.ScoreParams.Behaviour;
import io.reactivep2p.pubsub.gossipsub.score.ScoreParams.Colocation;
import io.reactivep2p.pubsub.gossipsub.score.ScoreThresholds;
import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams;
import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams.Failures;
import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams.FirstDeliveries;
import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams.MeshDeliveries;
import io.reactivep2p.pubsub.gossipsub.score.TopicScoreParams.TimeInMesh;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * The options of honest nodes under attack.
 *
 * @param without what of them is switched off, for the report; empty for nothing
 */
record Defence(String without, Consumer<GossipsubSpec> options) {

    private static final Behaviour BEHAVIOUR = new Behaviour(-10, 0, 0.99);

    /** No scores, and everything else that there is by default. */
    static final Defence UNSCORED = new Defence("", spec -> {});

    /** Scores that count shared addresses and misbehaviour. What a peer does well weighs little, so that it pays for no misdeed. */
    static final Defence SCORED = scores(BEHAVIOUR, MeshDeliveries.OFF);

    /** As {@link #SCORED}, and a peer of the mesh is expected to bring messages; for networks that have some all the time. */
    static final Defence EXPECTING =
            scores(BEHAVIOUR, new MeshDeliveries(-1, 0.9, 20, 4, Duration.ofSeconds(2), Duration.ofSeconds(5)));

    /** Scores that do not count misbehaviour (P7). */
    static final Defence FORGIVING = scores(Behaviour.OFF, MeshDeliveries.OFF);

    private static Defence scores(Behaviour behaviour, MeshDeliveries deliveries) {
        boolean expects = deliveries.weight() != 0;
        ScoreParams params = ScoreParams.defaults()
                .withTopic(
                        Scenario.TOPIC,
                        TopicScoreParams.defaults()
                                .with(new TimeInMesh(0.01, Duration.ofSeconds(1), 10))
                                .with(new FirstDeliveries(1, 0.9, 10))
                                .with(deliveries)
                                .withMeshFailures(expects ? new Failures(-1, 0.9) : Failures.OFF))
                .with(new Colocation(-5, 5, List.of()))
                .with(behaviour);
        return new Defence("", spec -> spec.score(params, new ScoreThresholds(-10, -50, -80, 10, 5)));
    }

    /** With more options. */
    Defence with(Consumer<GossipsubSpec> more) {
        return new Defence(without, options.andThen(more));
    }

    /** The same, called so in the report. */
    Defence without(String what) {
        return new Defence(what, options);
    }
}
