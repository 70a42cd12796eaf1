package io.reactivep2p.pubsub.gossipsub.mesh;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whom this node publishes to in topics that it has not joined, for a while after it last did. */
@SansIo
public final class Fanout {

    /** The most topics remembered, the one published to longest ago forgotten first; a choice of ours. */
    public static final int MAX_TOPICS = 1_024;

    private final long ttlNanos;
    /** In the order of the last publication. */
    private final Map<String, Row> rows = new LinkedHashMap<>();

    public Fanout(long ttlNanos) {
        this.ttlNanos = ttlNanos;
    }

    /** Something is published to the topic now. */
    public void published(String topic, long nowNanos) {
        Row row = rows.remove(topic);
        if (row == null) {
            row = new Row();
        }
        row.lastPublished = nowNanos;
        rows.put(topic, row);
        if (rows.size() > MAX_TOPICS) {
            Iterator<String> oldest = rows.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** Adds peers to a topic that was published to. */
    public void add(String topic, Collection<PeerId> peers) {
        Row row = rows.get(topic);
        if (row != null) {
            row.peers.addAll(peers);
        }
    }

    /** The peers of a topic, as they are and become; empty where there are none. */
    public Set<PeerId> peers(String topic) {
        Row row = rows.get(topic);
        return row == null ? Set.of() : Collections.unmodifiableSet(row.peers);
    }

    /** The topics remembered. A snapshot. */
    public List<String> topics() {
        return new ArrayList<>(rows.keySet());
    }

    public void remove(String topic, PeerId peer) {
        Row row = rows.get(topic);
        if (row != null) {
            row.peers.remove(peer);
        }
    }

    /** The peer is gone. */
    public void remove(PeerId peer) {
        rows.values().forEach(row -> row.peers.remove(peer));
    }

    /** Forgets a topic; tells whom it was published to. */
    public Set<PeerId> close(String topic) {
        Row row = rows.remove(topic);
        return row == null ? Set.of() : row.peers;
    }

    /** Forgets the topics that were not published to for the time to live. */
    public void expire(long nowNanos) {
        rows.values().removeIf(row -> nowNanos - row.lastPublished > ttlNanos);
    }

    private static final class Row {
        private final Set<PeerId> peers = new LinkedHashSet<>();
        private long lastPublished;
    }
}
