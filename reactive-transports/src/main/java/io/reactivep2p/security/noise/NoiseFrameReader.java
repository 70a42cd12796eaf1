package io.reactivep2p.security.noise;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.connection.SansIo;
import org.jspecify.annotations.Nullable;

/**
 * Finds frames in bytes that arrive split anywhere. A frame that lies whole in one buffer is copied once, to the caller's array; only
 * the beginning of a frame is ever kept, and nothing between frames.
 */
@SansIo
final class NoiseFrameReader {

    /** What {@link #next} returns when the frame is not complete. */
    static final int INCOMPLETE = -1;

    private final ByteBufAllocator allocator;

    /** The beginning of the frame that is arriving, header included. */
    private @Nullable ByteBuf partial;

    /** Whether {@code partial} is a buffer of ours to append to, and not a piece of one that was received. */
    private boolean appendable;

    NoiseFrameReader(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /**
     * Moves the content of the next frame to {@code target}, or keeps what there is of it.
     *
     * @param in read up to the end of the frame, or to its end
     * @param target at least {@code maxLength} long
     * @return the length of the content, or {@link #INCOMPLETE}
     * @throws ProtocolViolationException if the frame says it is shorter than {@code minLength} or longer than {@code maxLength};
     *     no byte of it is kept then
     */
    int next(ByteBuf in, byte[] target, int minLength, int maxLength) {
        ByteBuf held = partial;
        int heldBytes = held == null ? 0 : held.readableBytes();
        int available = heldBytes + in.readableBytes();
        if (available < NoiseFrames.HEADER_LENGTH) {
            keep(in);
            return INCOMPLETE;
        }
        int length = (byteAt(0, heldBytes, in) << 8) | byteAt(1, heldBytes, in);
        if (length < minLength || length > maxLength) {
            throw new ProtocolViolationException("noise: a frame announces " + length + " bytes, " + minLength + " to "
                    + maxLength + " are allowed");
        }
        if (available < NoiseFrames.HEADER_LENGTH + length) {
            keep(in);
            return INCOMPLETE;
        }
        if (held == null) {
            in.skipBytes(NoiseFrames.HEADER_LENGTH).readBytes(target, 0, length);
            return length;
        }
        int heldHeader = Math.min(heldBytes, NoiseFrames.HEADER_LENGTH);
        int heldContent = heldBytes - heldHeader;
        held.skipBytes(heldHeader).readBytes(target, 0, heldContent);
        in.skipBytes(NoiseFrames.HEADER_LENGTH - heldHeader).readBytes(target, heldContent, length - heldContent);
        close();
        return length;
    }

    private int byteAt(int index, int heldBytes, ByteBuf in) {
        return partial != null && index < heldBytes
                ? partial.getUnsignedByte(partial.readerIndex() + index)
                : in.getUnsignedByte(in.readerIndex() + index - heldBytes);
    }

    private void keep(ByteBuf in) {
        int more = in.readableBytes();
        if (more == 0) {
            return;
        }
        ByteBuf held = partial;
        if (held == null && 2 * more >= in.capacity()) {
            // Under load this is most of a receive buffer: cheaper to hold on to than to copy. A small piece never pins
            // a large buffer.
            partial = in.readRetainedSlice(more);
            appendable = false;
            return;
        }
        if (held == null || !appendable) {
            int heldBytes = held == null ? 0 : held.readableBytes();
            // Sized by what has come, not by what is announced, which costs the sender nothing.
            ByteBuf larger = allocator.heapBuffer(2 * (heldBytes + more));
            if (held != null) {
                larger.writeBytes(held);
                held.release();
            }
            partial = larger;
            appendable = true;
            held = larger;
        }
        held.writeBytes(in);
    }

    /** How many bytes wait for the rest of their frame. */
    int heldBytes() {
        return partial == null ? 0 : partial.readableBytes();
    }

    /** Releases what is kept. Safe to call again. */
    void close() {
        if (partial != null) {
            partial.release();
            partial = null;
        }
    }
}
