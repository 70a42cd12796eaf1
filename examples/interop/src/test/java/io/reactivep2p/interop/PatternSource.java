package io.reactivep2p.interop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.function.IntSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;

/** A pattern to send, made piece by piece on demand, which knows how much was asked of it and when it had to wait. */
final class PatternSource {

    private static final int CHUNK = 16 * 1024;

    private final Pattern pattern;
    private final long total;
    private final IntSupplier sizes;
    private volatile long taken;
    private volatile long longestPauseNanos;
    private long lastTakenNanos;

    private PatternSource(int seed, long total, IntSupplier sizes) {
        this.pattern = new Pattern(seed);
        this.total = total;
        this.sizes = sizes;
    }

    static PatternSource of(int seed, long total) {
        return of(seed, total, () -> CHUNK);
    }

    /** In pieces of the sizes given. */
    static PatternSource of(int seed, long total, IntSupplier sizes) {
        return new PatternSource(seed, total, sizes);
    }

    /** Bytes taken so far. */
    long taken() {
        return taken;
    }

    /** The longest time for which nobody asked for more. */
    Duration longestPause() {
        return Duration.ofNanos(longestPauseNanos);
    }

    Flux<ByteBuf> chunks() {
        return Flux.generate(this::next);
    }

    private void next(SynchronousSink<ByteBuf> sink) {
        long now = System.nanoTime();
        if (taken > 0) {
            longestPauseNanos = Math.max(longestPauseNanos, now - lastTakenNanos);
        }
        lastTakenNanos = now;
        if (taken == total) {
            sink.complete();
            return;
        }
        int size = (int) Math.min(total - taken, sizes.getAsInt());
        ByteBuf chunk = Unpooled.wrappedBuffer(pattern.bytes(size));
        taken += size; // one subscriber, so one writer
        sink.next(chunk);
    }
}
