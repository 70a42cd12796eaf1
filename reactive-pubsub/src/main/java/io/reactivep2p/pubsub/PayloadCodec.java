package io.reactivep2p.pubsub;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.reactivep2p.wire.MalformedMessageException;
import io.reactivep2p.wire.MessageCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Turns payloads of a topic into the bytes of a message and back. Immutable; called on any thread. An {@link IllegalArgumentException}
 * from {@link #decode} means a malformed payload: the message is passed over, and rejected where a validator would have read it.
 *
 * @param <T> the payload
 */
public interface PayloadCodec<T> {

    byte[] encode(T payload);

    /** Reads {@code data}, which is shared and must not be written to. */
    T decode(byte[] data);

    /** A codec of two functions. */
    static <T> PayloadCodec<T> of(Function<? super T, byte[]> encode, Function<byte[], ? extends T> decode) {
        return new PayloadCodec<>() {
            @Override
            public byte[] encode(T payload) {
                return encode.apply(payload);
            }

            @Override
            public T decode(byte[] data) {
                return decode.apply(data);
            }
        };
    }

    /** The bytes themselves, a fresh copy each way. */
    static PayloadCodec<byte[]> bytes() {
        return of(byte[]::clone, byte[]::clone);
    }

    /** UTF-8 text; what is not UTF-8 reads as replacement characters. */
    static PayloadCodec<String> text() {
        return of(text -> text.getBytes(StandardCharsets.UTF_8), data -> new String(data, StandardCharsets.UTF_8));
    }

    /** One message of a stream codec in each payload, with the frame that the codec writes. */
    static <T> PayloadCodec<T> framed(MessageCodec<T> codec) {
        return of(
                payload -> {
                    ByteBuf out = Unpooled.buffer();
                    codec.encode(payload, out);
                    return ByteBufUtil.getBytes(out);
                },
                data -> {
                    List<T> messages = new ArrayList<>(1);
                    try (MessageCodec.Decoder<T> decoder = codec.decoder()) {
                        decoder.decode(Unpooled.wrappedBuffer(data), messages);
                        decoder.end(messages);
                    }
                    if (messages.size() != 1) {
                        throw new MalformedMessageException(
                                "a payload with " + messages.size() + " messages; expected one");
                    }
                    return messages.get(0);
                });
    }
}
