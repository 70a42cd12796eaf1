package io.reactivep2p.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.netty.buffer.ByteBuf;
import java.io.IOException;

/** Reads and writes protobuf messages, unframed. */
public final class Protobuf {

    /**
     * How deep messages and groups may nest, unknown ones included (CVE-2024-7254); no libp2p message nests deeper than
     * five levels.
     */
    public static final int MAX_DEPTH = 16;

    private Protobuf() {}

    /**
     * Reads a message from all of the bytes.
     *
     * @throws MalformedMessageException if they are no message of the type, or a required field is missing
     */
    public static <M extends MessageLite> M parse(Parser<M> parser, byte[] bytes) {
        return parse(parser, CodedInputStream.newInstance(bytes));
    }

    /**
     * Reads a message from all readable bytes, moving the reader index to their end; the buffer stays the caller's.
     *
     * @throws MalformedMessageException if they are no message of the type, or a required field is missing
     */
    public static <M extends MessageLite> M parse(Parser<M> parser, ByteBuf bytes) {
        int length = bytes.readableBytes();
        CodedInputStream in = bytes.hasArray()
                ? CodedInputStream.newInstance(bytes.array(), bytes.arrayOffset() + bytes.readerIndex(), length)
                : CodedInputStream.newInstance(bytes.nioBuffer());
        M message = parse(parser, in);
        bytes.skipBytes(length);
        return message;
    }

    private static <M extends MessageLite> M parse(Parser<M> parser, CodedInputStream in) {
        in.setRecursionLimit(MAX_DEPTH);
        try {
            M message = parser.parseFrom(in);
            in.checkLastTagWas(0); // a stray end of a group would end the parsing silently
            return message;
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedMessageException("malformed protobuf message: " + e.getMessage(), e);
        }
    }

    /** Appends {@code message}, without an intermediate array where {@code out} is one piece of memory. */
    public static void write(MessageLite message, ByteBuf out) {
        int length = message.getSerializedSize();
        out.ensureWritable(length);
        int start = out.writerIndex();
        try {
            if (out.hasArray()) {
                writeTo(message, CodedOutputStream.newInstance(out.array(), out.arrayOffset() + start, length));
            } else if (out.nioBufferCount() == 1) {
                writeTo(message, CodedOutputStream.newInstance(out.nioBuffer(start, length)));
            } else {
                out.setBytes(start, message.toByteArray());
            }
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        out.writerIndex(start + length);
    }

    private static void writeTo(MessageLite message, CodedOutputStream out) throws IOException {
        message.writeTo(out);
        out.flush();
    }
}
