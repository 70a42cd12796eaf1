package io.reactivep2p.pubsub;

import io.reactivep2p.peer.PeerId;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A message as it travels: the fields of the protobuf message, before any codec of a topic. Immutable by agreement: the arrays are shared
 * by everything that holds the message, so that forwarding costs no copies, and nobody may write to them.
 *
 * @param from the author, a peer id's bytes, or {@code null} where absent
 * @param data the payload; {@link #NO_DATA} itself where the field is absent, which a signature tells from an empty one
 * @param seqno the author's count, 8 bytes big-endian in every well-formed message, or {@code null}
 * @param topic the topic's name
 * @param signature over the message without {@code signature} and {@code key}, or {@code null}
 * @param key the author's public key where {@code from} does not contain it, or {@code null}
 */
@SuppressWarnings("ArrayRecordComponent") // shared on purpose; compared by identity
public record RawMessage(
        byte @Nullable [] from,
        byte[] data,
        byte @Nullable [] seqno,
        String topic,
        byte @Nullable [] signature,
        byte @Nullable [] key) {

    /** What {@link #data} is where the field is absent; compared by identity. */
    public static final byte[] NO_DATA = new byte[0];

    /** The bytes of a sequence number. */
    public static final int SEQNO_BYTES = 8;

    /** The author, where there is a well-formed one. */
    public Optional<PeerId> author() {
        if (from == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(PeerId.of(from));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** The sequence number as an unsigned number, where there is one of {@link #SEQNO_BYTES}. */
    public OptionalLong sequence() {
        if (seqno == null || seqno.length != SEQNO_BYTES) {
            return OptionalLong.empty();
        }
        long value = 0;
        for (byte b : seqno) {
            value = value << Byte.SIZE | b & 0xff;
        }
        return OptionalLong.of(value);
    }
}
