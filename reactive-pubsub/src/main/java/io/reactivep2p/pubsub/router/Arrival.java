package io.reactivep2p.pubsub.router;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.PayloadCodec;
import io.reactivep2p.pubsub.PubsubMessage;
import io.reactivep2p.pubsub.RawMessage;
import org.jspecify.annotations.Nullable;

/** A message on its way to validators and subscribers, decoded once for each codec in a row. Not thread-safe. */
final class Arrival {

    final PeerId from;
    final MessageId id;
    final RawMessage message;

    private @Nullable PayloadCodec<?> decodedBy;
    private @Nullable PubsubMessage<?> decoded;

    Arrival(PeerId from, MessageId id, RawMessage message) {
        this.from = from;
        this.id = id;
        this.message = message;
    }

    /** The message as {@code codec} reads it; {@code null} where it cannot. */
    @SuppressWarnings("unchecked") // what is kept was made by the same codec
    <T> @Nullable PubsubMessage<T> as(PayloadCodec<T> codec) {
        if (decodedBy != codec) {
            decodedBy = codec;
            decoded = decode(codec);
        }
        return (PubsubMessage<T>) decoded;
    }

    private <T> @Nullable PubsubMessage<T> decode(PayloadCodec<T> codec) {
        T payload;
        try {
            payload = codec.decode(message.data());
        } catch (RuntimeException malformed) {
            return null; // a codec reads what strangers write: whatever it throws says that it cannot
        }
        return new PubsubMessage<>(id, message.topic(), message.author(), message.sequence(), from, payload);
    }
}
