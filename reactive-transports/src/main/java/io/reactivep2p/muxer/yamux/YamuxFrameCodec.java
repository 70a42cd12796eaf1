package io.reactivep2p.muxer.yamux;

import io.netty.buffer.ByteBuf;

/**
 * Bytes to headers and back.
 *
 * <pre>
 *  0        1        2                 4                                   8                                  12
 * +--------+--------+-----------------+-----------------------------------+-----------------------------------+
 * | version|  type  |      flags      |             stream id             |              length               |
 * +--------+--------+-----------------+-----------------------------------+-----------------------------------+
 *  \_________________ head, one big-endian long __________________________/ \__ length, one unsigned int ____/
 * </pre>
 */
final class YamuxFrameCodec {

    static final int HEADER_BYTES = 12;

    static final int DATA = 0;
    static final int WINDOW_UPDATE = 1;
    static final int PING = 2;
    static final int GO_AWAY = 3;

    static final int SYN = 1;
    static final int ACK = 2;
    static final int FIN = 4;
    static final int RST = 8;

    static final int GO_AWAY_NORMAL = 0;
    static final int GO_AWAY_PROTOCOL_ERROR = 1;

    /** What each side may send before the first credit; fixed by the specification. */
    static final int INITIAL_WINDOW = 256 * 1024;

    /** The payload that fills, with its header, one Noise frame of 65,519 bytes. Every peer takes 64 KiB. */
    static final int MAX_PAYLOAD = 65_519 - HEADER_BYTES;

    private YamuxFrameCodec() {}

    static void writeHeader(ByteBuf out, int type, int flags, int streamId, int length) {
        out.ensureWritable(HEADER_BYTES);
        int index = out.writerIndex();
        out.setLong(index, ((long) type << 48) | ((long) flags << 32) | (streamId & 0xFFFF_FFFFL));
        out.setInt(index + 8, length);
        out.writerIndex(index + HEADER_BYTES);
    }

    static int type(long head) {
        return (int) (head >>> 48) & 0xFF;
    }

    static int flags(long head) {
        return (int) (head >>> 32) & 0xFFFF;
    }

    static int streamId(long head) {
        return (int) head;
    }

    /**
     * Checks what a header says by itself, before anything is done with it: version, type, and that only Data and WindowUpdate of a
     * stream name one.
     */
    static void check(long head, int length) throws YamuxException {
        int version = (int) (head >>> 56);
        if (version != 0) {
            throw YamuxException.connection("yamux version " + version + ", expected 0");
        }
        int type = type(head);
        if (type > GO_AWAY) {
            throw YamuxException.connection("unknown yamux frame type " + type);
        }
        // Peers read the stream id of Ping and GoAway leniently, and so do we.
        if (type <= WINDOW_UPDATE && streamId(head) == 0) {
            throw YamuxException.connection("stream id 0 in " + frame(head, length) + "; it means the connection");
        }
    }

    /** The header as a value; it must have passed {@link #check}. */
    static YamuxFrame frame(long head, int length) {
        long id = head & 0xFFFF_FFFFL;
        long value = length & 0xFFFF_FFFFL;
        return switch (type(head)) {
            case DATA -> new YamuxFrame.Data(flags(head), id, value);
            case WINDOW_UPDATE -> new YamuxFrame.WindowUpdate(flags(head), id, value);
            case PING -> new YamuxFrame.Ping(flags(head), value);
            case GO_AWAY -> new YamuxFrame.GoAway(flags(head), value);
            default -> throw new IllegalArgumentException("unknown yamux frame type " + type(head));
        };
    }

    /** Writes the header of {@code frame}. */
    static void write(ByteBuf out, YamuxFrame frame) {
        if (frame instanceof YamuxFrame.Data data) {
            writeHeader(out, DATA, data.flags(), (int) data.streamId(), (int) data.length());
        } else if (frame instanceof YamuxFrame.WindowUpdate update) {
            writeHeader(out, WINDOW_UPDATE, update.flags(), (int) update.streamId(), (int) update.delta());
        } else if (frame instanceof YamuxFrame.Ping ping) {
            writeHeader(out, PING, ping.flags(), 0, (int) ping.value());
        } else if (frame instanceof YamuxFrame.GoAway goAway) {
            writeHeader(out, GO_AWAY, goAway.flags(), 0, (int) goAway.code());
        }
    }
}
