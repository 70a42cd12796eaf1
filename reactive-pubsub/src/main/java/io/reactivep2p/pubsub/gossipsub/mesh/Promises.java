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
    private final Map<MessageId, Map<PeerId, Long>> expiries = new LinkedHashMap<>();
    private int size;

    /**
     * @param followUpNanos how long after the request a message has to be here
     */
    public Promises(long followUpNanos) {
        this.followUpNanos = followUpNanos;
    }

    /** The peer is asked for the message. A promise that there is already does not begin again. */
    public void add(PeerId peer, MessageId id, long nowNanos) {
        if (size >= MAX_PROMISES) {
            return;
        }
        Long known = expiries.computeIfAbsent(id, fresh -> new LinkedHashMap<>())
                .putIfAbsent(peer, nowNanos + followUpNanos);
        if (known == null) {
            size++;
        }
    }

    /** The message is here. */
    public void fulfil(MessageId id) {
        if (size == 0) {
            return;
        }
        Map<PeerId, Long> kept = expiries.remove(id);
        if (kept != null) {
            size -= kept.size();
        }
    }

    /** Forgets the promises whose time is over, and tells who broke how many. */
    public Map<PeerId, Integer> broken(long nowNanos) {
        Map<PeerId, Integer> broken = new LinkedHashMap<>();
        expiries.values().removeIf(promises -> {
            promises.entrySet().removeIf(promise -> {
                if (promise.getValue() - nowNanos >= 0) {
                    return false;
                }
                broken.merge(promise.getKey(), 1, Integer::sum);
                size--;
                return true;
            });
            return promises.isEmpty();
        });
        return broken;
    }

    /** How many are waited for. */
    public int size() {
        return size;
    }
}
