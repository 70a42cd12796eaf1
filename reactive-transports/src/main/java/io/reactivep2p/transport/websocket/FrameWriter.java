package io.reactivep2p.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.reactivep2p.connection.SansIo;
import org.jspecify.annotations.Nullable;

/** Makes frames: masked with the keys of a client, or not, as a server's. Each data frame is a message of its own. */
@SansIo
final class FrameWriter {

    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final int SHORTEST_HEADER = 2;
    private static final int KEY_LENGTH = 4;

    private final ByteBufAllocator allocator;
    private final @Nullable MaskingKeys keys;

    /** @param keys {@code null} for a server */
    FrameWriter(ByteBufAllocator allocator, @Nullable MaskingKeys keys) {
        this.allocator = allocator;
        this.keys = keys;
    }

    /** Whether a frame of data is a copy: the bytes that were given may be anybody's, and masking would change them. */
    boolean isMasking() {
        return keys != null;
    }

    /** A frame with a copy of the next bytes of {@code payload}. */
    ByteBuf data(ByteBuf payload, int length) {
        ByteBuf frame = frame(Opcode.BINARY, payload, payload.readerIndex(), length);
        payload.skipBytes(length);
        return frame;
    }

    /** The header of an unmasked frame, to be written before its payload. */
    ByteBuf header(int length) {
        return header(allocator.ioBuffer(headerLength(length)), Opcode.BINARY, length);
    }

    /** A control frame. */
    ByteBuf control(Opcode opcode, ByteBuf payload) {
        return frame(opcode, payload, payload.readerIndex(), payload.readableBytes());
    }

    private ByteBuf frame(Opcode opcode, ByteBuf payload, int index, int length) {
        ByteBuf frame = allocator.ioBuffer(headerLength(length) + length);
        header(frame, opcode, length);
        if (keys == null) {
            return frame.writeBytes(payload, index, length);
        }
        int key = keys.next();
        frame.writeInt(key);
        Masking.copy(payload, index, length, key, frame);
        return frame;
    }

    private int headerLength(int length) {
        int extended = length < LENGTH_16 ? 0 : length < 1 << Short.SIZE ? Short.BYTES : Long.BYTES;
        return SHORTEST_HEADER + extended + (keys == null ? 0 : KEY_LENGTH);
    }

    private ByteBuf header(ByteBuf frame, Opcode opcode, int length) {
        int masked = keys == null ? 0 : MASKED;
        frame.writeByte(FIN | opcode.value());
        if (length < LENGTH_16) {
            return frame.writeByte(masked | length);
        }
        return length < 1 << Short.SIZE
                ? frame.writeByte(masked | LENGTH_16).writeShort(length)
                : frame.writeByte(masked | LENGTH_64).writeLong(length);
    }
}
