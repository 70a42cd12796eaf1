package io.reactivep2p.security.pnet;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.crypto.MalformedKeyException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** The content of key files to keys and back; the package describes it. What it throws quotes nothing: any line may hold the secret. */
@SansIo
final class PreSharedKeyCodec {

    /** No key file is longer: 21 characters, 8, 64 and three ends of line are 99 bytes. */
    static final int MAX_FILE_BYTES = 128;

    private static final String FIRST_LINE = "/key/swarm/psk/1.0.0/";
    private static final String BASE16 = "/base16/";
    private static final String BASE64 = "/base64/";
    private static final String BIN = "/bin/";

    private PreSharedKeyCodec() {}

    static byte[] encode(byte[] secret) {
        String text = FIRST_LINE + '\n' + BASE16 + '\n' + HexFormat.of().formatHex(secret) + '\n';
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] decode(byte[] file) {
        if (file.length > MAX_FILE_BYTES) {
            throw malformed("no such file is longer than " + MAX_FILE_BYTES + " bytes");
        }
        int second = lineAfter(file, 0);
        if (second < 0 || !line(file, 0, second).equals(FIRST_LINE)) {
            throw malformed("the first line has to be " + FIRST_LINE);
        }
        int third = lineAfter(file, second);
        String encoding = third < 0 ? "" : line(file, second, third);
        byte[] secret =
                switch (encoding) {
                    case BASE16 -> base16(text(file, third));
                    case BASE64 -> base64(text(file, third));
                    case BIN -> bin(file, third);
                    default -> throw malformed("the second line has to be " + BASE16 + ", " + BASE64 + " or " + BIN);
                };
        if (secret.length != PreSharedKey.BYTES) {
            throw malformed("a key has " + PreSharedKey.BYTES + " bytes, not " + secret.length);
        }
        return secret;
    }

    /** Where the line behind the one at {@code start} begins; -1 if that one does not end. */
    private static int lineAfter(byte[] file, int start) {
        for (int i = start; i < file.length; i++) {
            if (file[i] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private static String line(byte[] file, int start, int end) {
        return new String(file, start, withoutEndOfLine(file, start, end) - start, StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] file, int start) {
        return line(file, start, file.length);
    }

    /** Where what lies between {@code start} and {@code end} ends without one LF or CRLF. */
    private static int withoutEndOfLine(byte[] file, int start, int end) {
        if (end == start || file[end - 1] != '\n') {
            return end;
        }
        return end - 1 > start && file[end - 2] == '\r' ? end - 2 : end - 1;
    }

    private static byte[] base16(String text) {
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            throw malformed("the key is not in base16");
        }
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw malformed("the key is not in base64");
        }
    }

    /** The key may end with the byte of a line feed, so only what is too long has an end of line. */
    private static byte[] bin(byte[] file, int start) {
        int end = file.length - start > PreSharedKey.BYTES ? withoutEndOfLine(file, start, file.length) : file.length;
        return Arrays.copyOfRange(file, start, end);
    }

    private static MalformedKeyException malformed(String expectation) {
        return new MalformedKeyException("no pre-shared key: " + expectation);
    }
}
