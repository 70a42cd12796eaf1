package io.reactivep2p.pubsub.gossipsub.score;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who sent which message while it matters: while it is validated, and afterwards as long as another copy of it counts. Each of the three
 * stages is in the order of its time, so that what is over stands at its head.
 */
@SansIo
final class DeliveryRecords {

    /** Messages of each stage that are remembered; beyond that the oldest is forgotten, and copies of it count for nothing. */
    static final int MAX_RECORDS = 1 << 15;

    /** Senders of one message that are remembered; more than the neighbours of a large node. */
    static final int MAX_SENDERS = 512;

    /** How long a message is remembered that is still being validated, or was found invalid; go-libp2p's. */
    static final long RETENTION_NANOS = 120_000_000_000L;

    private final Map<MessageId, Delivery> validating = new LinkedHashMap<>();
    private final Map<MessageId, Delivery> valid = new LinkedHashMap<>();
    private final Map<MessageId, Delivery> invalid = new LinkedHashMap<>();

    /** A message and who sent it. */
    static final class Delivery {

        private final List<PeerId> senders = new ArrayList<>(4);
        private long since;

        private Delivery(PeerId first, long nowNanos) {
            senders.add(first);
            since = nowNanos;
        }

        /** Who sent it, the first one first. */
        List<PeerId> senders() {
            return senders;
        }

        /** When it was found valid. */
        long since() {
            return since;
        }

        /** Whether {@code peer} was not known to have sent it. */
        boolean addSender(PeerId peer) {
            return senders.size() < MAX_SENDERS && !senders.contains(peer) && senders.add(peer);
        }
    }

    void begin(MessageId id, PeerId first, long nowNanos) {
        if (!validating.containsKey(id)) {
            put(validating, id, new Delivery(first, nowNanos));
        }
    }

    @Nullable
    Delivery validating(MessageId id) {
        return validating.get(id);
    }

    @Nullable
    Delivery valid(MessageId id) {
        return valid.get(id);
    }

    boolean isInvalid(MessageId id) {
        return invalid.containsKey(id);
    }

    /** The validation is over without blame or praise. */
    void drop(MessageId id) {
        validating.remove(id);
    }

    /** The message was found valid; {@code keep} says whether copies may still count. */
    void onValid(MessageId id, boolean keep, long nowNanos) {
        Delivery delivery = validating.remove(id);
        if (delivery != null && keep) {
            delivery.since = nowNanos;
            put(valid, id, delivery);
        }
    }

    /** The message was found invalid. */
    void onInvalid(MessageId id, long nowNanos) {
        Delivery delivery = validating.remove(id);
        if (delivery != null) {
            delivery.since = nowNanos;
            delivery.senders.clear(); // everybody who sends it from now on is counted again
            put(invalid, id, delivery);
        }
    }

    /** Forgets what is over, valid messages after {@code windowNanos}. */
    void expire(long windowNanos, long nowNanos) {
        expire(validating, RETENTION_NANOS, nowNanos);
        expire(valid, windowNanos, nowNanos);
        expire(invalid, RETENTION_NANOS, nowNanos);
    }

    private static void expire(Map<MessageId, Delivery> stage, long nanos, long nowNanos) {
        Iterator<Delivery> oldest = stage.values().iterator();
        while (oldest.hasNext() && nowNanos - oldest.next().since > nanos) {
            oldest.remove();
        }
    }

    private static void put(Map<MessageId, Delivery> stage, MessageId id, Delivery delivery) {
        stage.put(id, delivery);
        if (stage.size() > MAX_RECORDS) {
            Iterator<Delivery> oldest = stage.values().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** For tests: how many messages are remembered. */
    int size() {
        return validating.size() + valid.size() + invalid.size();
    }
}
