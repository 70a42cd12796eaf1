package io.reactivep2p.pubsub.wire;

/**
 * Writes protobuf fields into an array that has exactly the room. Field numbers are below 16, so that a tag takes one byte, but for that of
 * the test extension.
 */
final class ProtoWriter {

    static final int VARINT = 0;
    static final int FIXED_64 = 1;
    static final int LENGTH = 2;
    static final int GROUP = 3;
    static final int GROUP_END = 4;
    static final int FIXED_32 = 5;
    static final int TYPE_BITS = 3;

    private final byte[] out;
    private int at;

    ProtoWriter(int bytes) {
        this.out = new byte[bytes];
    }

    /** How many bytes a varint takes, of 64 bits without sign. */
    static int varintSize(long value) {
        return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
    }

    /** How many bytes a field with a length takes: tag, length, bytes. */
    static int fieldSize(int length) {
        return 1 + varintSize(length) + length;
    }

    void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        out[at++] = (byte) rest;
    }

    void varint(int field, long value) {
        tag(field, VARINT);
        varint(value);
    }

    void bool(int field, boolean value) {
        varint(field, value ? 1 : 0);
    }

    void tag(int field, int type) {
        varint((long) field << TYPE_BITS | type);
    }

    /** The beginning of a message of so many bytes, which follow. */
    void message(int field, int length) {
        tag(field, LENGTH);
        varint(length);
    }

    void bytes(int field, byte[] value) {
        message(field, value.length);
        raw(value);
    }

    void raw(byte[] value) {
        System.arraycopy(value, 0, out, at, value.length);
        at += value.length;
    }

    /** Everything, which must be all there is room for. */
    byte[] bytes() {
        if (at != out.length) {
            throw new IllegalStateException(at + " bytes were written; expected " + out.length);
        }
        return out;
    }
}
