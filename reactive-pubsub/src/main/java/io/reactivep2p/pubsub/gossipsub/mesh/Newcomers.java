package io.reactivep2p.pubsub.gossipsub.mesh;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who entered which mesh since the last heartbeat, and at what position of the message cache: of what is in it from before, nobody sent them
 * anything. At most one row for each peer of a mesh.
 */
@SansIo
public final class Newcomers {

    private final Map<String, Map<PeerId, Long>> rows = new LinkedHashMap<>();

    /** The peer is in the mesh now. */
    public void add(String topic, PeerId peer, long position) {
        rows.computeIfAbsent(topic, fresh -> new LinkedHashMap<>()).put(peer, position);
    }

    /** The peer is not in the mesh any more. */
    public void remove(String topic, PeerId peer) {
        Map<PeerId, Long> row = rows.get(topic);
        if (row != null) {
            row.remove(peer);
        }
    }

    /** Forgets those of a topic, and tells who they were. */
    public Map<PeerId, Long> take(String topic) {
        Map<PeerId, Long> row = rows.remove(topic);
        return row == null ? Map.of() : row;
    }
}
