package io.reactivep2p.wire;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Turns messages into bytes of a stream and back. A codec is a stateless recipe that may be shared; what it needs to
 * remember between two reads lives in the {@link Decoder} it makes for each stream.
 *
 * @param <T> the message
 */
public interface MessageCodec<T> {

    /**
     * Appends the whole framed message to {@code out}.
     *
     * @throws IllegalArgumentException if the message cannot be written, for instance because it is longer than what the
     *     codec would read ({@link MalformedMessageException}); {@code out} is then as it was
     */
    void encode(T message, ByteBuf out);

    /** A decoder for one stream. */
    Decoder<T> decoder();

    /** Cuts a byte stream into messages. Not thread-safe; owned by one stream. */
    interface Decoder<T> extends AutoCloseable {

        /**
         * Takes the readable bytes of {@code in} (without releasing it; what it must keep it copies) and adds each message
         * that is now complete to {@code out}, in order.
         *
         * @throws MalformedMessageException for a malformed or oversized message; the messages before it are in
         *     {@code out}, nothing is kept, and the decoder is of no use afterwards
         */
        void decode(ByteBuf in, List<? super T> out);

        /**
         * The stream ended: adds a last message that only the end completes, if the framing has such.
         *
         * @throws MalformedMessageException if a message was cut short
         */
        void end(List<? super T> out);

        /** Frees what is kept; may be called again. */
        @Override
        void close();
    }
}
