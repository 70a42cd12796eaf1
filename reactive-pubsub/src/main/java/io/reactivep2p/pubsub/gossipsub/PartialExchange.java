package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.router.RouterOutput;
import io.reactivep2p.pubsub.wire.PartialMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Passes parts of messages to the application, as many as a peer may have it look at. At most one row for each connected peer. */
@SansIo
final class PartialExchange {

    private final GossipsubState state;
    private final ExtensionState extensions;
    private final Map<PeerId, Row> rows = new HashMap<>();

    PartialExchange(GossipsubState state, ExtensionState extensions) {
        this.state = state;
        this.extensions = extensions;
    }

    private static final class Row {
        private int parts;
        private long bytes;
    }

    void onPartial(PeerId from, PartialMessage partial) {
        if (!extensions.agreesOnPartialMessages(from)
                || !state.neighbours().joined().contains(partial.topic())
                || !admits(from, partial)) {
            return;
        }
        List<PartialMessage> answers = state.params().partialMessages().onPartial(from, partial);
        for (PartialMessage answer : answers.subList(0, Math.min(answers.size(), PartialMessages.MAX_ANSWERS))) {
            state.outbox().add(new RouterOutput.SendPartial(from, answer));
        }
    }

    private boolean admits(PeerId from, PartialMessage partial) {
        Row row = rows.computeIfAbsent(from, fresh -> new Row());
        row.parts++;
        row.bytes += (long) partial.group().length + length(partial.parts()) + length(partial.metadata());
        return row.parts <= PartialMessages.MAX_PARTS_PER_HEARTBEAT
                && row.bytes <= PartialMessages.MAX_BYTES_PER_HEARTBEAT;
    }

    void onHeartbeat() {
        rows.clear();
    }

    void onPeerDisconnected(PeerId peer) {
        rows.remove(peer);
    }

    private static int length(byte @Nullable [] field) {
        return field == null ? 0 : field.length;
    }
}
