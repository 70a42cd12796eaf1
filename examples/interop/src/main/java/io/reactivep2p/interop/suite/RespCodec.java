package io.reactivep2p.interop.suite;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Version 2 of the Redis protocol: each value begins with a byte for its type and ends its first line with CR LF.
 *
 * <pre>
 *   +text    simple string        $7 CR LF address CR LF    bulk string, $-1 is none
 *   -text    error                *2 CR LF value value      array, *-1 is none
 *   :number  integer
 * </pre>
 *
 * <p>A command is an array of bulk strings. Addresses and counts are all that a suite puts into Redis, so what is longer is refused.
 */
final class RespCodec {

    /** Of a string, and of a line. Ours; the longest multiaddr with certificate hashes has some 300 bytes. */
    static final int MAX_STRING = 64 * 1024;

    /** Of an array. Ours; the longest answer of a suite has 2. */
    static final int MAX_ELEMENTS = 64;

    /** Of arrays within arrays. Ours; answers are flat. */
    static final int MAX_DEPTH = 4;

    /** A count line with its sign has at most so many characters: more than any long. */
    private static final int MAX_NUMBER = 20;

    private RespCodec() {}

    /** The bytes of a command. */
    static byte[] command(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(("*" + words.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
        for (String word : words) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            out.writeBytes(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(bytes);
            out.writeBytes(new byte[] {'\r', '\n'});
        }
        return out.toByteArray();
    }

    /**
     * Reads one value and not a byte more.
     *
     * @throws EOFException if the stream ends before
     * @throws ProtocolException if it is malformed, or longer than the limits allow
     */
    static RespReply read(InputStream in) throws IOException {
        return read(in, 0);
    }

    private static RespReply read(InputStream in, int depth) throws IOException {
        int type = next(in);
        return switch (type) {
            case '+' -> new RespReply.Text(line(in, MAX_STRING));
            case '-' -> new RespReply.Refusal(line(in, MAX_STRING));
            case ':' -> new RespReply.Number(number(in));
            case '$' -> bulk(in);
            case '*' -> array(in, depth);
            default -> throw new ProtocolException("no Redis value begins with byte " + type);
        };
    }

    private static RespReply bulk(InputStream in) throws IOException {
        long length = number(in);
        if (length == -1) {
            return RespReply.Nothing.NOTHING;
        }
        byte[] bytes = in.readNBytes(checked(length, MAX_STRING, "bytes"));
        if (bytes.length < length) {
            throw new EOFException("the Redis server went away within a string");
        }
        if (next(in) != '\r' || next(in) != '\n') {
            throw new ProtocolException("a Redis string of " + length + " bytes does not end after them");
        }
        return new RespReply.Text(new String(bytes, StandardCharsets.UTF_8));
    }

    private static RespReply array(InputStream in, int depth) throws IOException {
        long count = number(in);
        if (count == -1) {
            return RespReply.Nothing.NOTHING;
        }
        if (depth == MAX_DEPTH) {
            throw new ProtocolException("more than " + MAX_DEPTH + " Redis arrays within each other");
        }
        List<RespReply> elements = new ArrayList<>();
        for (int left = checked(count, MAX_ELEMENTS, "elements"); left > 0; left--) {
            elements.add(read(in, depth + 1));
        }
        return new RespReply.Items(elements);
    }

    private static int checked(long length, int most, String unit) throws ProtocolException {
        if (length < 0 || length > most) {
            throw new ProtocolException("a Redis value of " + length + " " + unit + ", expected 0 to " + most);
        }
        return (int) length;
    }

    private static long number(InputStream in) throws IOException {
        String digits = line(in, MAX_NUMBER);
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException malformed) {
            throw new ProtocolException("no Redis number: " + digits);
        }
    }

    private static String line(InputStream in, int most) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int next;
        while ((next = next(in)) != '\r') {
            if (bytes.size() == most) {
                throw new ProtocolException("a Redis line of more than " + most + " bytes");
            }
            bytes.write(next);
        }
        if (next(in) != '\n') {
            throw new ProtocolException("a Redis line that ends with CR alone");
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int next(InputStream in) throws IOException {
        int next = in.read();
        if (next < 0) {
            throw new EOFException("the Redis server went away");
        }
        return next;
    }
}
