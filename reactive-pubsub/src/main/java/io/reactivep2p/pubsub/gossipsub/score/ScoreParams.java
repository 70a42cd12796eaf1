package io.reactivep2p.pubsub.gossipsub.score;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the behaviour of peers weighs. A part whose weight is 0 is off.
 *
 * @param topics the topics that count; others contribute nothing. In this order they are summed up
 * @param topicScoreCap the most that all topics together contribute; 0 for no cap
 * @param applicationWeight P5, of what the application says; may have either sign
 * @param colocation P6
 * @param behaviour P7
 * @param decayInterval how often counters decay
 * @param decayToZero below it a counter becomes 0, between 0 and 1
 * @param retainScore how long the score of a peer that left is remembered, where it is not positive
 */
public record ScoreParams(
        Map<String, TopicScoreParams> topics,
        double topicScoreCap,
        double applicationWeight,
        Colocation colocation,
        Behaviour behaviour,
        Duration decayInterval,
        double decayToZero,
        Duration retainScore) {

    /** go-libp2p's, and everybody's. */
    public static final Duration DEFAULT_DECAY_INTERVAL = Duration.ofSeconds(1);

    public ScoreParams {
        topics = Collections.unmodifiableMap(new LinkedHashMap<>(topics));
        Checks.notNegative(topicScoreCap, "cap of topics");
        Checks.finite(applicationWeight, "application's weight");
        Checks.positive(decayInterval, "decay interval");
        if (!(decayToZero > 0 && decayToZero < 1)) {
            throw new IllegalArgumentException("decayToZero is " + decayToZero + "; expected between 0 and 1");
        }
        Checks.notNegative(retainScore, "time that scores are retained");
    }

    /**
     * P6, peers that share an IP address; of IPv6 the network of 64 bits counts too. Loopback addresses never do.
     *
     * @param weight 0 or less
     * @param threshold how many peers may share one, at least 1
     * @param exempt ranges that do not count, as {@code 10.0.0.0/8}
     */
    public record Colocation(double weight, int threshold, List<String> exempt) {

        public static final Colocation OFF = new Colocation(0, 1, List.of());

        public Colocation {
            Checks.penalty(weight, "weight of shared IP addresses");
            if (threshold < 1) {
                throw new IllegalArgumentException(
                        "the threshold of shared IP addresses is " + threshold + "; expected 1 or more");
            }
            exempt = List.copyOf(exempt);
            exempt.forEach(IpRange::of);
        }
    }

    /**
     * P7, what the router holds against a peer: broken promises, grafts during backoff and the like.
     *
     * @param weight 0 or less
     * @param threshold so many cost nothing
     * @param decay what the count is multiplied with at each interval
     */
    public record Behaviour(double weight, double threshold, double decay) {

        public static final Behaviour OFF = new Behaviour(0, 0, 0.5);

        public Behaviour {
            Checks.penalty(weight, "weight of behaviour");
            Checks.notNegative(threshold, "threshold of behaviour");
            Checks.decay(decay, "decay of behaviour");
        }
    }

    /** Nothing counts. */
    public static final ScoreParams OFF =
            new ScoreParams(Map.of(), 0, 0, Colocation.OFF, Behaviour.OFF, DEFAULT_DECAY_INTERVAL, 0.01, Duration.ZERO);

    /** Those of rust-libp2p, with no topics yet; go-libp2p has none. */
    public static ScoreParams defaults() {
        return new ScoreParams(
                Map.of(),
                3_600,
                10,
                new Colocation(-5, 10, List.of()),
                new Behaviour(-10, 0, 0.2),
                DEFAULT_DECAY_INTERVAL,
                0.1,
                Duration.ofHours(1));
    }

    /** The factor that brings a count of 1 to {@code decayToZero} in {@code time}, in whole intervals. */
    public static double decay(Duration time, Duration interval, double decayToZero) {
        long intervals = time.dividedBy(interval);
        if (intervals < 1) {
            throw new IllegalArgumentException(
                    "a decay in " + time + "; expected an interval, " + interval + ", or more");
        }
        return Math.pow(decayToZero, 1.0 / intervals);
    }

    /** The factor that brings a count of 1 to {@link #decayToZero} in {@code time}, in whole intervals. */
    public double decay(Duration time) {
        return decay(time, decayInterval, decayToZero);
    }

    /** The same with another topic, or other parameters of one. */
    public ScoreParams withTopic(String topic, TopicScoreParams params) {
        Map<String, TopicScoreParams> more = new LinkedHashMap<>(topics);
        more.put(topic, params);
        return new ScoreParams(
                more, topicScoreCap, applicationWeight, colocation, behaviour, decayInterval, decayToZero, retainScore);
    }

    public ScoreParams withTopicScoreCap(double value) {
        return new ScoreParams(
                topics, value, applicationWeight, colocation, behaviour, decayInterval, decayToZero, retainScore);
    }

    public ScoreParams withApplicationWeight(double value) {
        return new ScoreParams(
                topics, topicScoreCap, value, colocation, behaviour, decayInterval, decayToZero, retainScore);
    }

    public ScoreParams with(Colocation value) {
        return new ScoreParams(
                topics, topicScoreCap, applicationWeight, value, behaviour, decayInterval, decayToZero, retainScore);
    }

    public ScoreParams with(Behaviour value) {
        return new ScoreParams(
                topics, topicScoreCap, applicationWeight, colocation, value, decayInterval, decayToZero, retainScore);
    }

    public ScoreParams withDecay(Duration interval, double toZero) {
        return new ScoreParams(
                topics, topicScoreCap, applicationWeight, colocation, behaviour, interval, toZero, retainScore);
    }

    public ScoreParams withRetainScore(Duration value) {
        return new ScoreParams(
                topics, topicScoreCap, applicationWeight, colocation, behaviour, decayInterval, decayToZero, value);
    }
}
