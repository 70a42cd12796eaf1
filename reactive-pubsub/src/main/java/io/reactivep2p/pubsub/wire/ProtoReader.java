package io.reactivep2p.pubsub.wire;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.wire.MalformedMessageException;
import io.reactivep2p.wire.Protobuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the fields of a protobuf message, and of the messages inside it, in place.
 *
 * <pre>
 *   while (in.next()) switch (in.field()) case 1 -&gt; in.bytes() ... default -&gt; in.skip()
 * </pre>
 *
 * A field of an unexpected type is to be skipped like an unknown one, which is what protobuf does.
 */
final class ProtoReader {

    private static final int MAX_VARINT_BITS = 70;

    private final ByteBuf in;
    private int at;
    private int end;
    private int tag;

    /** Reads all readable bytes of the buffer, which stays the caller's, and whose indices stay as they are. */
    ProtoReader(ByteBuf in) {
        this.in = in;
        this.at = in.readerIndex();
        this.end = in.writerIndex();
    }

    /** Goes on to the next field of the current message, whose value must then be read or skipped. */
    boolean next() {
        if (at == end) {
            return false;
        }
        long read = varint();
        if (read >>> Integer.SIZE == 0 && read >>> ProtoWriter.TYPE_BITS != 0) {
            tag = (int) read;
            return true;
        }
        throw new MalformedMessageException("a protobuf field with the tag 0x" + Long.toHexString(read));
    }

    int field() {
        return tag >>> ProtoWriter.TYPE_BITS;
    }

    /** Whether the current field has this number and type. */
    boolean is(int field, int type) {
        return tag == (field << ProtoWriter.TYPE_BITS | type);
    }

    /** Where the next byte to be read stands. */
    int position() {
        return at;
    }

    /** Goes back to where a message began or ended. */
    void position(int position) {
        at = position;
    }

    /** Enters the message that the current field is. The result is for {@link #leave}. */
    int enter() {
        int length = length();
        int outerEnd = end;
        end = at + length;
        return outerEnd;
    }

    /** Leaves the message, read to its end or not. */
    void leave(int outerEnd) {
        at = end;
        end = outerEnd;
    }

    /** A varint of 64 bits, of any form. */
    long varint() {
        long value = 0;
        for (int shift = 0; shift < MAX_VARINT_BITS; shift += 7) {
            if (at == end) {
                throw new MalformedMessageException("a protobuf varint is cut short");
            }
            byte group = in.getByte(at++);
            value |= (long) (group & 0x7f) << shift;
            if (group >= 0) {
                return value;
            }
        }
        throw new MalformedMessageException("a protobuf varint of more than 10 bytes");
    }

    /** The length of what follows, which is there. */
    int length() {
        long length = varint();
        if (length < 0 || length > end - at) {
            throw new MalformedMessageException("a protobuf field of " + Long.toUnsignedString(length) + " bytes where "
                    + (end - at) + " bytes follow");
        }
        return (int) length;
    }

    byte[] bytes() {
        return bytes(length());
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        in.getBytes(at, bytes);
        at += length;
        return bytes;
    }

    /** Text; {@code null} where it is not UTF-8, since what cannot be written again as it was is no name. */
    @Nullable
    String text() {
        byte[] bytes = bytes();
        for (byte b : bytes) {
            if (b < 0) {
                return strictText(bytes);
            }
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static @Nullable String strictText(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Passes over the value of the current field. Groups nest only so deep, without a stack (CVE-2024-7254). */
    void skip() {
        if ((tag & ((1 << ProtoWriter.TYPE_BITS) - 1)) != ProtoWriter.GROUP) {
            skipPlain();
            return;
        }
        int[] open = new int[Protobuf.MAX_DEPTH];
        int depth = 0;
        open[depth++] = field();
        while (depth > 0) {
            if (!next()) {
                throw new MalformedMessageException("a protobuf group without an end");
            }
            int type = tag & ((1 << ProtoWriter.TYPE_BITS) - 1);
            if (type == ProtoWriter.GROUP) {
                if (depth == open.length) {
                    throw new MalformedMessageException("protobuf groups nested deeper than " + open.length);
                }
                open[depth++] = field();
            } else if (type == ProtoWriter.GROUP_END && open[depth - 1] == field()) {
                depth--;
            } else {
                skipPlain();
            }
        }
    }

    private void skipPlain() {
        switch (tag & ((1 << ProtoWriter.TYPE_BITS) - 1)) {
            case ProtoWriter.VARINT -> varint();
            case ProtoWriter.FIXED_64 -> skipBytes(Long.BYTES);
            case ProtoWriter.LENGTH -> skipBytes(length());
            case ProtoWriter.FIXED_32 -> skipBytes(Integer.BYTES);
            default ->
                throw new MalformedMessageException("a protobuf field with the tag 0x" + Integer.toHexString(tag));
        }
    }

    private void skipBytes(int count) {
        if (count > end - at) {
            throw new MalformedMessageException(
                    "a protobuf field of " + count + " bytes where " + (end - at) + " follow");
        }
        at += count;
    }
}
