package io.reactivep2p.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.multiformats.MultiformatException;
import io.reactivep2p.multiformats.Varint;
import java.util.List;

/** A varint with the length of the body, then the body. */
final class LengthPrefixedCodec<T> implements MessageCodec<T> {

    private final int maxBytes;
    private final Body<T> body;

    LengthPrefixedCodec(int maxBytes, Body<T> body) {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("maxBytes is " + maxBytes + ", expected 0 or more");
        }
        this.maxBytes = maxBytes;
        this.body = body;
    }

    /** How the inside of a frame is written and read. */
    interface Body<T> {

        /** Appends prefix and body, the body being of at most {@code maxBytes} bytes. */
        void write(T message, ByteBuf out, int maxBytes);

        /** Reads all of {@code bytes}, which stay the caller's. */
        T read(ByteBuf bytes);
    }

    static void writePrefix(int length, int maxBytes, ByteBuf out) {
        if (length > maxBytes) {
            throw new MalformedMessageException(
                    "message of " + length + " bytes; at most " + maxBytes + " bytes may be sent");
        }
        out.ensureWritable(Varint.size(length) + length);
        Varint.write(length, out);
    }

    @Override
    public void encode(T message, ByteBuf out) {
        int start = out.writerIndex();
        boolean written = false;
        try {
            body.write(message, out, maxBytes);
            written = true;
        } finally {
            if (!written) {
                out.writerIndex(start);
            }
        }
    }

    @Override
    public Decoder<T> decoder() {
        return new PrefixDecoder<>(maxBytes, body);
    }

    private static final class PrefixDecoder<T> extends FrameDecoder<T> {

        private static final int UNKNOWN = -1;

        private final int maxBytes;
        private final Body<T> body;

        /** Holds the longest prefix whose length can be allowed; a longer one is refused before its end is seen. */
        private final byte[] prefix;

        private int prefixLength;
        private int length = UNKNOWN;

        PrefixDecoder(int maxBytes, Body<T> body) {
            this.maxBytes = maxBytes;
            this.body = body;
            this.prefix = new byte[Varint.size(maxBytes)];
        }

        @Override
        void step(ByteBuf in, List<? super T> out) {
            if (length == UNKNOWN) {
                readPrefix(in);
                if (length == 0) {
                    finish(Unpooled.EMPTY_BUFFER, out);
                }
            } else if (kept() == 0 && in.readableBytes() >= length) {
                finish(in.readSlice(length), out);
            } else {
                keep(in, Math.min(in.readableBytes(), length - kept()), length);
                if (kept() == length) {
                    finish(keptBytes(), out);
                    drop();
                }
            }
        }

        private void readPrefix(ByteBuf in) {
            byte group = in.readByte();
            prefix[prefixLength++] = group;
            if (group >= 0) {
                long declared;
                try {
                    declared = Varint.read(prefix, 0, prefixLength);
                } catch (MultiformatException e) {
                    throw new MalformedMessageException("message with a malformed length: " + e.getMessage(), e);
                }
                if (declared > maxBytes) {
                    throw new MalformedMessageException(
                            "message of " + declared + " bytes; at most " + maxBytes + " bytes are accepted");
                }
                length = (int) declared;
                prefixLength = 0;
            } else if (prefixLength == prefix.length) {
                throw new MalformedMessageException("message with a length of more than " + prefix.length
                        + " bytes; at most " + maxBytes + " bytes of message are accepted");
            }
        }

        private void finish(ByteBuf bytes, List<? super T> out) {
            length = UNKNOWN;
            T message;
            try {
                message = body.read(bytes);
            } catch (MalformedMessageException e) {
                throw e;
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new MalformedMessageException("malformed message: " + e.getMessage(), e);
            }
            out.add(message);
        }

        @Override
        void atEnd(List<? super T> out) {
            if (length != UNKNOWN) {
                throw new MalformedMessageException(
                        "the stream ended after " + kept() + " of " + length + " bytes of a message");
            }
            if (prefixLength > 0) {
                throw new MalformedMessageException("the stream ended inside the length of a message");
            }
        }
    }
}
