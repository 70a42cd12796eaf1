package io.reactivep2p.multiformats;

import io.netty.buffer.ByteBuf;

/**
 * Unsigned varints of at most nine bytes (63 bits), little-endian groups of seven bits, the high bit meaning "more".
 *
 * <p>This is the strict decoder of the multiformats: it rejects a tenth byte, values of 2^63 and more, and every form
 * that is not the shortest one. The varints inside protobuf messages are laxer and none of this class's business.
 *
 * <p>A consequence of strictness that callers may use: {@link #size(long)} of a value that was read is the number of
 * bytes it was read from.
 */
public final class Varint {

    /** The most bytes a varint takes on the wire. */
    public static final int MAX_BYTES = 9;

    private static final long CUT_SHORT = -1;

    private Varint() {}

    /** How many bytes {@code value} takes. */
    public static int size(long value) {
        requireUnsigned(value);
        // One byte for each started group of seven bits; zero takes one too.
        return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
    }

    /** Appends {@code value} to {@code out}. */
    public static void write(long value, ByteBuf out) {
        requireUnsigned(value);
        long rest = value;
        while (rest > 0x7f) {
            out.writeByte((int) rest | 0x80);
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    /** Writes {@code value} into {@code out} from {@code offset} on and returns the offset behind it. */
    public static int write(long value, byte[] out, int offset) {
        requireUnsigned(value);
        int at = offset;
        long rest = value;
        while (rest > 0x7f) {
            out[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        out[at++] = (byte) rest;
        return at;
    }

    /** {@code value} alone. */
    public static byte[] toBytes(long value) {
        byte[] bytes = new byte[size(value)];
        write(value, bytes, 0);
        return bytes;
    }

    /** Reads one varint and moves the reader index behind it; malformed or cut short: {@link MultiformatException}. */
    public static long read(ByteBuf in) {
        long value = tryRead(in);
        if (value == CUT_SHORT) {
            throw cutShort(in.readableBytes());
        }
        return value;
    }

    /**
     * Reads one varint if it is all there; returns -1 and leaves the reader index alone when more bytes are needed.
     * Malformed: {@link MultiformatException}, as soon as the bytes that are there show it.
     */
    public static long tryRead(ByteBuf in) {
        int start = in.readerIndex();
        int length = Math.min(in.readableBytes(), MAX_BYTES);
        long value = 0;
        for (int i = 0; i < length; i++) {
            byte group = in.getByte(start + i);
            value |= (long) (group & 0x7f) << (7 * i);
            if (group >= 0) {
                requireMinimal(group, i);
                in.readerIndex(start + i + 1);
                return value;
            }
        }
        if (length == MAX_BYTES) {
            throw tooLong();
        }
        return CUT_SHORT;
    }

    /**
     * Reads the varint that stands at {@code offset} and ends before {@code end}; malformed or cut short:
     * {@link MultiformatException}. What follows it stands at {@code offset + size(value)}.
     */
    public static long read(byte[] in, int offset, int end) {
        int length = Math.min(end - offset, MAX_BYTES);
        long value = 0;
        for (int i = 0; i < length; i++) {
            byte group = in[offset + i];
            value |= (long) (group & 0x7f) << (7 * i);
            if (group >= 0) {
                requireMinimal(group, i);
                return value;
            }
        }
        throw length == MAX_BYTES ? tooLong() : cutShort(Math.max(length, 0));
    }

    private static void requireUnsigned(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("a varint holds 0 to 2^63-1, not " + value);
        }
    }

    private static void requireMinimal(byte lastGroup, int index) {
        if (lastGroup == 0 && index > 0) {
            throw new MultiformatException("varint of " + (index + 1) + " bytes is not in its shortest form");
        }
    }

    private static MultiformatException tooLong() {
        return new MultiformatException("varint does not end within " + MAX_BYTES + " bytes");
    }

    private static MultiformatException cutShort(int available) {
        return new MultiformatException("varint is cut short after " + available + " bytes");
    }
}
