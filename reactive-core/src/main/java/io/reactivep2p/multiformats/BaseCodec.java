package io.reactivep2p.multiformats;

import java.util.Arrays;

/** Bytes to text and back in one alphabet, without a multibase prefix. */
sealed interface BaseCodec permits BitCodec, RadixCodec {

    String encode(byte[] bytes, int from, int to);

    /** The bytes of {@code text} from the character {@code from} on; malformed: {@link MultiformatException}. */
    byte[] decode(String text, int from);

    /** Index by character, -1 where the alphabet has no such character. */
    static byte[] digits(String alphabet, boolean anyCase) {
        byte[] digits = new byte[128];
        Arrays.fill(digits, (byte) -1);
        for (int i = 0; i < alphabet.length(); i++) {
            char c = alphabet.charAt(i);
            digits[c] = (byte) i;
            if (anyCase) {
                digits[Character.toLowerCase(c)] = (byte) i;
                digits[Character.toUpperCase(c)] = (byte) i;
            }
        }
        return digits;
    }

    static int digit(byte[] digits, String text, int index) {
        char c = text.charAt(index);
        int digit = c < digits.length ? digits[c] : -1;
        if (digit < 0) {
            throw new MultiformatException(
                    String.format("character U+%04X at %d does not belong to the encoding", (int) c, index));
        }
        return digit;
    }
}
