package io.reactivep2p.pubsub.router;

import io.reactivep2p.pubsub.MessageId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which messages are being verified, and what came of the same id meanwhile. In a mesh copies come at the same time, and one verification
 * must do for all: the others wait for its verdict. As many messages as the lanes have room for. Only touched in the serial section.
 */
final class Copies {

    /** Of one message; more are dropped, since what they are worth is known in a moment. A choice of ours: more than a mesh has peers. */
    static final int MAX_COPIES = 32;

    private final Map<MessageId, Row> rows = new HashMap<>();

    /** A message that came while another of its id was being verified. */
    record Copy(Arrival arrival, VerificationLane lane) {}

    private static final class Row {

        @Nullable
        List<Copy> copies;
    }

    /** Returns whether the message is to be verified; if not, another is, and this one waits for {@link #end} or is dropped. */
    boolean begin(Arrival arrival, VerificationLane lane) {
        Row known = rows.putIfAbsent(arrival.id, new Row());
        if (known == null) {
            return true;
        }
        if (known.copies == null) {
            known.copies = new ArrayList<>();
        }
        if (known.copies.size() < MAX_COPIES) {
            known.copies.add(new Copy(arrival, lane));
        }
        return false;
    }

    /** The message of this id that was to be verified is. Returns what came meanwhile. */
    List<Copy> end(MessageId id) {
        Row row = rows.remove(id);
        return row == null || row.copies == null ? List.of() : row.copies;
    }
}
