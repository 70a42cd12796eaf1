package io.reactivep2p.multiformats;

import java.nio.charset.StandardCharsets;

/** The encodings of RFC 4648 and their kin: each character stands for a fixed number of bits. Linear in time. */
final class BitCodec implements BaseCodec {

    private static final char PAD = '=';

    private final byte[] alphabet;
    private final byte[] digits;
    private final int bits;
    /** Characters of a padded group, 1 for an encoding without padding. */
    private final int group;
    /** Whether left-over bits that are not zero are an error (one text per value) or are dropped. */
    private final boolean strict;

    private BitCodec(String alphabet, int group, boolean anyCase, boolean strict) {
        this.alphabet = alphabet.getBytes(StandardCharsets.US_ASCII);
        this.digits = BaseCodec.digits(alphabet, anyCase);
        this.bits = Integer.numberOfTrailingZeros(alphabet.length());
        this.group = group;
        this.strict = strict;
    }

    static BitCodec of(String alphabet) {
        return new BitCodec(alphabet, 1, false, true);
    }

    static BitCodec anyCase(String alphabet) {
        return new BitCodec(alphabet, 1, true, true);
    }

    /** The same with padding to whole groups of {@code size} characters. */
    BitCodec padded(int size) {
        return new BitCodec(alphabetText(), size, isAnyCase(), strict);
    }

    /** The same, dropping left-over bits whatever they are. */
    BitCodec lenient() {
        return new BitCodec(alphabetText(), group, isAnyCase(), false);
    }

    private String alphabetText() {
        return new String(alphabet, StandardCharsets.US_ASCII);
    }

    private boolean isAnyCase() {
        return digits['a'] >= 0 && digits['a'] == digits['A'];
    }

    @Override
    public String encode(byte[] bytes, int from, int to) {
        long chars = ((to - from) * 8L + bits - 1) / bits;
        long total = (chars + group - 1) / group * group;
        byte[] text = new byte[Math.toIntExact(total)];
        int at = 0;
        int pending = 0;
        int pendingBits = 0;
        int mask = (1 << bits) - 1;
        for (int i = from; i < to; i++) {
            // At most bits - 1 (five) bits are kept from the round before, so this never overflows.
            pending = (pending << 8) | (bytes[i] & 0xff);
            pendingBits += 8;
            while (pendingBits >= bits) {
                pendingBits -= bits;
                text[at++] = alphabet[(pending >>> pendingBits) & mask];
            }
            pending &= (1 << pendingBits) - 1;
        }
        if (pendingBits > 0) {
            text[at++] = alphabet[(pending << (bits - pendingBits)) & mask];
        }
        while (at < text.length) {
            text[at++] = PAD;
        }
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    @Override
    public byte[] decode(String text, int from) {
        int end = withoutPadding(text, from);
        long totalBits = (long) (end - from) * bits;
        if (totalBits % 8 >= bits) {
            throw new MultiformatException((end - from) + " characters are no whole number of bytes");
        }
        byte[] bytes = new byte[(int) (totalBits / 8)];
        int at = 0;
        int pending = 0;
        int pendingBits = 0;
        for (int i = from; i < end; i++) {
            pending = (pending << bits) | BaseCodec.digit(digits, text, i);
            pendingBits += bits;
            if (pendingBits >= 8) {
                pendingBits -= 8;
                bytes[at++] = (byte) (pending >>> pendingBits);
                pending &= (1 << pendingBits) - 1;
            }
        }
        if (strict && pending != 0) {
            throw new MultiformatException("the bits left over at the end are not zero");
        }
        return bytes;
    }

    private int withoutPadding(String text, int from) {
        int end = text.length();
        if (group == 1) {
            return end;
        }
        if ((end - from) % group != 0) {
            throw new MultiformatException((end - from) + " characters are no whole groups of " + group);
        }
        int first = Math.max(from, end - group + 1);
        while (end > first && text.charAt(end - 1) == PAD) {
            end--;
        }
        return end;
    }
}
