package io.reactivep2p.pubsub.gossipsub.mesh;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Until when a peer that was pruned from a mesh, by us or by itself, stays out of it. Remembered when the peer disconnects too, or it would
 * only have to come back.
 */
@SansIo
public final class Backoffs {

    /** The longest that is believed (as in rust-libp2p): a PRUNE may say any number, and sums of those overflow. */
    public static final Duration LONGEST = Duration.ofHours(1);

    /** The most peers remembered for a topic, the oldest forgotten first; a choice of ours. */
    public static final int MAX_PEERS_PER_TOPIC = 4_096;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final long slackNanos;
    private final Map<String, Map<PeerId, Long>> expiries = new LinkedHashMap<>();

    /**
     * @param slackNanos how much longer than agreed we wait ourselves before we graft, for the time that a PRUNE was under way
     */
    public Backoffs(long slackNanos) {
        this.slackNanos = slackNanos;
    }

    /** What a peer's PRUNE asks for, within bounds. Zero counts as not said, as in go. */
    public static long requestedNanos(OptionalLong unsignedSeconds, long defaultNanos) {
        if (unsignedSeconds.isEmpty() || unsignedSeconds.getAsLong() == 0) {
            return defaultNanos;
        }
        long seconds = unsignedSeconds.getAsLong();
        long longest = LONGEST.toSeconds();
        return (Long.compareUnsigned(seconds, longest) > 0 ? longest : seconds) * NANOS_PER_SECOND;
    }

    /** Begins a backoff, or lengthens the one that there is; none is ever shortened. */
    public void start(String topic, PeerId peer, long durationNanos, long nowNanos) {
        Map<PeerId, Long> row = expiries.computeIfAbsent(topic, fresh -> new LinkedHashMap<>());
        long expiry = nowNanos + Math.min(durationNanos, LONGEST.toNanos());
        Long known = row.get(peer);
        if (known != null && known - expiry >= 0) {
            return;
        }
        row.put(peer, expiry);
        if (row.size() > MAX_PEERS_PER_TOPIC) {
            Iterator<PeerId> oldest = row.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** How long the peer still has to stay out; zero or less where it may come. */
    public long remainingNanos(String topic, PeerId peer, long nowNanos) {
        Map<PeerId, Long> row = expiries.get(topic);
        Long expiry = row == null ? null : row.get(peer);
        return expiry == null ? 0 : expiry - nowNanos;
    }

    /** Whether we leave the peer alone: for the backoff and the slack. */
    public boolean holdsUsBack(String topic, PeerId peer, long nowNanos) {
        Map<PeerId, Long> row = expiries.get(topic);
        Long expiry = row == null ? null : row.get(peer);
        return expiry != null && expiry + slackNanos - nowNanos > 0;
    }

    /** Forgets what is over. */
    public void expire(long nowNanos) {
        expiries.values().removeIf(row -> {
            row.values().removeIf(expiry -> expiry + slackNanos - nowNanos <= 0);
            return row.isEmpty();
        });
    }

    /** How many are remembered. */
    public int size() {
        return expiries.values().stream().mapToInt(Map::size).sum();
    }
}
