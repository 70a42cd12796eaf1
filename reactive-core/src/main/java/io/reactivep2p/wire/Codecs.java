package io.reactivep2p.wire;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The codecs. Each is immutable and may be shared. */
public final class Codecs {

    /** The longest line that {@link #lines()} reads, in bytes; a choice of ours. */
    public static final int DEFAULT_MAX_LINE_BYTES = 64 * 1024;

    private Codecs() {}

    /**
     * Messages of any form, each behind its length in bytes as a varint.
     *
     * @param maxBytes the longest message, without its length; a longer one is refused on its declared length
     * @param encode appends a message to a buffer, which stays the caller's
     * @param decode reads a message from all readable bytes of a buffer that is valid during the call only; an
     *     {@link IllegalArgumentException} or {@link IndexOutOfBoundsException} from it means a malformed message
     */
    public static <T> MessageCodec<T> lengthPrefixed(
            int maxBytes,
            BiConsumer<? super T, ? super ByteBuf> encode,
            Function<? super ByteBuf, ? extends T> decode) {
        return new LengthPrefixedCodec<>(maxBytes, new LengthPrefixedCodec.Body<>() {
            @Override
            public void write(T message, ByteBuf out, int max) {
                ByteBuf body = out.alloc().buffer(); // how long the prefix is shows only when the body is there
                try {
                    encode.accept(message, body);
                    LengthPrefixedCodec.writePrefix(body.readableBytes(), max, out);
                    out.writeBytes(body);
                } finally {
                    body.release();
                }
            }

            @Override
            public T read(ByteBuf bytes) {
                return decode.apply(bytes);
            }
        });
    }

    /** Byte strings, each behind its length as a varint; the longest has {@code maxBytes} bytes. */
    public static MessageCodec<byte[]> lengthPrefixed(int maxBytes) {
        return new LengthPrefixedCodec<>(maxBytes, new LengthPrefixedCodec.Body<>() {
            @Override
            public void write(byte[] message, ByteBuf out, int max) {
                LengthPrefixedCodec.writePrefix(message.length, max, out);
                out.writeBytes(message);
            }

            @Override
            public byte[] read(ByteBuf bytes) {
                return ByteBufUtil.getBytes(bytes);
            }
        });
    }

    /** Protobuf messages, each behind its length as a varint; the longest has {@code maxBytes} bytes. */
    public static <M extends MessageLite> MessageCodec<M> protobuf(Parser<M> parser, int maxBytes) {
        return new LengthPrefixedCodec<>(maxBytes, new LengthPrefixedCodec.Body<>() {
            @Override
            public void write(M message, ByteBuf out, int max) {
                LengthPrefixedCodec.writePrefix(message.getSerializedSize(), max, out);
                Protobuf.write(message, out);
            }

            @Override
            public M read(ByteBuf bytes) {
                return Protobuf.parse(parser, bytes);
            }
        });
    }

    /** {@link #lines(int)} of at most {@link #DEFAULT_MAX_LINE_BYTES} bytes. */
    public static MessageCodec<String> lines() {
        return lines(DEFAULT_MAX_LINE_BYTES);
    }

    /**
     * Lines of UTF-8 text, ended by a line feed, which the messages do not have; a carriage return is a character like
     * others. The end of the stream also ends a line. Bytes that are not UTF-8 are malformed.
     *
     * @param maxBytes the longest line in bytes, without the line feed
     */
    public static MessageCodec<String> lines(int maxBytes) {
        return new LinesCodec(maxBytes);
    }

    /** Messages of exactly {@code length} bytes, without a frame. */
    public static MessageCodec<byte[]> fixed(int length) {
        return new FixedCodec(length);
    }

    /** Bytes without any frame: written as they are, and read in pieces as they come, which need not be as they were sent. */
    public static MessageCodec<byte[]> bytes() {
        return BytesCodec.INSTANCE;
    }
}
