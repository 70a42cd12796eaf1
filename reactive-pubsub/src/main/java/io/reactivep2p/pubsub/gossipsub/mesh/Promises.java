package io.reactivep2p.pubsub.gossipsub.mesh;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A peer that says it has messages, and is asked for them, promises to send them: one of them, drawn by lot, is waited for. The message may
 * come from anyone. Promises are not forgotten when the peer disconnects, or that would be the way to break them.
 */
@SansIo
public final class Promises {

    /**
     * The most promises waited for; more are not noted. A peer can make 10 between two heartbeats, each for 3 s, so this is enough for a
     * thousand peers that do nothing else. A choice of ours.
     */
    public static final int MAX_PROMISES = 32_768;

    private final long followUpNanos;
    private final Map<MessageId, Row> rows = new LinkedHashMap<>();
    private int size;

    private record Row(String topic, Map<PeerId, Long> expiries) {}

    /**
     * @param followUpNanos how long after the request a message has to be here
     */
    public Promises(long followUpNanos) {
        this.followUpNanos = followUpNanos;
    }

    /** The peer is asked for the message. A promise that there is already does not begin again. */
    public void add(PeerId peer, MessageId id, String topic, long nowNanos) {
        if (size >= MAX_PROMISES) {
            return;
        }
        Row row = rows.computeIfAbsent(id, fresh -> new Row(topic, new LinkedHashMap<>()));
        if (row.expiries.putIfAbsent(peer, nowNanos + followUpNanos) == null) {
            size++;
        }
    }

    /** The message is here. */
    public void fulfil(MessageId id) {
        if (size == 0) {
            return;
        }
        Row kept = rows.remove(id);
        if (kept != null) {
            size -= kept.expiries.size();
        }
    }

    /** Messages of the topic are not read any more, so whoever sends one keeps its promise unseen. */
    public void forget(String topic) {
        rows.values().removeIf(row -> {
            boolean concerned = row.topic.equals(topic);
            size -= concerned ? row.expiries.size() : 0;
            return concerned;
        });
    }

    /** Forgets the promises whose time is over, and tells who broke how many. */
    public Map<PeerId, Integer> broken(long nowNanos) {
        Map<PeerId, Integer> broken = new LinkedHashMap<>();
        rows.values().removeIf(row -> {
            row.expiries.entrySet().removeIf(promise -> {
                if (promise.getValue() - nowNanos >= 0) {
                    return false;
                }
                broken.merge(promise.getKey(), 1, Integer::sum);
                size--;
                return true;
            });
            return row.expiries.isEmpty();
        });
        return broken;
    }

    /** How many are waited for. */
    public int size() {
        return size;
    }
}
