package io.reactivep2p.pubsub.router;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Operators;

/**
 * A peer's queue as what {@code stream.send} takes: one subscriber, which is the stream. Everything but {@link #subscribe} happens in the
 * serial section; demand is brought there by a task, and what is emitted goes to the stream's event loop by the stream's own means.
 */
final class FramePublisher implements Publisher<ByteBuf>, Subscription {

    private final SerialSection section;
    private final OutboundQueue queue;
    private final ByteBufAllocator allocator;

    /** Set before the first demand is brought, and so before it is read. */
    private @Nullable Subscriber<? super ByteBuf> subscriber;

    private long demand;
    private boolean ending;
    private boolean done;

    FramePublisher(SerialSection section, OutboundQueue queue, ByteBufAllocator allocator) {
        this.section = section;
        this.queue = queue;
        this.allocator = allocator;
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuf> stream) {
        subscriber = stream;
        stream.onSubscribe(this);
    }

    @Override
    public void request(long n) {
        section.execute(() -> {
            demand = Operators.addCap(demand, n);
            flush();
        });
    }

    @Override
    public void cancel() {
        section.execute(() -> done = true);
    }

    /** Emits what waits, as far as there is demand. */
    void flush() {
        Subscriber<? super ByteBuf> stream = subscriber;
        if (done || stream == null) {
            return;
        }
        while (demand > 0) {
            ByteBuf next = queue.poll(allocator);
            if (next == null) {
                break;
            }
            demand--;
            stream.onNext(next);
        }
        if (ending && queue.isEmpty()) {
            done = true;
            stream.onComplete();
        }
    }

    /** Completes after what waits. */
    void end() {
        ending = true;
        flush();
    }
}
