package io.reactivep2p.security.noise;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.connection.SansIo;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds frames in bytes that arrive split anywhere. Only the beginning of a frame is ever kept, and nothing between frames.
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
     * Moves the content of the next frame to {@code target}, or keeps what there is of it: {@link #next(ByteBuf, int, int)} and {@link
     * #take}.
     *
     * @param target at least {@code maxLength} long
     */
    int next(ByteBuf in, byte[] target, int minLength, int maxLength) {
        int length = next(in, minLength, maxLength);
        if (length != INCOMPLETE) {
            take(in, length, target);
        }
        return length;
    }

    /**
     * Looks for the next frame, or keeps what there is of it.
     *
     * @param in not touched if the frame is complete: it is to be taken or viewed next; else read to its end
     * @return the length of the content, or {@link #INCOMPLETE}
     * @throws ProtocolViolationException if the frame says it is shorter than {@code minLength} or longer than {@code maxLength};
     *     no byte of it is kept then
     */
    int next(ByteBuf in, int minLength, int maxLength) {
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
        return length;
    }

    /** Moves the content of the frame that {@link #next(ByteBuf, int, int)} found to the beginning of {@code target}. */
    void take(ByteBuf in, int length, byte[] target) {
        int heldContent = skipHeader(in);
        if (partial != null) {
            partial.readBytes(target, 0, heldContent);
            close();
        }
        in.readBytes(target, heldContent, length - heldContent);
    }

    /**
     * The content of the frame that {@link #next(ByteBuf, int, int)} found, in memory outside the heap: where it arrived if it is there
     * in one piece, else gathered.
     *
     * @param gather at least {@code length} long, in one piece outside the heap
     * @return valid as long as {@code in} and until {@code gather} is used again
     */
    ByteBuffer view(ByteBuf in, int length, ByteBuf gather) {
        int heldContent = skipHeader(in);
        if (partial == null && in.isDirect() && in.nioBufferCount() == 1) {
            ByteBuffer content = in.nioBuffer(in.readerIndex(), length);
            in.skipBytes(length);
            return content;
        }
        gather.clear();
        if (partial != null) {
            gather.writeBytes(partial, heldContent);
            close();
        }
        gather.writeBytes(in, length - heldContent);
        return gather.nioBuffer(0, length);
    }

    /** @return how much of the content has come before {@code in} */
    private int skipHeader(ByteBuf in) {
        ByteBuf held = partial;
        if (held == null) {
            in.skipBytes(NoiseFrames.HEADER_LENGTH);
            return 0;
        }
        int heldHeader = Math.min(held.readableBytes(), NoiseFrames.HEADER_LENGTH);
        held.skipBytes(heldHeader);
        in.skipBytes(NoiseFrames.HEADER_LENGTH - heldHeader);
        return held.readableBytes();
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
