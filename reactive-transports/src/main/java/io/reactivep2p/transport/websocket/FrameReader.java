package io.reactivep2p.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.SansIo;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads frames (RFC 6455, section 5.2) from bytes that come in pieces. Data is given on as it comes, so a frame's length costs nothing
 * here, and of what arrives only a header and a control frame's 125 bytes are ever kept.
 *
 * <pre>
 *    0         1                 2                    10
 *   +---------+-----------------+--------------------+-------------+---------
 *   | F RSV op| M  length 7 bit | 0, 16 or 64 bits   | key, if M   | payload
 *   +---------+-----------------+--------------------+-------------+---------
 *     1  3  4   1
 * </pre>
 */
@SansIo
final class FrameReader {

    static final int MAX_CONTROL = 125;

    private static final int FIN = 0x80;
    private static final int RESERVED = 0x70;
    private static final int OPCODE = 0x0F;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7F;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final int SHORTEST_HEADER = 2;
    private static final int LONGEST_HEADER = 14;
    private static final int KEY_LENGTH = 4;

    private final boolean fromClient;
    private final long maxFrame;

    private final byte[] header = new byte[LONGEST_HEADER];
    private int headerBytes;

    /** Of the frame whose header has been read; {@code null} between frames. */
    private @Nullable Opcode opcode;

    private long remaining;
    private int key;
    private byte @Nullable [] control;

    /** Whether a message is under way, so that the next data frame continues it. */
    private boolean fragmented;

    /**
     * @param fromClient whether the frames must be masked, or must not
     * @param maxFrame the most bytes of a data frame
     */
    FrameReader(boolean fromClient, long maxFrame) {
        this.fromClient = fromClient;
        this.maxFrame = maxFrame;
    }

    /**
     * Reads on, to the next thing to tell.
     *
     * @param in ours alone: what is masked is unmasked where it lies
     * @return {@code null} when all of {@code in} is read
     * @throws WebSocketException if a rule is broken; not to be called again then
     */
    @Nullable
    FramePiece next(ByteBuf in) {
        while (opcode != null || readHeader(in)) {
            Opcode now = opcode;
            if (now == null) {
                throw new IllegalStateException("a header without an opcode");
            }
            FramePiece piece = now.isControl() ? control(now, in) : data(in);
            if (remaining == 0) {
                opcode = null;
            }
            if (piece != null) {
                return piece;
            }
            if (opcode != null) {
                return null;
            }
        }
        return null;
    }

    private boolean readHeader(ByteBuf in) {
        while (in.isReadable()) {
            header[headerBytes++] = in.readByte();
            if (headerBytes >= SHORTEST_HEADER && headerBytes == headerLength()) {
                headerBytes = 0;
                begin();
                return true;
            }
            if (headerBytes == SHORTEST_HEADER) {
                checkStart();
            }
        }
        return false;
    }

    private int headerLength() {
        int length = header[1] & LENGTH;
        int extended = length == LENGTH_64 ? Long.BYTES : length == LENGTH_16 ? Short.BYTES : 0;
        return SHORTEST_HEADER + extended + (isMasked() ? KEY_LENGTH : 0);
    }

    private boolean isMasked() {
        return (header[1] & MASKED) != 0;
    }

    /** What the first two bytes tell, before more of the frame is awaited. */
    private Opcode checkStart() {
        if ((header[0] & RESERVED) != 0) {
            throw violation("a frame with reserved bits, though no extension was agreed on");
        }
        Opcode announced = Opcode.of(header[0] & OPCODE);
        if (announced == null) {
            throw violation("a frame with unknown opcode " + (header[0] & OPCODE));
        }
        if (announced == Opcode.TEXT) {
            throw new WebSocketException(CloseCode.UNSUPPORTED_DATA, "a text frame, only binary ones are expected");
        }
        if (isMasked() != fromClient) {
            throw violation(fromClient ? "a client's frame that is not masked" : "a server's frame that is masked");
        }
        if (announced.isControl()) {
            if ((header[0] & FIN) == 0 || (header[1] & LENGTH) > MAX_CONTROL) {
                throw violation("a control frame that is fragmented or longer than " + MAX_CONTROL + " bytes");
            }
        } else if ((announced == Opcode.CONTINUATION) != fragmented) {
            throw violation(
                    fragmented
                            ? "a new message before the last one has ended"
                            : "the continuation of a message that has not begun");
        }
        return announced;
    }

    private void begin() {
        Opcode begun = checkStart();
        int at = SHORTEST_HEADER;
        long length = header[1] & LENGTH;
        if (length == LENGTH_16) {
            length = number(at, Short.BYTES);
            at += Short.BYTES;
            checkMinimal(length, LENGTH_16);
        } else if (length == LENGTH_64) {
            length = number(at, Long.BYTES);
            at += Long.BYTES;
            if (length < 0) {
                throw violation("a frame's length with its highest bit set");
            }
            checkMinimal(length, 1 << Short.SIZE);
        }
        if (length > maxFrame) {
            throw new WebSocketException(
                    CloseCode.TOO_LARGE, "a frame announces " + length + " bytes, " + maxFrame + " are allowed");
        }
        opcode = begun;
        remaining = length;
        key = isMasked() ? (int) number(at, KEY_LENGTH) : 0;
        if (begun.isControl()) {
            control = new byte[(int) length];
        } else {
            fragmented = (header[0] & FIN) == 0;
        }
    }

    private static void checkMinimal(long length, int least) {
        if (length < least) {
            throw violation("a frame's length, " + length + ", in more bytes than needed");
        }
    }

    private long number(int at, int bytes) {
        long number = 0;
        for (int i = at; i < at + bytes; i++) {
            number = number << Byte.SIZE | header[i] & 0xFF;
        }
        return number;
    }

    private @Nullable FramePiece data(ByteBuf in) {
        int length = (int) Math.min(remaining, in.readableBytes());
        if (length == 0) {
            return null;
        }
        unmask(in, length);
        remaining -= length;
        return new FramePiece.Data(in.readRetainedSlice(length));
    }

    private @Nullable FramePiece control(Opcode which, ByteBuf in) {
        byte[] payload = control;
        if (payload == null) {
            throw new IllegalStateException("a control frame without a place for its payload");
        }
        int length = (int) Math.min(remaining, in.readableBytes());
        unmask(in, length);
        in.readBytes(payload, payload.length - (int) remaining, length);
        remaining -= length;
        if (remaining > 0) {
            return null;
        }
        control = null;
        return switch (which) {
            case PING -> new FramePiece.Ping(payload);
            case PONG -> new FramePiece.Pong();
            default -> close(payload);
        };
    }

    private void unmask(ByteBuf in, int length) {
        if (key != 0 && length > 0) {
            Masking.apply(in, in.readerIndex(), length, key);
            key = Masking.after(key, length);
        }
    }

    private static FramePiece close(byte[] payload) {
        if (payload.length == 0) {
            return new FramePiece.Close(CloseCode.NONE);
        }
        int code = payload.length == 1 ? CloseCode.NONE : (payload[0] & 0xFF) << Byte.SIZE | payload[1] & 0xFF;
        if (!CloseCode.isLegal(code)) {
            throw violation("a close frame without a legal code");
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload, 2, payload.length - 2));
        } catch (CharacterCodingException e) {
            throw violation("a close frame whose reason is no UTF-8");
        }
        return new FramePiece.Close(code);
    }

    private static WebSocketException violation(String what) {
        return new WebSocketException(CloseCode.PROTOCOL_ERROR, what);
    }
}
