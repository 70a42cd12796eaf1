package io.reactivep2p.pubsub.gossipsub.mesh;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The messages that peers have no use for (IDONTWANT), for some heartbeats. What is beyond the bounds is passed over without blame: the
 * peer then gets a message that it has.
 */
@SansIo
public final class Unwanted {

    /** What the ids of one peer may need between two heartbeats, {@link #ID_OVERHEAD_BYTES} for each included; a choice of ours. */
    public static final int MAX_BYTES_PER_HEARTBEAT = 128 * 1024;

    /** What an id costs beside its bytes. An estimate. */
    public static final int ID_OVERHEAD_BYTES = 96;

    private final int ttlHeartbeats;
    private final int maxEntries;
    private final int maxIdsPerEntry;
    private final Map<PeerId, Row> rows = new HashMap<>();
    private long heartbeat;

    /**
     * @param ttlHeartbeats for how many heartbeats an id is remembered
     * @param maxEntries how many IDONTWANT of a peer are read between two heartbeats
     * @param maxIdsPerEntry how many ids of each, on average of an RPC
     */
    public Unwanted(int ttlHeartbeats, int maxEntries, int maxIdsPerEntry) {
        this.ttlHeartbeats = ttlHeartbeats;
        this.maxEntries = maxEntries;
        this.maxIdsPerEntry = maxIdsPerEntry;
    }

    /**
     * Takes the ids of an RPC.
     *
     * @param entries how many IDONTWANT they came in
     * @return those within the bounds
     */
    public List<MessageId> add(PeerId peer, List<MessageId> ids, int entries) {
        if (ids.isEmpty()) {
            return List.of();
        }
        Row row = rows.computeIfAbsent(peer, fresh -> new Row());
        int admitted = Math.min(Math.max(entries, 1), maxEntries - row.entries);
        row.entries += Math.max(admitted, 0);
        List<MessageId> taken = new ArrayList<>();
        long room = (long) Math.max(admitted, 0) * maxIdsPerEntry;
        for (MessageId id : ids) {
            int cost = id.length() + ID_OVERHEAD_BYTES;
            if (taken.size() >= room || row.bytes + cost > MAX_BYTES_PER_HEARTBEAT) {
                break;
            }
            row.bytes += cost;
            row.expiries.remove(id); // the order is that of the expiries
            row.expiries.put(id, heartbeat + ttlHeartbeats);
            taken.add(id);
        }
        return taken;
    }

    /** Whether the peer has no use for the message. */
    public boolean contains(PeerId peer, MessageId id) {
        Row row = rows.isEmpty() ? null : rows.get(peer);
        return row != null && row.expiries.containsKey(id);
    }

    /** The peer is gone. */
    public void remove(PeerId peer) {
        rows.remove(peer);
    }

    /** A heartbeat: counts begin again, and ids are forgotten whose time is over. */
    public void tick() {
        heartbeat++;
        rows.values().removeIf(row -> {
            row.entries = 0;
            row.bytes = 0;
            Iterator<Long> oldest = row.expiries.values().iterator();
            while (oldest.hasNext() && oldest.next() <= heartbeat) {
                oldest.remove();
            }
            return row.expiries.isEmpty();
        });
    }

    /** How many ids are remembered of a peer. */
    public int size(PeerId peer) {
        Row row = rows.get(peer);
        return row == null ? 0 : row.expiries.size();
    }

    private static final class Row {
        private final Map<MessageId, Long> expiries = new LinkedHashMap<>();
        private int entries;
        private int bytes;
    }
}
