package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.wire.Control;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one heartbeat has to tell each peer, told at its end and at once. */
@SansIo
final class ControlBatch {

    private final Map<PeerId, Row> rows = new LinkedHashMap<>();

    private static final class Row {
        private final List<String> grafts = new ArrayList<>();
        private final List<Control.Prune> prunes = new ArrayList<>();
        private final List<Control.IHave> haves = new ArrayList<>();
    }

    void graft(PeerId peer, String topic) {
        row(peer).grafts.add(topic);
    }

    void prune(PeerId peer, Control.Prune prune) {
        row(peer).prunes.add(prune);
    }

    void ihave(PeerId peer, Control.IHave have) {
        row(peer).haves.add(have);
    }

    void flush(Outbox outbox) {
        rows.forEach((peer, row) ->
                outbox.control(peer, new Control(row.haves, List.of(), row.grafts, row.prunes, List.of(), 0, null)));
        rows.clear();
    }

    private Row row(PeerId peer) {
        return rows.computeIfAbsent(peer, fresh -> new Row());
    }
}
