package io.reactivep2p.muxer.mplex;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects frames on their way to the channel: heads and small data are copied together into one buffer, large data passes as it is in
 * between. A call of the channel costs more than copying a few kilobytes.
 */
final class FrameBatch implements FrameOutput {

    /** From here on data is passed on, not copied. */
    static final int LARGE = 4 * 1024;

    private static final int SMALLEST_BUFFER = 256;
    private static final int LARGEST_BUFFER = 64 * 1024;

    private final ByteBufAllocator allocator;
    private final Consumer<ByteBuf> channel;
    private @Nullable ByteBuf open;
    private int bytes;

    /** @param channel takes what is complete, and owns it */
    FrameBatch(ByteBufAllocator allocator, Consumer<ByteBuf> channel) {
        this.allocator = allocator;
        this.channel = channel;
    }

    /** Bytes collected since the last {@link #end}. */
    int bytes() {
        return bytes;
    }

    @Override
    public void head(int flag, long id, int length) {
        ByteBuf buffer = buffer(MplexFrameCodec.MAX_HEAD_BYTES);
        int before = buffer.readableBytes();
        MplexFrameCodec.write(flag, id, length, buffer);
        bytes += buffer.readableBytes() - before;
    }

    @Override
    public void data(ByteBuf piece) {
        int length = piece.readableBytes();
        bytes += length;
        if (length < LARGE) {
            try {
                buffer(length).writeBytes(piece);
            } finally {
                piece.release();
            }
        } else {
            seal();
            channel.accept(piece);
        }
    }

    /** Hands over what is left. */
    void end() {
        seal();
        bytes = 0;
    }

    private ByteBuf buffer(int room) {
        ByteBuf buffer = open;
        if (buffer != null && buffer.readableBytes() + room > LARGEST_BUFFER) {
            seal();
            buffer = null;
        }
        if (buffer == null) {
            buffer = allocator.buffer(Math.max(SMALLEST_BUFFER, room));
            open = buffer;
        }
        return buffer;
    }

    private void seal() {
        ByteBuf buffer = open;
        if (buffer != null) {
            open = null;
            channel.accept(buffer);
        }
    }
}
