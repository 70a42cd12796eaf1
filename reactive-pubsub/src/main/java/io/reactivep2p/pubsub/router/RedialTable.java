package io.reactivep2p.pubsub.router;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * When a peer that is found again may be dialed again, whatever became of the dials before: it is not found out here whether one failed,
 * and who lets us connect only to leave is not worth more dials than one who does not answer.
 */
@SansIo
final class RedialTable {

    /** Peers remembered; beyond that the one dialed longest ago is forgotten. go-libp2p-pubsub remembers 100. A choice of ours. */
    static final int MAX_PEERS = 1_024;

    /** After the first dial (go-libp2p-pubsub). */
    static final Duration FIRST_DELAY = Duration.ofSeconds(10);

    /** go-libp2p-pubsub. */
    static final Duration MAX_DELAY = Duration.ofHours(1);

    private final GrowingPause delay;

    /** The one dialed longest ago first. */
    private final Map<PeerId, Row> rows = new LinkedHashMap<>();

    private record Row(int dials, long notBeforeNanos) {}

    RedialTable(RandomGenerator random) {
        this.delay = new GrowingPause(FIRST_DELAY, MAX_DELAY, random);
    }

    /** Whether the peer may be dialed now; if so, it counts as dialed. */
    boolean begin(PeerId peer, long nowNanos) {
        Row known = rows.get(peer);
        if (known != null && known.notBeforeNanos - nowNanos > 0) {
            return false;
        }
        rows.remove(peer);
        if (rows.size() >= MAX_PEERS) {
            Iterator<PeerId> oldest = rows.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        int dials = known == null ? 0 : known.dials;
        rows.put(peer, new Row(dials + 1, nowNanos + delay.afterNanos(dials)));
        return true;
    }

    int size() {
        return rows.size();
    }
}
