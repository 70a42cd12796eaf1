package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.router.RemotePeer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The peers that are connected, and what is known of each; and the direct ones, connected or not. As many as the node lets in. */
@SansIo
final class PeerTable {

    private final Set<PeerId> direct;
    private final Map<PeerId, Row> rows = new LinkedHashMap<>();
    private final Set<PeerId> floodsub = new LinkedHashSet<>();

    PeerTable(Set<PeerId> direct) {
        this.direct = Collections.unmodifiableSet(new LinkedHashSet<>(direct));
    }

    private record Row(ProtocolVersion version, boolean outbound) {}

    void add(RemotePeer peer) {
        ProtocolVersion version = ProtocolVersion.of(peer.protocol());
        rows.put(peer.id(), new Row(version, peer.outbound()));
        if (version == ProtocolVersion.FLOODSUB) {
            floodsub.add(peer.id());
        }
    }

    void remove(PeerId peer) {
        rows.remove(peer);
        floodsub.remove(peer);
    }

    boolean isConnected(PeerId peer) {
        return rows.containsKey(peer);
    }

    /** Whether the peer is connected and understands what came with {@code feature}. */
    boolean knows(PeerId peer, ProtocolVersion feature) {
        Row row = rows.get(peer);
        return row != null && row.version.knows(feature);
    }

    /** Whether we dialed it. Who chooses whom to dial cannot be surrounded by those who dial us. */
    boolean isOutbound(PeerId peer) {
        Row row = rows.get(peer);
        return row != null && row.outbound;
    }

    boolean isDirect(PeerId peer) {
        return direct.contains(peer);
    }

    Set<PeerId> direct() {
        return direct;
    }

    /** The peers that only speak floodsub. */
    Set<PeerId> floodsub() {
        return floodsub;
    }
}
