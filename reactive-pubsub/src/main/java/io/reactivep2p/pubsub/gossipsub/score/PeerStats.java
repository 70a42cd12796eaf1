package io.reactivep2p.pubsub.gossipsub.score;

import io.reactivep2p.connection.SansIo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What one peer did. Has statistics only of topics that have parameters, which no topic ever loses. */
@SansIo
final class PeerStats {

    private final Map<String, TopicStats> topics = new LinkedHashMap<>(4);
    private List<String> ipGroups = List.of();
    private double penalties;
    private long leftAt;

    /** Of a topic that has parameters. */
    TopicStats topic(String topic) {
        return topics.computeIfAbsent(topic, key -> new TopicStats());
    }

    List<String> ipGroups() {
        return ipGroups;
    }

    void setIpGroups(List<String> groups) {
        ipGroups = groups;
    }

    void addPenalty(int count) {
        penalties += count;
    }

    double penalties() {
        return penalties;
    }

    long leftAt() {
        return leftAt;
    }

    void onDisconnect(Map<String, TopicScoreParams> params, long nowNanos) {
        leftAt = nowNanos;
        topics.forEach((topic, stats) -> stats.onDisconnect(of(topic, params)));
    }

    void onNewParams(String topic, TopicScoreParams params) {
        TopicStats stats = topics.get(topic);
        if (stats != null) {
            stats.onNewParams(params);
        }
    }

    void decay(Map<String, TopicScoreParams> params, double penaltyDecay, double toZero, long nowNanos) {
        topics.forEach((topic, stats) -> stats.decay(of(topic, params), toZero, nowNanos));
        penalties = TopicStats.decayed(penalties, penaltyDecay, toZero);
    }

    /** The sum over all topics. */
    double topicsScore(Map<String, TopicScoreParams> params) {
        double score = 0;
        for (Map.Entry<String, TopicStats> topic : topics.entrySet()) {
            score += topic.getValue().score(of(topic.getKey(), params));
        }
        return score;
    }

    private static TopicScoreParams of(String topic, Map<String, TopicScoreParams> params) {
        return Objects.requireNonNull(params.get(topic), "a topic lost its parameters");
    }
}
