package io.reactivep2p.muxer.yamux;

import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.connection.SansIo;
import io.reactivep2p.muxer.StreamOpening.Request;
import io.reactivep2p.resource.ResourceLimitException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Who may open a stream, and when. At most {@value #MAX_UNACKNOWLEDGED} of our streams wait for their acknowledgement (a peer resets
 * what exceeds its backlog); whoever comes then queues.
 */
@SansIo
final class OpenQueue {

    /** The specification's backlog, which go, rust and nim have in common. */
    static final int MAX_UNACKNOWLEDGED = 256;

    static final int MAX_WAITING = 1_024;

    /** Ids from here on must not be used; whoever needs more streams opens a new connection. */
    static final long IDS_END = 0xFFFF_FFFEL;

    private final YamuxSession session;
    private final int maxStreams;
    private long nextId;
    private int open;
    private int unacknowledged;
    private @Nullable ArrayDeque<Request> waiting;
    private boolean admitting;

    OpenQueue(YamuxSession session, int maxStreams, long firstId) {
        this.session = session;
        this.maxStreams = maxStreams;
        this.nextId = firstId;
    }

    void open(Request request) {
        if (unacknowledged < MAX_UNACKNOWLEDGED && (waiting == null || waiting.isEmpty())) {
            admit(request);
        } else if (waiting != null && waiting.size() >= MAX_WAITING) {
            request.onFailed(new ResourceLimitException(
                    "connection",
                    MAX_WAITING + " streams wait to be opened already, because the peer acknowledges none"));
        } else {
            if (waiting == null) {
                waiting = new ArrayDeque<>();
            }
            waiting.add(request);
        }
    }

    boolean leave(Request request) {
        return waiting != null && waiting.remove(request);
    }

    void onAcknowledged() {
        unacknowledged--;
        admitWaiting();
    }

    void onClosed(boolean acknowledged) {
        open--;
        if (!acknowledged) {
            onAcknowledged();
        }
    }

    void fail(Libp2pException cause) {
        ArrayDeque<Request> losers = waiting;
        waiting = null;
        if (losers != null) {
            losers.forEach(request -> request.onFailed(cause));
        }
    }

    private void admitWaiting() {
        // Who asked may reset its stream at once, which leads back here.
        if (admitting) {
            return;
        }
        admitting = true;
        try {
            while (unacknowledged < MAX_UNACKNOWLEDGED && waiting != null && !waiting.isEmpty()) {
                admit(waiting.remove());
            }
        } finally {
            admitting = false;
        }
    }

    private void admit(Request request) {
        if (nextId >= IDS_END) {
            request.onFailed(new ResourceLimitException("connection", "the connection has used up its stream ids"));
        } else if (open >= maxStreams) {
            request.onFailed(new ResourceLimitException(
                    "connection", "the limit of " + maxStreams + " outbound streams is reached"));
        } else {
            int id = (int) nextId;
            nextId += 2;
            open++;
            unacknowledged++;
            request.onOpened(session.createOutbound(id));
        }
    }
}
