package io.reactivep2p.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Reads DER strictly: definite lengths in their shortest form, never reaching beyond the enclosing value, no slack.
 * What it accepts has one encoding only. Every method that reads throws {@link MalformedKeyException} where something else stands.
 */
public final class DerReader {

    /** More than any key or signature needs; a length field of more bytes is refused unread. */
    private static final int MAX_LENGTH_BYTES = 2;

    private final byte[] bytes;
    private final String what;
    private int position;
    private final int end;

    /** @param what the bytes are, for the messages of errors */
    public DerReader(byte[] bytes, String what) {
        this(bytes, 0, bytes.length, what);
    }

    private DerReader(byte[] bytes, int position, int end, String what) {
        this.bytes = bytes;
        this.position = position;
        this.end = end;
        this.what = what;
    }

    /** A reader of the contents of the next value, which this one steps over. */
    public DerReader enter(int tag) {
        int length = header(tag);
        DerReader inner = new DerReader(bytes, position, position + length, what);
        position += length;
        return inner;
    }

    /** The contents of the next value. */
    public byte[] value(int tag) {
        int length = header(tag);
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    /** The next value with its tag and length, as it stands. */
    public byte[] element(int tag) {
        int start = position;
        int length = header(tag);
        position += length;
        return Arrays.copyOfRange(bytes, start, position);
    }

    /** The next value, a non-negative integer of at most {@code maxBits} bits. */
    public BigInteger integer(int maxBits) {
        int length = header(Der.INTEGER);
        if (length == 0) {
            throw malformed("an integer without a byte");
        }
        if (bytes[position] < 0) {
            throw malformed("a negative integer");
        }
        boolean padded = bytes[position] == 0;
        if (padded && length > 1 && bytes[position + 1] >= 0) {
            throw malformed("an integer with a needless leading zero");
        }
        int leading = padded ? 1 : 0;
        long bits = length == leading
                ? 0
                : (long) (length - leading) * 8 - Integer.numberOfLeadingZeros(bytes[position + leading] & 0xff) + 24;
        if (bits > maxBits) {
            throw malformed("an integer of " + bits + " bits; at most " + maxBits + " are accepted");
        }
        position += length;
        return new BigInteger(bytes, position - length, length);
    }

    /** The contents of the next value, a bit string of whole bytes. */
    public DerReader bitString() {
        DerReader inner = enter(Der.BIT_STRING);
        if (inner.atEnd() || bytes[inner.position++] != 0) {
            throw malformed("a bit string that is not of whole bytes");
        }
        return inner;
    }

    /** The next value's contents must be exactly {@code expected}. */
    public void expect(int tag, byte[] expected, String meaning) {
        byte[] value = value(tag);
        if (!Arrays.equals(value, expected)) {
            throw malformed(HexFormat.of().formatHex(value, 0, Math.min(value.length, 16)) + " where " + meaning + " ("
                    + HexFormat.of().formatHex(expected) + ") was expected");
        }
    }

    /** Whether a value of this tag is next. */
    public boolean next(int tag) {
        return !atEnd() && (bytes[position] & 0xff) == tag;
    }

    public boolean atEnd() {
        return position == end;
    }

    /** What is left, as it stands. */
    public byte[] rest() {
        return Arrays.copyOfRange(bytes, position, end);
    }

    /** The enclosing value must be over. */
    public void finish() {
        if (!atEnd()) {
            throw malformed((end - position) + " bytes too many");
        }
    }

    /** Steps over tag and length, and answers the length, which is never more than what is left. */
    private int header(int tag) {
        if (!next(tag)) {
            throw malformed((atEnd() ? "the end" : "tag " + Integer.toHexString(bytes[position] & 0xff)) + " where tag "
                    + Integer.toHexString(tag) + " was expected");
        }
        position++;
        if (atEnd()) {
            throw malformed("a value without a length");
        }
        int length = bytes[position++] & 0xff;
        if (length >= 0x80) {
            length = longLength(length & 0x7f);
        }
        if (length > end - position) {
            throw malformed("a length of " + length + " where " + (end - position) + " bytes are left");
        }
        return length;
    }

    private int longLength(int count) {
        if (count == 0 || count > MAX_LENGTH_BYTES) {
            throw malformed("a length of " + count + " bytes; expected 1 to " + MAX_LENGTH_BYTES);
        }
        if (count > end - position) {
            throw malformed("a length cut short");
        }
        int length = 0;
        for (int i = 0; i < count; i++) {
            length = (length << 8) | (bytes[position++] & 0xff);
        }
        if (length < 0x80 || length < 1 << (8 * (count - 1))) {
            throw malformed("a length that is not in its shortest form");
        }
        return length;
    }

    private MalformedKeyException malformed(String offence) {
        return new MalformedKeyException(what + " is malformed DER: " + offence);
    }
}
