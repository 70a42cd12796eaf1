package io.reactivep2p.transport.quic;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.SansIo;
import java.nio.ByteBuffer;
import java.util.function.LongPredicate;

/**
 * What the unencrypted part of a datagram says (RFC 9000, 17.2 and 17.3; RFC 8999 for other versions).
 *
 * <pre>
 *   long    1 F T T . . . . | version 32 | dcid length 8 | dcid | scid length 8 | scid | [token length, token] length | ...
 *   short   0 F . . . . . . | dcid (8 bytes, all ours are) | ...
 *           F: the fixed bit       TT: 00 Initial, 01 0-RTT, 10 Handshake, 11 Retry
 * </pre>
 *
 * <p>Nothing here is authenticated: it decides who looks at a datagram, not what is believed of it.
 */
@SansIo
final class QuicPacket {

    /** The length of all connection ids of ours, in bytes; as quinn. So a {@code long} holds one. */
    static final int ID_BYTES = 8;

    /** A server looks at no smaller datagram that begins a connection (RFC 9000, 14.1): what it answers is never larger. */
    static final int MIN_INITIAL_BYTES = 1200;

    private static final int LONG = 0x80;
    private static final int FIXED = 0x40;
    private static final int TYPE = 0x30;
    private static final int INITIAL = 0x00;
    private static final int RETRY = 0x30;
    private static final int VERSION_1 = 1;
    private static final int MAX_ID_BYTES = 20;
    /** First byte, version, length of the destination id. */
    private static final int LONG_HEADER_BYTES = 6;

    /** Whose datagram it is. */
    enum Route {
        /** Nobody's. */
        NONE,
        /** Of a connection that this socket has dialed. */
        DIALED,
        /** Of a connection that this socket has accepted, or may accept. */
        ACCEPTED
    }

    private QuicPacket() {}

    /**
     * Who gets the datagram.
     *
     * @param dialed knows the ids of connections that were dialed
     * @param listening whether new connections are accepted
     */
    static Route route(ByteBuf datagram, LongPredicate dialed, boolean listening) {
        int start = datagram.readerIndex();
        int bytes = datagram.readableBytes();
        if (bytes <= ID_BYTES) {
            return Route.NONE;
        }
        int first = datagram.getUnsignedByte(start);
        if ((first & LONG) == 0) {
            return (first & FIXED) == 0
                    ? Route.NONE
                    : dialed.test(datagram.getLong(start + 1)) ? Route.DIALED : Route.ACCEPTED;
        }
        int idBytes = datagram.getUnsignedByte(start + LONG_HEADER_BYTES - 1);
        if (bytes < LONG_HEADER_BYTES + idBytes) {
            return Route.NONE;
        }
        if (idBytes == ID_BYTES && dialed.test(datagram.getLong(start + LONG_HEADER_BYTES))) {
            return Route.DIALED;
        }
        int version = datagram.getInt(start + 1);
        boolean continues = version == VERSION_1 && (first & TYPE) != INITIAL;
        if (version == 0 || (first & FIXED) == 0) {
            return Route.NONE;
        }
        return continues || (listening && bytes >= MIN_INITIAL_BYTES) ? Route.ACCEPTED : Route.NONE;
    }

    /** A connection id of ours, as it is written. */
    static byte[] idBytes(long id) {
        return ByteBuffer.allocate(ID_BYTES).putLong(id).array();
    }

    /** The destination id of a datagram whose route is {@link Route#DIALED}. */
    static long dialedId(ByteBuf datagram) {
        int start = datagram.readerIndex();
        boolean isLong = (datagram.getUnsignedByte(start) & LONG) != 0;
        return datagram.getLong(start + (isLong ? LONG_HEADER_BYTES : 1));
    }

    /**
     * Whether one of the packets in the datagram is of the connection's last stage, 1-RTT, to which a server comes after it has seen the
     * client's part of the handshake, but for what it may send along with its own.
     */
    static boolean hasShortHeader(ByteBuf datagram, long id) {
        int at = datagram.readerIndex();
        int end = datagram.writerIndex();
        while (at >= 0 && end - at > ID_BYTES) {
            int first = datagram.getUnsignedByte(at);
            if ((first & LONG) == 0) {
                return (first & FIXED) != 0 && datagram.getLong(at + 1) == id;
            }
            at = skipLong(datagram, at, end);
        }
        return false;
    }

    /** The index behind a packet with a long header, -1 if it is the last or cannot be read. */
    private static int skipLong(ByteBuf datagram, int start, int end) {
        int first = datagram.getUnsignedByte(start);
        if (end - start < LONG_HEADER_BYTES || datagram.getInt(start + 1) != VERSION_1 || (first & TYPE) == RETRY) {
            return -1;
        }
        int at = start + LONG_HEADER_BYTES - 1;
        for (int ids = 0; ids < 2; ids++) {
            if (at >= end) {
                return -1;
            }
            int idBytes = datagram.getUnsignedByte(at);
            if (idBytes > MAX_ID_BYTES) {
                return -1;
            }
            at += 1 + idBytes;
        }
        if ((first & TYPE) == INITIAL) {
            at = skipCounted(datagram, at, end);
        }
        return at < 0 ? -1 : skipCounted(datagram, at, end);
    }

    /** The index behind a variable-length number and as many bytes as it says, -1 if there are not so many. */
    private static int skipCounted(ByteBuf datagram, int at, int end) {
        if (at >= end) {
            return -1;
        }
        int first = datagram.getUnsignedByte(at);
        int numberBytes = 1 << (first >> 6);
        if (end - at < numberBytes) {
            return -1;
        }
        long value = first & 0x3f;
        for (int i = 1; i < numberBytes; i++) {
            value = value << 8 | datagram.getUnsignedByte(at + i);
        }
        int behind = at + numberBytes;
        return value > end - behind ? -1 : behind + (int) value;
    }
}
