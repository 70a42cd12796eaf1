package io.reactivep2p.wire;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What decoders have in common: the bytes of a message that has not come whole, and the end of all decoding. */
abstract class FrameDecoder<T> implements MessageCodec.Decoder<T> {

    /** What is first allocated for an unfinished message, so that one which comes in small pieces is not copied each time. */
    private static final int FIRST_KEPT_BYTES = 256;

    private @Nullable ByteBuf kept;
    private boolean over;

    /** Takes at least one byte of {@code in}. */
    abstract void step(ByteBuf in, List<? super T> out);

    /** The stream ended with {@link #kept()} bytes of an unfinished message. */
    abstract void atEnd(List<? super T> out);

    @Override
    public final void decode(ByteBuf in, List<? super T> out) {
        requireUsable();
        boolean sound = false;
        try {
            while (in.isReadable()) {
                step(in, out);
            }
            sound = true;
        } finally {
            if (!sound) {
                close();
            }
        }
    }

    @Override
    public final void end(List<? super T> out) {
        requireUsable();
        try {
            atEnd(out);
        } finally {
            close();
        }
    }

    @Override
    public final void close() {
        over = true;
        drop();
    }

    /** How many bytes are kept. */
    final int kept() {
        return kept == null ? 0 : kept.readableBytes();
    }

    /** Moves {@code count} bytes behind those that are kept, which never become more than {@code limit}. */
    final void keep(ByteBuf in, int count, int limit) {
        ByteBuf target = kept;
        if (target == null) {
            target = in.alloc().heapBuffer(Math.min(limit, Math.max(count, FIRST_KEPT_BYTES)), limit);
            kept = target;
        }
        target.writeBytes(in, count);
    }

    /** The kept bytes, which stay the decoder's. */
    final ByteBuf keptBytes() {
        if (kept == null) {
            throw new IllegalStateException("nothing is kept");
        }
        return kept;
    }

    /** Forgets the kept bytes. */
    final void drop() {
        if (kept != null) {
            kept.release();
            kept = null;
        }
    }

    private void requireUsable() {
        if (over) {
            throw new IllegalStateException("the decoder has failed, ended or been closed");
        }
    }
}
