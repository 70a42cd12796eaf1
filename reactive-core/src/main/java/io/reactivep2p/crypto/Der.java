package io.reactivep2p.crypto;

import java.math.BigInteger;

/** Writes the few DER forms that keys, signatures and certificates need; values of up to 65,535 bytes. */
public final class Der {

    public static final int BOOLEAN = 0x01;
    public static final int INTEGER = 0x02;
    public static final int BIT_STRING = 0x03;
    public static final int OCTET_STRING = 0x04;
    public static final int NULL = 0x05;
    public static final int OBJECT_IDENTIFIER = 0x06;
    public static final int SEQUENCE = 0x30;

    /** The explicit context tags 0 and 1. */
    public static final int CONTEXT_0 = 0xa0;

    public static final int CONTEXT_1 = 0xa1;

    private static final int MAX_LENGTH = 0xffff;

    private Der() {}

    public static byte[] sequence(byte[]... parts) {
        return value(SEQUENCE, parts);
    }

    public static byte[] integer(BigInteger value) {
        return value(INTEGER, value.toByteArray());
    }

    public static byte[] bitString(byte[] bytes) {
        return value(BIT_STRING, new byte[1], bytes);
    }

    /** A value whose contents are the concatenated parts. */
    public static byte[] value(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        if (length > MAX_LENGTH) {
            throw new IllegalArgumentException(length + " bytes in one value; at most " + MAX_LENGTH + " are written");
        }
        int lengthBytes = length < 0x80 ? 0 : length < 0x100 ? 1 : 2;
        byte[] out = new byte[2 + lengthBytes + length];
        int at = 0;
        out[at++] = (byte) tag;
        if (lengthBytes == 0) {
            out[at++] = (byte) length;
        } else {
            out[at++] = (byte) (0x80 | lengthBytes);
            for (int shift = 8 * (lengthBytes - 1); shift >= 0; shift -= 8) {
                out[at++] = (byte) (length >>> shift);
            }
        }
        for (byte[] part : parts) {
            System.arraycopy(part, 0, out, at, part.length);
            at += part.length;
        }
        return out;
    }
}
