package io.reactivep2p.muxer.mplex;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.multiformats.Varint;
import java.nio.charset.StandardCharsets;

/**
 * The numbers of the protocol, and the writing of a frame's head.
 *
 * <pre>
 *  varint                   varint
 * +-------------+------+   +--------+
 * | id, 60 bits | flag |   | length |
 * +-------------+------+   +--------+
 *                3 bits
 * </pre>
 */
final class MplexFrameCodec {

    static final int NEW_STREAM = 0;
    static final int MESSAGE_RECEIVER = 1;
    static final int MESSAGE_INITIATOR = 2;
    static final int CLOSE_RECEIVER = 3;
    static final int CLOSE_INITIATOR = 4;
    static final int RESET_RECEIVER = 5;
    static final int RESET_INITIATOR = 6;

    static final int FLAG_BITS = 3;
    static final int FLAG_MASK = 7;

    /** The longest id: a head has nine bytes, which are 63 bits. */
    static final long MAX_ID = (1L << 60) - 1;
    /** The most data a frame may have: 1 MiB. */
    static final int MAX_LENGTH = 1 << 20;
    /** The longest head: nine bytes, and three for the length. */
    static final int MAX_HEAD_BYTES = Varint.MAX_BYTES + 3;
    /** What we put into one frame: with its head it fills a Noise frame. */
    static final int MAX_PAYLOAD = 65_519 - MAX_HEAD_BYTES;

    private MplexFrameCodec() {}

    static void write(int flag, long id, int length, ByteBuf out) {
        Varint.write(id << FLAG_BITS | flag, out);
        Varint.write(length, out);
    }

    /** What a stream is called: its id in decimal. */
    static byte[] name(long id) {
        return Long.toString(id).getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether the one who sent a frame with this flag opened the stream. Not for flag 7. */
    static boolean saidByInitiator(int flag) {
        return (flag & 1) == 0;
    }

    /** What a head alone can be wrong about. */
    static void check(int flag, long id, int length) {
        if (flag > RESET_INITIATOR) {
            throw new ProtocolViolationException(
                    "mplex: a frame of no known kind: " + new MplexFrame(flag, id, length));
        }
        if (flag >= CLOSE_RECEIVER && length > 0) {
            throw new ProtocolViolationException(
                    "mplex: data in a frame that has none: " + new MplexFrame(flag, id, length));
        }
    }
}
