package io.reactivep2p.multiformats;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * IP addresses as text and bytes, without ever asking a resolver: {@link InetAddress#getByName} would look a malformed
 * literal up as a host name, and block.
 */
public final class IpLiteral {

    /** Bytes of an IPv4 address. */
    public static final int IP4_LENGTH = 4;

    /** Bytes of an IPv6 address. */
    public static final int IP6_LENGTH = 16;

    /** {@code 0000:0000:0000:0000:0000:ffff:255.255.255.255}. */
    private static final int MAX_IP6_TEXT = 45;

    private IpLiteral() {}

    /** Four decimal numbers without leading zeros (which some readers take for octal); else {@link MultiformatException}. */
    public static byte[] parse4(String text) {
        byte[] address = new byte[IP4_LENGTH];
        if (!parse4(text, 0, address, 0)) {
            throw new MultiformatException(MultiformatException.excerpt(text) + " is no IPv4 address");
        }
        return address;
    }

    private static boolean parse4(String text, int from, byte[] out, int offset) {
        int at = from;
        for (int i = 0; i < IP4_LENGTH; i++) {
            if (i > 0 && (at >= text.length() || text.charAt(at++) != '.')) {
                return false;
            }
            int start = at;
            int number = 0;
            while (at < text.length() && at - start < 3 && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                number = number * 10 + text.charAt(at++) - '0';
            }
            if (at == start || number > 255 || (at - start > 1 && text.charAt(start) == '0')) {
                return false;
            }
            out[offset + i] = (byte) number;
        }
        return at == text.length();
    }

    /** Every text form of RFC 4291 section 2.2, without a zone; else {@link MultiformatException}. */
    public static byte[] parse6(String text) {
        byte[] address = new byte[IP6_LENGTH];
        if (text.length() > MAX_IP6_TEXT || !parse6(text, address)) {
            throw new MultiformatException(MultiformatException.excerpt(text) + " is no IPv6 address");
        }
        return address;
    }

    private static boolean parse6(String text, byte[] out) {
        int length = text.length();
        int filled = 0;
        int gap = -1;
        int at = 0;
        if (text.startsWith("::")) {
            gap = 0;
            at = 2;
        }
        while (at < length) {
            int start = at;
            int group = 0;
            while (at < length && at - start < 4 && hex(text.charAt(at)) >= 0) {
                group = (group << 4) | hex(text.charAt(at++));
            }
            if (at == start || filled == IP6_LENGTH) {
                return false;
            }
            if (at < length && text.charAt(at) == '.') {
                if (filled > IP6_LENGTH - IP4_LENGTH || !parse4(text, start, out, filled)) {
                    return false;
                }
                filled += IP4_LENGTH;
                break;
            }
            out[filled++] = (byte) (group >>> 8);
            out[filled++] = (byte) group;
            if (at == length) {
                break;
            }
            // A colon, and then another group or the one gap.
            if (text.charAt(at++) != ':' || at == length) {
                return false;
            }
            if (text.charAt(at) == ':') {
                if (gap >= 0) {
                    return false;
                }
                gap = filled;
                at++;
            }
        }
        return gap < 0 ? filled == IP6_LENGTH : openGap(out, gap, filled);
    }

    /** Moves what stands behind the gap to the end; the gap stands for one group at least. */
    private static boolean openGap(byte[] out, int gap, int filled) {
        if (filled == IP6_LENGTH) {
            return false;
        }
        int tail = filled - gap;
        System.arraycopy(out, gap, out, IP6_LENGTH - tail, tail);
        Arrays.fill(out, gap, IP6_LENGTH - tail, (byte) 0);
        return true;
    }

    static int hex(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int letter = (c | 0x20) - 'a';
        return letter >= 0 && letter < 6 && c < 0x80 ? letter + 10 : -1;
    }

    /** An IPv4 or IPv6 address, whichever the text is. */
    public static byte[] parse(String text) {
        return text.indexOf(':') >= 0 ? parse6(text) : parse4(text);
    }

    /**
     * The canonical text of 4 or 16 bytes: RFC 5952 for IPv6, with IPv4-mapped addresses as {@code ::ffff:192.0.2.1}. Unlike
     * {@link InetAddress}, sixteen bytes stay an IPv6 address.
     */
    public static String print(byte[] address) {
        return switch (address.length) {
            case IP4_LENGTH -> print4(address, 0);
            case IP6_LENGTH -> print6(address, 0);
            default -> throw new IllegalArgumentException("an IP address has 4 or 16 bytes, not " + address.length);
        };
    }

    static String print4(byte[] bytes, int from) {
        return append4(new StringBuilder(15), bytes, from).toString();
    }

    private static StringBuilder append4(StringBuilder text, byte[] bytes, int from) {
        return text.append(bytes[from] & 0xff)
                .append('.')
                .append(bytes[from + 1] & 0xff)
                .append('.')
                .append(bytes[from + 2] & 0xff)
                .append('.')
                .append(bytes[from + 3] & 0xff);
    }

    static String print6(byte[] bytes, int from) {
        StringBuilder text = new StringBuilder(39);
        if (isMapped(bytes, from)) {
            return append4(text.append("::ffff:"), bytes, from + 12).toString();
        }
        // RFC 5952 section 4.2: the longest run of two or more zero groups is shortened, the first of equals.
        int gap = -1;
        int gapLength = 1;
        for (int i = 0; i < 8; ) {
            int end = i;
            while (end < 8 && group(bytes, from, end) == 0) {
                end++;
            }
            if (end - i > gapLength) {
                gap = i;
                gapLength = end - i;
            }
            i = end + 1;
        }
        for (int i = 0; i < 8; ) {
            if (i == gap) {
                text.append("::");
                i += gapLength;
            } else {
                if (i > 0 && i != gap + gapLength) {
                    text.append(':');
                }
                text.append(Integer.toHexString(group(bytes, from, i++)));
            }
        }
        return text.toString();
    }

    private static int group(byte[] bytes, int from, int index) {
        return ((bytes[from + 2 * index] & 0xff) << 8) | (bytes[from + 2 * index + 1] & 0xff);
    }

    private static boolean isMapped(byte[] bytes, int from) {
        for (int i = 0; i < 10; i++) {
            if (bytes[from + i] != 0) {
                return false;
            }
        }
        return bytes[from + 10] == -1 && bytes[from + 11] == -1;
    }

    /** The address object of 4 or 16 bytes; no lookup takes place. */
    public static InetAddress toInetAddress(byte[] address) {
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an IP address has 4 or 16 bytes, not " + address.length, e);
        }
    }
}
