package io.reactivep2p.pubsub.gossipsub.mesh;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who is in the mesh of which joined topic. Only topics joined here have a row, so a peer cannot add one; how many peers a row has is
 * bounded by those who add to it.
 */
@SansIo
public final class MeshTable {

    private final Map<String, Row> rows = new LinkedHashMap<>();

    /** Begins an empty mesh for a topic that has none. */
    public void open(String topic) {
        rows.computeIfAbsent(topic, fresh -> Row.create());
    }

    /** Ends the mesh of a topic; tells who was in it. */
    public Set<PeerId> close(String topic) {
        Row row = rows.remove(topic);
        return row == null ? Set.of() : row.peers;
    }

    /** Whether the topic has a mesh, with peers or without. */
    public boolean isOpen(String topic) {
        return rows.containsKey(topic);
    }

    /** The topics that have a mesh. A snapshot. */
    public List<String> topics() {
        return new ArrayList<>(rows.keySet());
    }

    /** The mesh of a topic, as it is and becomes; empty where there is none. */
    public Set<PeerId> peers(String topic) {
        Row row = rows.get(topic);
        return row == null ? Set.of() : row.view;
    }

    public boolean contains(String topic, PeerId peer) {
        Row row = rows.get(topic);
        return row != null && row.peers.contains(peer);
    }

    /** Adds a peer to an open mesh. False where the mesh is not open or has the peer. */
    public boolean add(String topic, PeerId peer) {
        Row row = rows.get(topic);
        return row != null && row.peers.add(peer);
    }

    /** Removes a peer. False where it was not there. */
    public boolean remove(String topic, PeerId peer) {
        Row row = rows.get(topic);
        return row != null && row.peers.remove(peer);
    }

    /** The topics that the peer is in the mesh of. */
    public List<String> topicsOf(PeerId peer) {
        List<String> topics = new ArrayList<>();
        rows.forEach((topic, row) -> {
            if (row.peers.contains(peer)) {
                topics.add(topic);
            }
        });
        return topics;
    }

    /** The view is what others see; one for all time, since it is asked for with every message. */
    private record Row(Set<PeerId> peers, Set<PeerId> view) {
        static Row create() {
            Set<PeerId> peers = new LinkedHashSet<>();
            return new Row(peers, Collections.unmodifiableSet(peers));
        }
    }
}
