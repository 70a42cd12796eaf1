package io.reactivep2p.pubsub.router;

import io.reactivep2p.pubsub.MessageId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which messages are being verified, and what came of the same id meanwhile. In a mesh copies come at the same time, and one verification
 * must do for all: the others wait for its verdict. As many messages as the lanes have room for. Only touched in the serial section.
 */
final class Copies {

    /** Of one message; more are dropped, since what they are worth is known in a moment. A choice of ours: more than a mesh has peers. */
    static final int MAX_COPIES = 32;

    private static final List<Copy> NONE = List.of();

    /** What waits for each message that is being verified; {@link #NONE} until something does. */
    private final Map<MessageId, List<Copy>> waiting = new HashMap<>();

    /** A message that came while another of its id was being verified. */
    record Copy(Arrival arrival, VerificationLane lane) {}

    /** Returns whether the message is to be verified; if not, another is, and this one waits for {@link #end} or is dropped. */
    boolean begin(Arrival arrival, VerificationLane lane) {
        List<Copy> copies = waiting.putIfAbsent(arrival.id, NONE);
        if (copies == null) {
            return true;
        }
        if (copies.isEmpty()) {
            copies = new ArrayList<>();
            waiting.put(arrival.id, copies);
        }
        if (copies.size() < MAX_COPIES) {
            copies.add(new Copy(arrival, lane));
        }
        return false;
    }

    /** The message of this id that was to be verified is. Returns what came meanwhile. */
    List<Copy> end(MessageId id) {
        List<Copy> copies = waiting.remove(id);
        return copies == null ? NONE : copies;
    }
}
