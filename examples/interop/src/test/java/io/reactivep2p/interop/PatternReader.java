package io.reactivep2p.interop;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** Checks that a pattern arrives, and asks for nothing before it is told to. */
final class PatternReader extends BaseSubscriber<ByteBuf> {

    private final Pattern expected;
    private final CompletableFuture<Long> end = new CompletableFuture<>();
    private volatile long bytes;
    private volatile long signals;
    /** Demand that came before the subscription, which is signalled on the event loop. */
    private final AtomicLong early = new AtomicLong();

    PatternReader(int seed) {
        this.expected = new Pattern(seed);
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        requestEarly();
    }

    @Override
    protected void hookOnNext(ByteBuf data) {
        int size = data.readableBytes();
        if (!expected.accepts(data)) {
            cancel();
            end.completeExceptionally(
                    new AssertionError("the bytes from " + bytes + " to " + (bytes + size) + " are not the pattern"));
        }
        bytes += size; // signals come one after the other, so one writer
        signals++;
    }

    @Override
    protected void hookOnComplete() {
        end.complete(bytes);
    }

    @Override
    protected void hookOnError(Throwable cause) {
        end.completeExceptionally(cause);
    }

    /** Bytes read so far. */
    long bytes() {
        return bytes;
    }

    /** Buffers read so far. */
    long signals() {
        return signals;
    }

    /** Reads all that comes from now on. */
    void resume() {
        demand(Long.MAX_VALUE);
    }

    /** Reads so many more buffers. */
    void demand(long buffers) {
        early.accumulateAndGet(buffers, Operators::addCap);
        requestEarly();
    }

    private void requestEarly() {
        if (upstream() != null) {
            long buffers = early.getAndSet(0);
            if (buffers > 0) {
                request(buffers);
            }
        }
    }

    /** The number of bytes, when all have come. */
    Mono<Long> end() {
        return Mono.fromFuture(end, true);
    }

    long awaitEnd(Duration patience) {
        return end().blockOptional(patience).orElseThrow();
    }
}
