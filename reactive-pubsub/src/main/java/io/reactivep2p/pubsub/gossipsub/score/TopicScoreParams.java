package io.reactivep2p.pubsub.gossipsub.score;

import java.time.Duration;

/**
 * What a topic contributes to the scores of peers. A part whose weight is 0 is off.
 *
 * @param weight what the sum of the topic's parts is multiplied with, 0 or more
 * @param timeInMesh P1
 * @param firstDeliveries P2
 * @param meshDeliveries P3
 * @param meshFailures P3b
 * @param invalidMessages P4
 */
public record TopicScoreParams(
        double weight,
        TimeInMesh timeInMesh,
        FirstDeliveries firstDeliveries,
        MeshDeliveries meshDeliveries,
        Failures meshFailures,
        Failures invalidMessages) {

    public TopicScoreParams {
        Checks.notNegative(weight, "topic's weight");
    }

    /**
     * P1, the time that a peer is in the mesh.
     *
     * @param weight 0 or more
     * @param quantum the time that counts 1; parts of it count nothing
     * @param cap the most that is counted
     */
    public record TimeInMesh(double weight, Duration quantum, double cap) {

        public static final TimeInMesh OFF = new TimeInMesh(0, Duration.ofSeconds(1), 0);

        public TimeInMesh {
            Checks.notNegative(weight, "weight of time in the mesh");
            Checks.positive(quantum, "quantum of time in the mesh");
            Checks.notNegative(cap, "cap of time in the mesh");
        }
    }

    /**
     * P2, the messages that a peer delivered before all others.
     *
     * @param weight 0 or more
     * @param decay what the count is multiplied with at each interval
     * @param cap the most that is counted
     */
    public record FirstDeliveries(double weight, double decay, double cap) {

        public static final FirstDeliveries OFF = new FirstDeliveries(0, 0.5, 0);

        public FirstDeliveries {
            Checks.notNegative(weight, "weight of first deliveries");
            Checks.decay(decay, "decay of first deliveries");
            Checks.notNegative(cap, "cap of first deliveries");
        }
    }

    /**
     * P3, the messages that a peer in the mesh delivered first or nearly so; too few are a penalty.
     *
     * @param weight 0 or less
     * @param decay what the count is multiplied with at each interval
     * @param cap the most that is counted
     * @param threshold how many there should be
     * @param window how long after a message was found valid another copy of it counts
     * @param activation how long a peer is in the mesh before too few are held against it
     */
    public record MeshDeliveries(
            double weight, double decay, double cap, double threshold, Duration window, Duration activation) {

        public static final MeshDeliveries OFF = new MeshDeliveries(0, 0.5, 0, 0, Duration.ZERO, Duration.ZERO);

        public MeshDeliveries {
            Checks.penalty(weight, "weight of mesh deliveries");
            Checks.decay(decay, "decay of mesh deliveries");
            Checks.notNegative(cap, "cap of mesh deliveries");
            Checks.notNegative(threshold, "threshold of mesh deliveries");
            Checks.notNegative(window, "window of mesh deliveries");
            Checks.notNegative(activation, "activation of mesh deliveries");
            if (weight != 0 && threshold > cap) {
                throw new IllegalArgumentException("the threshold of mesh deliveries is " + threshold
                        + "; with a cap of " + cap + " no peer could reach it");
            }
        }
    }

    /**
     * P3b, the deficits with which a peer left the mesh, or P4, the invalid messages that it sent.
     *
     * @param weight 0 or less
     * @param decay what the count is multiplied with at each interval
     */
    public record Failures(double weight, double decay) {

        public static final Failures OFF = new Failures(0, 0.5);

        public Failures {
            Checks.penalty(weight, "weight of failures");
            Checks.decay(decay, "decay of failures");
        }
    }

    /** Everything off. */
    public static final TopicScoreParams OFF = new TopicScoreParams(
            0, TimeInMesh.OFF, FirstDeliveries.OFF, MeshDeliveries.OFF, Failures.OFF, Failures.OFF);

    /**
     * Those of rust-libp2p and js-libp2p; go-libp2p has none. With them a peer in the mesh that forwards nothing keeps a positive score,
     * since P1 outweighs P3 (CVE-2022-47547); the threshold of P3 asks for twenty messages a second. A network that knows how many there
     * are should say so, and cap P1 and P2 well below what the deficit weighs.
     */
    public static TopicScoreParams defaults() {
        return new TopicScoreParams(
                0.5,
                new TimeInMesh(1, Duration.ofMillis(1), 3_600),
                new FirstDeliveries(1, 0.5, 2_000),
                new MeshDeliveries(-1, 0.5, 100, 20, Duration.ofMillis(10), Duration.ofSeconds(5)),
                new Failures(-1, 0.5),
                new Failures(-1, 0.3));
    }

    public TopicScoreParams withWeight(double value) {
        return new TopicScoreParams(value, timeInMesh, firstDeliveries, meshDeliveries, meshFailures, invalidMessages);
    }

    public TopicScoreParams with(TimeInMesh value) {
        return new TopicScoreParams(weight, value, firstDeliveries, meshDeliveries, meshFailures, invalidMessages);
    }

    public TopicScoreParams with(FirstDeliveries value) {
        return new TopicScoreParams(weight, timeInMesh, value, meshDeliveries, meshFailures, invalidMessages);
    }

    public TopicScoreParams with(MeshDeliveries value) {
        return new TopicScoreParams(weight, timeInMesh, firstDeliveries, value, meshFailures, invalidMessages);
    }

    public TopicScoreParams withMeshFailures(Failures value) {
        return new TopicScoreParams(weight, timeInMesh, firstDeliveries, meshDeliveries, value, invalidMessages);
    }

    public TopicScoreParams withInvalidMessages(Failures value) {
        return new TopicScoreParams(weight, timeInMesh, firstDeliveries, meshDeliveries, meshFailures, value);
    }
}
