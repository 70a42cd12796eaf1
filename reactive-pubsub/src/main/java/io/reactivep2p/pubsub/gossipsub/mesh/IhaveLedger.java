package io.reactivep2p.pubsub.gossipsub.mesh;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import java.util.HashMap;
import java.util.Map;

/** How many IHAVE a peer sent since the last heartbeat, and how many messages it was asked for. One row for each connected peer at most. */
@SansIo
public final class IhaveLedger {

    private final int maxMessages;
    private final int maxIds;
    private final Map<PeerId, Row> rows = new HashMap<>();

    /**
     * @param maxMessages how many RPCs with IHAVE are read
     * @param maxIds how many messages the peer is asked for
     */
    public IhaveLedger(int maxMessages, int maxIds) {
        this.maxMessages = maxMessages;
        this.maxIds = maxIds;
    }

    /**
     * Counts an RPC with IHAVE.
     *
     * @return for how many messages the peer may be asked in answer; 0 where the RPC is ignored
     */
    public int admit(PeerId peer) {
        Row row = rows.computeIfAbsent(peer, fresh -> new Row());
        row.messages++;
        return row.messages > maxMessages ? 0 : maxIds - row.asked;
    }

    /** The peer is asked for so many. */
    public void asked(PeerId peer, int ids) {
        rows.computeIfAbsent(peer, fresh -> new Row()).asked += ids;
    }

    /** The peer is gone. */
    public void remove(PeerId peer) {
        rows.remove(peer);
    }

    /** A heartbeat: everything begins again. */
    public void clear() {
        rows.clear();
    }

    private static final class Row {
        private int messages;
        private int asked;
    }
}
