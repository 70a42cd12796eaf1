package io.reactivep2p.pubsub.router;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.PubsubLimits;
import io.reactivep2p.pubsub.SubscriptionFilter;
import io.reactivep2p.pubsub.wire.PartialSupport;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Who subscribes to what. Written in the serial section only, which also reads it as it is; other threads take copies. The lock is for them:
 * it is held for a single change or a copy.
 *
 * <p>Bounded, since subscriptions are what strangers say (CVE-2026-86040): by topics of one peer, by those of all peers together, and by
 * the length of a topic's name.
 */
final class SubscriptionTable {

    /** The longest name that is remembered of a peer, in characters. A choice of ours. */
    static final int MAX_TOPIC_LENGTH = 1_024;

    private final SubscriptionFilter filter;
    private final int maxPerPeer;
    private final int maxTotal;

    private final Set<String> joined = new LinkedHashSet<>();
    private final Set<PeerId> peers = new LinkedHashSet<>();
    private final Map<String, Set<PeerId>> subscribers = new LinkedHashMap<>();

    /** Topics remembered, counted for each peer. */
    private int total;

    SubscriptionTable(SubscriptionFilter filter, PubsubLimits limits) {
        this.filter = filter;
        this.maxPerPeer = limits.subscriptionsPerPeer();
        this.maxTotal = limits.subscriptions();
    }

    // ---- this node ----

    synchronized boolean join(String topic) {
        return joined.add(topic);
    }

    synchronized boolean leave(String topic) {
        return joined.remove(topic);
    }

    boolean isJoined(String topic) {
        return joined.contains(topic);
    }

    /** As it is; for the serial section. */
    Set<String> joined() {
        return Collections.unmodifiableSet(joined);
    }

    synchronized Set<String> joinedNow() {
        return Set.copyOf(joined);
    }

    // ---- peers ----

    /** The router knows {@code link} now: what is remembered of it counts. */
    synchronized void connected(PeerLink link) {
        peers.add(link.id);
        link.topics.forEach(topic -> index(link.id, topic));
    }

    /** The router is to forget {@code link}; what is remembered of it stays with it. */
    synchronized void disconnected(PeerLink link) {
        peers.remove(link.id);
        link.topics.forEach(topic -> unindex(link.id, topic));
    }

    /** The peer is gone for good. */
    synchronized void removed(PeerLink link) {
        total -= link.topics.size();
        link.topics.clear();
        link.partials.clear();
    }

    /** Returns whether the peer, which is connected, did not subscribe to it and does now. */
    synchronized boolean subscribe(PeerLink link, String topic) {
        if (link.topics.contains(topic)
                || link.topics.size() >= maxPerPeer
                || total >= maxTotal
                || topic.length() > MAX_TOPIC_LENGTH
                || !filter.allows(topic)) {
            return false;
        }
        link.topics.add(topic);
        total++;
        index(link.id, topic);
        return true;
    }

    /** What the peer does with the parts of a topic's messages; of no meaning where it is not remembered to subscribe. */
    void partial(PeerLink link, String topic, PartialSupport support) {
        if (support == PartialSupport.NONE) {
            link.partials.remove(topic);
        } else if (link.topics.contains(topic)) {
            link.partials.put(topic, support);
        }
    }

    /** Returns whether the peer subscribed to it and does not any more. */
    synchronized boolean unsubscribe(PeerLink link, String topic) {
        if (!link.topics.remove(topic)) {
            return false;
        }
        link.partials.remove(topic);
        total--;
        unindex(link.id, topic);
        return true;
    }

    private void index(PeerId peer, String topic) {
        subscribers.computeIfAbsent(topic, name -> new LinkedHashSet<>()).add(peer);
    }

    private void unindex(PeerId peer, String topic) {
        Set<PeerId> left = subscribers.get(topic);
        if (left != null && left.remove(peer) && left.isEmpty()) {
            subscribers.remove(topic);
        }
    }

    /** As it is; for the serial section. */
    Set<PeerId> subscribers(String topic) {
        Set<PeerId> known = subscribers.get(topic);
        return known == null ? Set.of() : Collections.unmodifiableSet(known);
    }

    synchronized Set<PeerId> subscribersNow(String topic) {
        return Set.copyOf(subscribers(topic));
    }

    synchronized Set<PeerId> peersNow() {
        return Set.copyOf(peers);
    }
}
