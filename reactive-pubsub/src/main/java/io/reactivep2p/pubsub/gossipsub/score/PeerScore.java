package io.reactivep2p.pubsub.gossipsub.score;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The scores of peers. Told of what they do; {@code nowNanos} is a clock that only moves forward. What is told of a peer that was not
 * added, or of a topic without parameters, has no effect.
 *
 * <p>Bounds: peers that are connected, {@link #MAX_RETAINED} that are not, for each of them the topics that have parameters, and {@code
 * 3 * 2^15} messages.
 */
@SansIo
public final class PeerScore {

    /** Peers that left and whose score is remembered; beyond that who left first is forgotten. A choice of ours; go has no bound. */
    public static final int MAX_RETAINED = 4_096;

    /** Decays that are made up for after a pause; more would only hold up what waits. */
    private static final int MAX_DECAYS_AT_ONCE = 60;

    private final ScoreParams params;
    private final ToDoubleFunction<PeerId> application;
    private final Map<String, TopicScoreParams> topics;
    private final IpGroups ipGroups;
    private final DeliveryRecords deliveries = new DeliveryRecords();
    private final Map<PeerId, PeerStats> connected = new LinkedHashMap<>();

    /** In the order in which they left, which is that of their end. */
    private final Map<PeerId, PeerStats> retained = new LinkedHashMap<>();

    private long longestWindowNanos;
    private long decayedAt;

    private PeerScore(ScoreParams params, ToDoubleFunction<PeerId> application, long nowNanos) {
        this.params = params;
        this.application = application;
        this.topics = new LinkedHashMap<>(params.topics());
        this.ipGroups = new IpGroups(params.colocation());
        this.decayedAt = nowNanos;
        updateLongestWindow();
    }

    /**
     * Nobody is known yet.
     *
     * @param application P5, asked whenever a score is; must be quick and not throw
     */
    public static PeerScore create(ScoreParams params, ToDoubleFunction<PeerId> application, long nowNanos) {
        return new PeerScore(params, application, nowNanos);
    }

    /** Gives a topic parameters, or others than it had. */
    public void setTopic(String topic, TopicScoreParams topicParams) {
        topics.put(topic, topicParams);
        updateLongestWindow();
        connected.values().forEach(stats -> stats.onNewParams(topic, topicParams));
        retained.values().forEach(stats -> stats.onNewParams(topic, topicParams));
    }

    private void updateLongestWindow() {
        longestWindowNanos = topics.values().stream()
                .mapToLong(topic -> topic.meshDeliveries().window().toNanos())
                .max()
                .orElse(0);
    }

    /** The peer is connected; what was remembered of it counts again. */
    public void addPeer(PeerId peer) {
        PeerStats returning = retained.remove(peer);
        connected.putIfAbsent(peer, returning == null ? new PeerStats() : returning);
    }

    /** The IP addresses that the peer has, in text form; those it had before no longer count. */
    public void setIps(PeerId peer, Collection<String> ips) {
        PeerStats stats = connected.get(peer);
        if (stats != null) {
            ipGroups.leave(stats.ipGroups());
            stats.setIpGroups(ipGroups.of(ips));
            ipGroups.join(stats.ipGroups());
        }
    }

    /** The peer is no longer connected. A positive score is forgotten at once, so that leaving never pays. */
    public void removePeer(PeerId peer, long nowNanos) {
        double score = score(peer);
        PeerStats stats = connected.remove(peer);
        if (stats == null) {
            return;
        }
        if (score > 0 || params.retainScore().isZero()) {
            ipGroups.leave(stats.ipGroups());
            return;
        }
        stats.onDisconnect(topics, nowNanos);
        retained.put(peer, stats);
        if (retained.size() > MAX_RETAINED) {
            forgetOldest();
        }
    }

    /** The peer is in the mesh of the topic now. */
    public void graft(PeerId peer, String topic, long nowNanos) {
        TopicStats stats = stats(peer, topic);
        if (stats != null) {
            stats.onGraft(nowNanos);
        }
    }

    /** The peer is not in the mesh of the topic any more. */
    public void prune(PeerId peer, String topic) {
        TopicStats stats = stats(peer, topic);
        TopicScoreParams topicParams = topics.get(topic);
        if (stats != null && topicParams != null) {
            stats.onPrune(topicParams);
        }
    }

    /** A message came for the first time and will be validated. */
    public void validate(PeerId from, MessageId id, String topic, long nowNanos) {
        if (topics.containsKey(topic)) {
            deliveries.begin(id, from, nowNanos);
        }
    }

    /** The message is valid: credit to the peer it came from first, and to those in the mesh that sent it meanwhile. */
    public void deliver(PeerId from, MessageId id, String topic, long nowNanos) {
        TopicScoreParams topicParams = topics.get(topic);
        if (topicParams == null) {
            return;
        }
        deliveries.expire(longestWindowNanos, nowNanos);
        TopicStats first = stats(from, topic);
        if (first != null) {
            first.onFirstDelivery(topicParams);
        }
        DeliveryRecords.Delivery delivery = deliveries.validating(id);
        if (delivery != null) {
            for (PeerId sender : delivery.senders()) {
                if (!sender.equals(from)) {
                    onMeshDelivery(sender, topic, topicParams);
                }
            }
            boolean moreMayCome = topicParams.meshDeliveries().weight() != 0
                    || topicParams.meshFailures().weight() != 0;
            deliveries.onValid(id, moreMayCome, nowNanos);
        }
    }

    /** Another copy of a message came. */
    public void duplicate(PeerId from, MessageId id, String topic, long nowNanos) {
        TopicScoreParams topicParams = topics.get(topic);
        if (topicParams == null) {
            return;
        }
        DeliveryRecords.Delivery validating = deliveries.validating(id);
        if (validating != null) {
            validating.addSender(from); // counts once it is known whether the message is valid
            return;
        }
        DeliveryRecords.Delivery valid = deliveries.valid(id);
        if (valid != null) {
            long windowNanos = topicParams.meshDeliveries().window().toNanos();
            if (nowNanos - valid.since() <= windowNanos && valid.addSender(from)) {
                onMeshDelivery(from, topic, topicParams);
            }
        } else if (deliveries.isInvalid(id)) {
            invalid(from, topic);
        }
    }

    /** The message that was validated is invalid: all who sent it are blamed, and so is who sends it later. */
    public void reject(PeerId from, MessageId id, String topic, long nowNanos) {
        if (!topics.containsKey(topic)) {
            return;
        }
        deliveries.expire(longestWindowNanos, nowNanos);
        DeliveryRecords.Delivery delivery = deliveries.validating(id);
        if (delivery == null) {
            invalid(from, topic);
            return;
        }
        delivery.addSender(from);
        delivery.senders().forEach(sender -> invalid(sender, topic));
        deliveries.onInvalid(id, nowNanos);
    }

    /** The message that was validated is dropped without blame, for this and all other copies. */
    public void ignore(MessageId id) {
        deliveries.drop(id);
    }

    /** A message that never came to be validated, since it is malformed, badly signed or our own: its sender alone is blamed. */
    public void invalid(PeerId from, String topic) {
        TopicStats stats = stats(from, topic);
        if (stats != null) {
            stats.onInvalidMessage();
        }
    }

    /** P7: so many offences more. */
    public void addPenalty(PeerId peer, int count) {
        PeerStats stats = stats(peer);
        if (stats != null) {
            stats.addPenalty(count);
        }
    }

    /**
     * Lets time pass: counters decay once for each interval since they last did, and what was remembered long enough is forgotten. To be
     * called at every interval or more often. Between two decays no time in the mesh is counted.
     */
    public void decay(long nowNanos) {
        long interval = params.decayInterval().toNanos();
        for (int i = 0; i < MAX_DECAYS_AT_ONCE && nowNanos - decayedAt >= interval; i++) {
            decayedAt += interval;
            connected
                    .values()
                    .forEach(stats -> stats.decay(topics, params.behaviour().decay(), params.decayToZero(), nowNanos));
        }
        if (nowNanos - decayedAt >= interval) {
            decayedAt = nowNanos;
        }
        deliveries.expire(longestWindowNanos, nowNanos);
        long retention = params.retainScore().toNanos();
        Iterator<PeerStats> oldest = retained.values().iterator();
        while (oldest.hasNext()) {
            PeerStats stats = oldest.next();
            if (nowNanos - stats.leftAt() <= retention) {
                break;
            }
            oldest.remove();
            ipGroups.leave(stats.ipGroups());
        }
    }

    /** The score of the peer by what is known now; 0 for a peer that is not known. */
    public double score(PeerId peer) {
        PeerStats stats = stats(peer);
        if (stats == null) {
            return 0;
        }
        double score = stats.topicsScore(topics);
        if (params.topicScoreCap() > 0) {
            score = Math.min(score, params.topicScoreCap());
        }
        if (params.applicationWeight() != 0) {
            score += params.applicationWeight() * application.applyAsDouble(peer);
        }
        score += params.colocation().weight() * ipGroups.excess(stats.ipGroups());
        double offences = Math.max(0, stats.penalties() - params.behaviour().threshold());
        return score + params.behaviour().weight() * offences * offences;
    }

    private void onMeshDelivery(PeerId peer, String topic, TopicScoreParams topicParams) {
        TopicStats stats = stats(peer, topic);
        if (stats != null) {
            stats.onMeshDelivery(topicParams);
        }
    }

    private void forgetOldest() {
        Iterator<PeerStats> oldest = retained.values().iterator();
        ipGroups.leave(oldest.next().ipGroups());
        oldest.remove();
    }

    private @Nullable PeerStats stats(PeerId peer) {
        PeerStats stats = connected.get(peer);
        return stats != null ? stats : retained.get(peer);
    }

    private @Nullable TopicStats stats(PeerId peer, String topic) {
        PeerStats stats = stats(peer);
        if (stats == null || !topics.containsKey(topic)) {
            return null;
        }
        return stats.topic(topic);
    }

    /** For tests: how many messages, retained peers and groups of IP addresses are remembered. */
    List<Integer> sizes() {
        return List.of(deliveries.size(), retained.size(), ipGroups.size());
    }
}
