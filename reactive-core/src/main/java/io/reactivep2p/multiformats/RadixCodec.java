package io.reactivep2p.multiformats;

import java.nio.charset.StandardCharsets;

/**
 * Encodings that write the bytes as one big number (base10, base36, base58); each leading zero byte is one leading zero
 * digit. Time grows with the square of the length, therefore the length is bounded: {@value #MAX_BYTES} bytes, many times
 * what any identifier needs.
 */
final class RadixCodec implements BaseCodec {

    static final int MAX_BYTES = 1024;

    private static final long LIMB = 0xffff_ffffL;

    private final byte[] alphabet;
    private final byte[] digits;
    private final int radix;
    /** How many digits are worked on at once, and the weight of that many: the most that stays below 2^31. */
    private final int step;

    private final long stepWeight;
    private final int maxChars;

    RadixCodec(String alphabet, boolean anyCase) {
        this.alphabet = alphabet.getBytes(StandardCharsets.US_ASCII);
        this.digits = BaseCodec.digits(alphabet, anyCase);
        this.radix = alphabet.length();
        int count = 0;
        long weight = 1;
        while (weight * radix < 1L << 31) {
            weight *= radix;
            count++;
        }
        this.step = count;
        this.stepWeight = weight;
        this.maxChars = (int) Math.ceil(MAX_BYTES * 8 / (Math.log(radix) / Math.log(2)));
    }

    @Override
    public String encode(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length > MAX_BYTES) {
            throw new MultiformatException(length + " bytes to encode, at most " + MAX_BYTES + " are");
        }
        int zeros = 0;
        while (zeros < length && bytes[from + zeros] == 0) {
            zeros++;
        }
        int[] number = limbs(bytes, from + zeros, to);
        // log2(10) > 2.6, so that three digits for each byte are enough for every radix; plus one step of slack.
        byte[] text = new byte[zeros + 3 * (length - zeros) + step];
        int at = text.length;
        for (int first = 0; first < number.length; ) {
            long rest = divide(number, first);
            for (int i = 0; i < step; i++) {
                text[--at] = alphabet[(int) (rest % radix)];
                rest /= radix;
            }
            while (first < number.length && number[first] == 0) {
                first++;
            }
        }
        while (at < text.length && text[at] == alphabet[0]) {
            at++;
        }
        for (int i = 0; i < zeros; i++) {
            text[--at] = alphabet[0];
        }
        return new String(text, at, text.length - at, StandardCharsets.ISO_8859_1);
    }

    /** Divides the number in place and returns the remainder. */
    private long divide(int[] number, int first) {
        long rest = 0;
        for (int i = first; i < number.length; i++) {
            long dividend = (rest << 32) | (number[i] & LIMB);
            number[i] = (int) (dividend / stepWeight);
            rest = dividend % stepWeight;
        }
        return rest;
    }

    /** The bytes as one number in limbs of 32 bits, the most significant first. */
    private static int[] limbs(byte[] bytes, int from, int to) {
        int[] number = new int[(to - from + 3) / 4];
        for (int i = to - 1, shift = 0; i >= from; i--, shift += 8) {
            number[number.length - 1 - shift / 32] |= (bytes[i] & 0xff) << (shift % 32);
        }
        return number;
    }

    @Override
    public byte[] decode(String text, int from) {
        int end = text.length();
        if (end - from > maxChars) {
            throw new MultiformatException((end - from) + " characters to decode, at most " + maxChars + " are");
        }
        int zeros = 0;
        while (from + zeros < end && text.charAt(from + zeros) == alphabet[0]) {
            zeros++;
        }
        int first = from + zeros;
        // No radix here needs more than six bits a digit.
        int[] number = new int[((end - first) * 6 + 31) / 32 + 1];
        int used = 0;
        for (int i = first; i < end; ) {
            long carry = 0;
            long weight = 1;
            for (int n = 0; n < step && i < end; n++, i++) {
                carry = carry * radix + BaseCodec.digit(digits, text, i);
                weight *= radix;
            }
            for (int j = 0; j < used; j++) {
                carry += (number[j] & LIMB) * weight;
                number[j] = (int) carry;
                carry >>>= 32;
            }
            if (carry != 0) {
                number[used++] = (int) carry;
            }
        }
        return bytes(number, used, zeros);
    }

    /** Limbs, the least significant first, as big-endian bytes behind {@code zeros} zero bytes. */
    private static byte[] bytes(int[] number, int used, int zeros) {
        int length = used == 0 ? 0 : used * 4 - Integer.numberOfLeadingZeros(number[used - 1]) / 8;
        if (zeros + length > MAX_BYTES) {
            throw new MultiformatException((zeros + length) + " bytes decoded, at most " + MAX_BYTES + " are");
        }
        byte[] bytes = new byte[zeros + length];
        for (int i = 0; i < length; i++) {
            bytes[bytes.length - 1 - i] = (byte) (number[i / 4] >>> (i % 4 * 8));
        }
        return bytes;
    }
}
