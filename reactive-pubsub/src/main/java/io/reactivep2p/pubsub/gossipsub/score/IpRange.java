package io.reactivep2p.pubsub.gossipsub.score;

import io.reactivep2p.multiformats.Multiaddr;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A range of IP addresses, as {@code 10.0.0.0/8} writes it. An IPv4 address is never in a range of IPv6, nor the reverse. */
@SuppressWarnings("ArrayRecordComponent") // read only
record IpRange(byte[] prefix, int bits) {

    static final int IP6_BYTES = 16;

    static IpRange of(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw malformed(text, null);
        }
        try {
            byte[] prefix = bytes(text.substring(0, slash));
            int bits = Integer.parseInt(text, slash + 1, text.length(), 10);
            if (bits < 0 || bits > prefix.length * Byte.SIZE) {
                throw malformed(text, null);
            }
            return new IpRange(prefix, bits);
        } catch (IllegalArgumentException e) {
            throw malformed(text, e);
        }
    }

    /** The bytes of an IP address, 4 or 16. */
    static byte[] bytes(String ip) {
        String protocol = ip.indexOf(':') < 0 ? "/ip4/" : "/ip6/";
        return Multiaddr.of(protocol + ip).get(0).valueBytes();
    }

    boolean contains(byte[] ip) {
        if (ip.length != prefix.length) {
            return false;
        }
        int whole = bits / Byte.SIZE;
        int rest = bits % Byte.SIZE;
        return Arrays.equals(ip, 0, whole, prefix, 0, whole)
                && (rest == 0 || (ip[whole] ^ prefix[whole]) >> (Byte.SIZE - rest) == 0);
    }

    private static IllegalArgumentException malformed(String text, @Nullable Throwable cause) {
        return new IllegalArgumentException(text + " is no range of IP addresses; expected one like 10.0.0.0/8", cause);
    }
}
