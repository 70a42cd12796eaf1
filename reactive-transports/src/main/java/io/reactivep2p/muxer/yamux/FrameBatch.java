package io.reactivep2p.muxer.yamux;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects frames for the channel: headers and small payloads are copied together into one buffer, large payloads pass as they are in
 * between. A call of the channel costs more than copying a few kilobytes.
 */
final class FrameBatch implements FrameOutput {

    /** From here on a payload is passed on, not copied. */
    static final int LARGE = 4 * 1024;

    private static final int SMALLEST_BUFFER = 256;
    private static final int LARGEST_BUFFER = 64 * 1024;

    private final ByteBufAllocator allocator;
    private final ArrayDeque<ByteBuf> sealed = new ArrayDeque<>(2);
    private @Nullable ByteBuf open;
    /** What the last buffers came to: the next is made that large at once. */
    private int usual = SMALLEST_BUFFER;

    private int bytes;

    FrameBatch(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** Bytes collected since the last {@link #drainTo}. */
    int bytes() {
        return bytes;
    }

    @Override
    public void header(int type, int flags, int streamId, int length) {
        YamuxFrameCodec.writeHeader(buffer(YamuxFrameCodec.HEADER_BYTES), type, flags, streamId, length);
        bytes += YamuxFrameCodec.HEADER_BYTES;
    }

    @Override
    public void payload(ByteBuf piece) {
        int length = piece.readableBytes();
        bytes += length;
        if (length < LARGE) {
            buffer(length).writeBytes(piece);
            piece.release();
        } else {
            seal();
            sealed.add(piece);
        }
    }

    /** Hands over everything, in order; the consumer owns the buffers. */
    void drainTo(Consumer<ByteBuf> consumer) {
        seal();
        bytes = 0;
        ByteBuf buffer = sealed.poll();
        while (buffer != null) {
            consumer.accept(buffer);
            buffer = sealed.poll();
        }
    }

    private ByteBuf buffer(int room) {
        ByteBuf buffer = open;
        if (buffer != null && buffer.readableBytes() + room > LARGEST_BUFFER) {
            seal();
            buffer = null;
        }
        if (buffer == null) {
            buffer = allocator.buffer(usual);
            open = buffer;
        }
        return buffer;
    }

    private void seal() {
        ByteBuf buffer = open;
        if (buffer != null) {
            open = null;
            int length = buffer.readableBytes();
            usual = length > usual
                    ? Math.min(LARGEST_BUFFER, 2 * usual)
                    : Math.max(SMALLEST_BUFFER, (usual + length) / 2);
            sealed.add(buffer);
        }
    }
}
