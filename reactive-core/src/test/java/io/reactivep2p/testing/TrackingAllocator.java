package io.reactivep2p.testing;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Remembers every buffer it made, so that a test can say that all of them were released, and how much is held meanwhile. */
public final class TrackingAllocator extends AbstractByteBufAllocator {

    private final List<ByteBuf> made = Collections.synchronizedList(new ArrayList<>());

    public TrackingAllocator() {
        super(false);
    }

    /** A buffer with the bytes of {@code text}, and no spare room. */
    public ByteBuf of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return heapBuffer(bytes.length, Math.max(1, bytes.length)).writeBytes(bytes);
    }

    public ByteBuf zeros(int bytes) {
        return heapBuffer(bytes, bytes).writeZero(bytes);
    }

    /** The buffers that are not released yet. */
    public List<ByteBuf> live() {
        synchronized (made) {
            return made.stream().filter(buffer -> buffer.refCnt() > 0).toList();
        }
    }

    /** The memory, in bytes, of the buffers that are not released yet. */
    public long liveBytes() {
        return live().stream().mapToLong(ByteBuf::capacity).sum();
    }

    public int madeCount() {
        return made.size();
    }

    public void assertAllReleased() {
        List<ByteBuf> leaked = live();
        if (!leaked.isEmpty()) {
            throw new AssertionError(leaked.size() + " of " + made.size() + " buffers leaked: "
                    + leaked.stream()
                            .map(b -> b + " " + b.toString(StandardCharsets.UTF_8))
                            .limit(5)
                            .toList());
        }
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        ByteBuf buffer = UnpooledByteBufAllocator.DEFAULT.heapBuffer(initialCapacity, maxCapacity);
        made.add(buffer);
        return buffer;
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        return newHeapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
        return false;
    }
}
