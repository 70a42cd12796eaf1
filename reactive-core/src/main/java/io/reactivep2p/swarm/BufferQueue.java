package io.reactivep2p.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCountUtil;
import io.reactivep2p.connection.SansIo;
import org.jspecify.annotations.Nullable;

/**
 * Buffers that wait, first in first out. Owns what it holds. The ring is made on first use: most streams never make anyone wait.
 *
 * <p>Its bound is its users': the muxer's receive window for what arrives, the prefetch for what is sent. A window counts bytes while
 * memory is spent on buffers, so {@link #addCompact} keeps the two in proportion: a small piece of a large shared buffer is copied out of
 * it, and small pieces share one buffer. A full window of one-byte frames then costs little more than its bytes.
 */
@SansIo
final class BufferQueue {

    /** A buffer that pins more than this many times its readable bytes is copied. */
    static final int MAX_PINNED_RATIO = 4;

    /** Pieces below this are copied together; above it the copy costs more than the buffer object it saves. */
    static final int SMALL_BYTES = 512;

    /** The first shared buffer is small, since most who wait wait with little; each next one is twice as large. */
    static final int MIN_TAIL_BYTES = 128;

    static final int MAX_TAIL_BYTES = 16 * 1024;

    private static final int INITIAL_SLOTS = 8;

    private @Nullable ByteBuf @Nullable [] ring;
    private int head;
    private int size;
    /** The newest buffer, if it is one of ours with room for more; nobody else has seen it. */
    private @Nullable ByteBuf tail;

    private int nextTailBytes = MIN_TAIL_BYTES;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** Takes ownership of {@code data}. */
    void add(ByteBuf data) {
        tail = null;
        @Nullable ByteBuf[] slots = ring;
        if (slots == null) {
            ring = slots = new @Nullable ByteBuf[INITIAL_SLOTS];
        } else if (size == slots.length) {
            ring = slots = grown(slots);
        }
        slots[(head + size) & (slots.length - 1)] = data;
        size++;
    }

    /** As {@link #add}, by a copy where the memory kept would otherwise be out of proportion. */
    void addCompact(ByteBuf data, ByteBufAllocator allocator) {
        int bytes = data.readableBytes();
        boolean pins = root(data).capacity() > (long) MAX_PINNED_RATIO * bytes;
        if (!pins && (size == 0 || bytes >= SMALL_BYTES)) {
            add(data);
            return;
        }
        try {
            ByteBuf open = tail;
            if (open == null || open.writableBytes() < bytes) {
                // Pieces too large to share get a buffer of their own size.
                int capacity = bytes > MAX_TAIL_BYTES ? bytes : Math.max(nextTailBytes, bytes);
                open = allocator.buffer(capacity, capacity);
                add(open);
                nextTailBytes = Math.min(MAX_TAIL_BYTES, nextTailBytes * 2);
                tail = open;
            }
            open.writeBytes(data);
        } finally {
            data.release();
        }
    }

    /** The oldest buffer, now the caller's; {@code null} when empty. */
    @Nullable
    ByteBuf poll() {
        @Nullable ByteBuf[] slots = ring;
        if (slots == null || size == 0) {
            return null;
        }
        ByteBuf data = slots[head];
        slots[head] = null;
        head = (head + 1) & (slots.length - 1);
        size--;
        if (size == 0) {
            tail = null;
            nextTailBytes = MIN_TAIL_BYTES;
        }
        return data;
    }

    void clear() {
        for (ByteBuf data = poll(); data != null; data = poll()) {
            ReferenceCountUtil.safeRelease(data);
        }
        ring = null;
    }

    /** Moves what waits into garbage-collected memory, for when nobody may ever come for it and nobody is left to release it. */
    void moveToHeap() {
        for (int left = size; left > 0; left--) {
            ByteBuf data = poll();
            if (data == null) {
                return;
            }
            byte[] copy = new byte[data.readableBytes()];
            data.readBytes(copy);
            data.release();
            add(Unpooled.wrappedBuffer(copy));
        }
    }

    private @Nullable ByteBuf[] grown(@Nullable ByteBuf[] slots) {
        @Nullable ByteBuf[] larger = new @Nullable ByteBuf[slots.length * 2];
        int first = slots.length - head;
        System.arraycopy(slots, head, larger, 0, first);
        System.arraycopy(slots, 0, larger, first, head);
        head = 0;
        return larger;
    }

    private static ByteBuf root(ByteBuf data) {
        ByteBuf root = data;
        for (ByteBuf below = root.unwrap(); below != null; below = root.unwrap()) {
            root = below;
        }
        return root;
    }
}
