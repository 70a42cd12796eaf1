package io.reactivep2p.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.SansIo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the head of one HTTP/1.1 message (RFC 9112, sections 2 to 5) from bytes that come in pieces, and not one byte behind it.
 *
 * <pre>
 *   start-line CRLF  *( field-name ":" OWS field-value OWS CRLF )  CRLF
 * </pre>
 *
 * It is stricter than a server for browsers of all ages: lines end with CR LF, nothing is folded, a field has no space before its colon,
 * and control characters are refused wherever they are.
 */
@SansIo
final class HttpHeadReader {

    /** The most bytes of a head. Ours: browsers add their cookies; go-libp2p takes 1 MiB. */
    static final int MAX_BYTES = 16 * 1024;

    /** The most fields. Ours. */
    static final int MAX_FIELDS = 128;

    private static final int FIRST_SIZE = 512;
    private static final int CR_LF_TWICE = 0x0D0A0D0A;
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private byte[] bytes = {};
    private int length;
    private int lastFour;

    /**
     * Reads on.
     *
     * @param in read up to the end of the head, or to its end
     * @return the head, or {@code null} if there is more of it to come
     * @throws HttpHeadException if it is none, or too large
     */
    @Nullable
    HttpHead read(ByteBuf in) {
        while (in.isReadable()) {
            if (length == MAX_BYTES) {
                throw new HttpHeadException(HttpStatus.HEADERS_TOO_LARGE, "more than " + MAX_BYTES + " bytes of head");
            }
            byte next = in.readByte();
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(FIRST_SIZE, Math.min(2 * length, MAX_BYTES)));
            }
            bytes[length++] = next;
            lastFour = lastFour << 8 | next & 0xFF;
            if (lastFour == CR_LF_TWICE) {
                return head();
            }
            if (length == 1 && (next <= ' ' || next == 0x7F)) {
                throw malformed("a head that begins with byte " + (next & 0xFF));
            }
        }
        return null;
    }

    private HttpHead head() {
        String text = new String(bytes, 0, length - 4, StandardCharsets.ISO_8859_1);
        List<String> lines = List.of(text.split("\r\n", -1));
        if (lines.size() - 1 > MAX_FIELDS) {
            throw new HttpHeadException(HttpStatus.HEADERS_TOO_LARGE, "more than " + MAX_FIELDS + " fields");
        }
        List<HttpHead.Field> fields = new ArrayList<>(lines.size() - 1);
        lines.forEach(HttpHeadReader::check);
        lines.subList(1, lines.size()).forEach(line -> fields.add(field(line)));
        return new HttpHead(lines.get(0), List.copyOf(fields));
    }

    private static void check(String line) {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7F) {
                throw malformed("a control character, " + (int) c + ", in a line");
            }
        }
    }

    private static HttpHead.Field field(String line) {
        int colon = line.indexOf(':');
        if (colon < 1) {
            throw malformed("a line that is no field");
        }
        for (int i = 0; i < colon; i++) {
            if (!isTokenChar(line.charAt(i))) {
                throw malformed("a field's name with character " + (int) line.charAt(i));
            }
        }
        return new HttpHead.Field(
                line.substring(0, colon), line.substring(colon + 1).strip());
    }

    private static boolean isTokenChar(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || TOKEN_MARKS.indexOf(c) >= 0;
    }

    private static HttpHeadException malformed(String what) {
        return new HttpHeadException(HttpStatus.BAD_REQUEST, what);
    }
}
