package io.reactivep2p.multiformats;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * How one kind of multiaddr value is read, checked and printed. The constants are the table; {@link Protocol} picks from it.
 *
 * <p>The check is what both directions share: it runs on values that came as bytes and on values just parsed from text, and
 * whatever passes it prints to a text that parses back to the same bytes. A value of a fixed size has that size when it gets
 * here.
 */
record ValueCodec(Parser parser, Check check, Printer printer) {

    interface Parser {
        byte[] parse(String text);
    }

    interface Check {
        void check(byte[] bytes, int from, int to);
    }

    interface Printer {
        String print(byte[] bytes, int from, int to);
    }

    private static final BitCodec BASE32 = BitCodec.anyCase("abcdefghijklmnopqrstuvwxyz234567");
    /** I2P's alphabet. The neighbours drop left-over bits of garlic and onion addresses, whatever they are. */
    private static final BitCodec GARLIC_BASE64 = BitCodec.of(
                    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-~")
            .padded(4)
            .lenient();

    private static final BitCodec GARLIC_BASE32 = BASE32.lenient();

    private static final int GARLIC64_MIN_LENGTH = 386;
    private static final int GARLIC32_HASH_LENGTH = 32;
    private static final int GARLIC32_MIN_ENCRYPTED_LENGTH = 35;
    private static final int PORT_LENGTH = 2;
    /** A peer id that is an identity multihash inlines a key of at most this many bytes. */
    private static final int MAX_INLINED_KEY = 42;

    private static final Check ANY = (bytes, from, to) -> {};

    static final ValueCodec NONE = new ValueCodec(
            text -> {
                throw new MultiformatException("the protocol has no value");
            },
            ANY,
            (bytes, from, to) -> {
                throw new IllegalStateException("the protocol has no value");
            });

    static final ValueCodec IP4 =
            new ValueCodec(IpLiteral::parse4, ANY, (bytes, from, to) -> IpLiteral.print4(bytes, from));

    static final ValueCodec IP6 =
            new ValueCodec(IpLiteral::parse6, ANY, (bytes, from, to) -> IpLiteral.print6(bytes, from));

    static final ValueCodec PORT = number(2, 5);

    static final ValueCodec PREFIX_LENGTH = number(1, 3);

    static final ValueCodec MEMORY = new ValueCodec(
            ValueCodec::parseUnsignedLong,
            ANY,
            (bytes, from, to) -> Long.toUnsignedString(
                    ByteBuffer.wrap(bytes, from, to - from).getLong()));

    /** A host name or a zone. */
    static final ValueCodec NAME = new ValueCodec(ValueCodec::utf8, ValueCodec::checkName, ValueCodec::text);

    /** A path that takes the rest of the address, with its leading slash. */
    static final ValueCodec PATH = new ValueCodec(
            text -> utf8(text.startsWith("/") ? text : "/" + text), ValueCodec::checkPath, ValueCodec::text);

    /** A path in one component. */
    static final ValueCodec ESCAPED_PATH =
            new ValueCodec(ValueCodec::unescape, ValueCodec::checkNotEmpty, ValueCodec::escape);

    static final ValueCodec PEER_ID =
            new ValueCodec(ValueCodec::parsePeerId, ValueCodec::checkPeerId, Multibase.BASE58_BTC::encodeBare);

    static final ValueCodec CERTIFICATE_HASH = new ValueCodec(
            Multibase::decode,
            Multihash::digestStart,
            (bytes, from, to) -> Multibase.BASE64_URL.prefix() + Multibase.BASE64_URL.encodeBare(bytes, from, to));

    static final ValueCodec ONION = onion(10);

    static final ValueCodec ONION3 = onion(35);

    static final ValueCodec GARLIC64 = new ValueCodec(
            text -> GARLIC_BASE64.decode(text, 0),
            (bytes, from, to) -> require(
                    to - from >= GARLIC64_MIN_LENGTH, "an I2P destination has 386 bytes at least, not " + (to - from)),
            GARLIC_BASE64::encode);

    static final ValueCodec GARLIC32 = new ValueCodec(
            text -> GARLIC_BASE32.decode(text, 0),
            (bytes, from, to) -> require(
                    to - from == GARLIC32_HASH_LENGTH || to - from >= GARLIC32_MIN_ENCRYPTED_LENGTH,
                    "an I2P host has 32 bytes, or 35 at least, not " + (to - from)),
            GARLIC_BASE32::encode);

    /** A decimal number of so many bytes, big-endian. */
    private static ValueCodec number(int length, int maxDigits) {
        return new ValueCodec(
                text -> {
                    int number = decimal(text, 0, maxDigits, (1 << (8 * length)) - 1);
                    return length == 1 ? new byte[] {(byte) number} : new byte[] {(byte) (number >>> 8), (byte) number};
                },
                ANY,
                (bytes, from, to) -> Integer.toString(length == 1 ? bytes[from] & 0xff : port(bytes, from)));
    }

    private static ValueCodec onion(int hostLength) {
        return new ValueCodec(
                text -> {
                    int colon = text.indexOf(':');
                    require(colon >= 0, "an onion address ends in a colon and a port");
                    byte[] host = BASE32.decode(text.substring(0, colon), 0);
                    require(host.length == hostLength, "an onion host of " + host.length + " bytes, not " + hostLength);
                    int port = decimal(text, colon + 1, 5, 0xffff);
                    byte[] bytes = Arrays.copyOf(host, hostLength + PORT_LENGTH);
                    bytes[hostLength] = (byte) (port >>> 8);
                    bytes[hostLength + 1] = (byte) port;
                    return bytes;
                },
                (bytes, from, to) -> require(port(bytes, to - PORT_LENGTH) != 0, "the port of an onion address is 0"),
                (bytes, from, to) ->
                        BASE32.encode(bytes, from, to - PORT_LENGTH) + ':' + port(bytes, to - PORT_LENGTH));
    }

    static int port(byte[] bytes, int from) {
        return ((bytes[from] & 0xff) << 8) | (bytes[from + 1] & 0xff);
    }

    private static int decimal(String text, int from, int maxDigits, int max) {
        int digits = text.length() - from;
        int number = digits > 0 && digits <= maxDigits ? 0 : -1;
        for (int i = from; i < text.length() && number >= 0; i++) {
            char c = text.charAt(i);
            number = isDigit(c) ? number * 10 + c - '0' : -1;
        }
        require(number >= 0 && number <= max, "not a decimal number from 0 to " + max);
        return number;
    }

    private static byte[] parseUnsignedLong(String text) {
        // parseUnsignedLong takes a plus sign and the digits of every script.
        require(
                !text.isEmpty() && text.length() <= 20 && text.chars().allMatch(ValueCodec::isDigit),
                "not a decimal number of 64 bits");
        try {
            return ByteBuffer.allocate(Long.BYTES)
                    .putLong(Long.parseUnsignedLong(text))
                    .array();
        } catch (NumberFormatException e) {
            throw new MultiformatException("not a decimal number of 64 bits", e);
        }
    }

    /** Bare base58, or a CIDv1 of the codec libp2p-key. Which of the two follows from the first characters. */
    private static byte[] parsePeerId(String text) {
        if (text.startsWith("1") || text.startsWith("Qm")) {
            return Multibase.BASE58_BTC.decodeBare(text);
        }
        Cid cid = Cid.of(text);
        require(
                cid.version() == 1 && cid.codec() == Multicodec.LIBP2P_KEY.code(),
                "the CID of a peer has the codec libp2p-key (0x72), not 0x" + Long.toHexString(cid.codec()));
        return cid.multihash().toBytes();
    }

    private static void checkPeerId(byte[] bytes, int from, int to) {
        int length = to - Multihash.digestStart(bytes, from, to);
        long code = Varint.read(bytes, from, to);
        require(
                (code == Multicodec.SHA2_256.code() && length == 32)
                        || (code == Multicodec.IDENTITY.code() && length <= MAX_INLINED_KEY),
                "a peer id is 32 bytes of SHA2-256 or at most 42 bytes inlined, not " + length + " bytes of function 0x"
                        + Long.toHexString(code));
    }

    private static void checkNotEmpty(byte[] bytes, int from, int to) {
        require(from < to, "the value is empty");
    }

    private static void checkName(byte[] bytes, int from, int to) {
        checkNotEmpty(bytes, from, to);
        for (int i = from; i < to; i++) {
            // Control characters stand in no name, and would reach logs and terminals.
            require(bytes[i] != '/' && (bytes[i] < 0 || bytes[i] > 0x1f) && bytes[i] != 0x7f, "no character of a name");
        }
        text(bytes, from, to);
    }

    /** What text cannot express is refused, so that a path has one binary form. */
    private static void checkPath(byte[] bytes, int from, int to) {
        require(
                to - from > 1 && bytes[from] == '/' && bytes[to - 1] != '/',
                "a path begins with a slash and does not end with one");
        text(bytes, from, to);
    }

    private static byte[] utf8(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else {
                require(!Character.isSurrogate(c), "half a surrogate pair");
            }
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0) {
                return decodeUtf8(bytes, from, to);
            }
        }
        return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
    }

    private static String decodeUtf8(byte[] bytes, int from, int to) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MultiformatException("not UTF-8", e);
        }
    }

    /** Plain percent-decoding; a plus sign is a plus sign. */
    private static byte[] unescape(String text) {
        byte[] escaped = utf8(text);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(escaped.length);
        for (int i = 0; i < escaped.length; i++) {
            if (escaped[i] == '%') {
                int high = i + 2 < escaped.length ? IpLiteral.hex((char) (escaped[i + 1] & 0xff)) : -1;
                int low = i + 2 < escaped.length ? IpLiteral.hex((char) (escaped[i + 2] & 0xff)) : -1;
                require(high >= 0 && low >= 0, "a percent sign without two hexadecimal digits");
                bytes.write((high << 4) | low);
                i += 2;
            } else {
                require(escaped[i] != '/', "a slash that is not written %2F");
                bytes.write(escaped[i]);
            }
        }
        return bytes.toByteArray();
    }

    /**
     * Everything but RFC 3986's unreserved characters is escaped: neighbours that unescape as in a query, and those that
     * unescape as in a path, both read that right.
     */
    private static String escape(byte[] bytes, int from, int to) {
        StringBuilder text = new StringBuilder(to - from + 16);
        for (int i = from; i < to; i++) {
            int c = bytes[i] & 0xff;
            if (isUnreserved(c)) {
                text.append((char) c);
            } else {
                text.append('%').append(HexFormat.of().withUpperCase().toHexDigits(bytes[i]));
            }
        }
        return text.toString();
    }

    private static boolean isUnreserved(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || "-._~".indexOf(c) >= 0;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new MultiformatException(otherwise);
        }
    }
}
