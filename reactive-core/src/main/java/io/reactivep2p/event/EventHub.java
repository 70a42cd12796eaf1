package io.reactivep2p.event;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * Tells each subscriber every event, and never waits for a slow one. Thread-safe.
 *
 * @param <E> the events
 */
public final class EventHub<E> {

    /** How many events wait for one subscriber before its oldest is dropped. */
    public static final int BUFFER = 256;

    private final List<FluxSink<E>> subscribers = new CopyOnWriteArrayList<>();
    private final AtomicLong dropped = new AtomicLong();
    private volatile boolean completed;

    /** Tells all subscribers; dropped where there are none. */
    public void publish(E event) {
        for (FluxSink<E> subscriber : subscribers) {
            subscriber.next(event);
        }
    }

    /** Whether anyone listens, so that a costly event need not be made for nobody. */
    public boolean hasSubscribers() {
        return !subscribers.isEmpty();
    }

    /**
     * The events from now on.
     *
     * <p><b>Completion</b>: with {@link #complete}. <b>Backpressure</b>: a subscriber more than {@value #BUFFER} events behind loses
     * the oldest, which {@link #dropped()} counts. Emitted on the thread where the event happened: do not block.
     */
    public Flux<E> events() {
        return buffered(Flux.create(this::register, FluxSink.OverflowStrategy.IGNORE));
    }

    /** As {@link #events()}, only those that are wanted; others take no place in the buffer. */
    public Flux<E> events(Predicate<? super E> wanted) {
        return buffered(
                Flux.<E>create(this::register, FluxSink.OverflowStrategy.IGNORE).filter(wanted));
    }

    private Flux<E> buffered(Flux<E> events) {
        return events.onBackpressureBuffer(
                BUFFER, event -> dropped.incrementAndGet(), BufferOverflowStrategy.DROP_OLDEST);
    }

    /** Events lost by subscribers that fell behind. */
    public long dropped() {
        return dropped.get();
    }

    /** Completes all subscribers; later ones complete at once. */
    public void complete() {
        completed = true;
        for (FluxSink<E> subscriber : subscribers) {
            subscriber.complete();
        }
        subscribers.clear();
    }

    private void register(FluxSink<E> sink) {
        subscribers.add(sink);
        sink.onDispose(() -> subscribers.remove(sink));
        if (completed) {
            sink.complete();
        }
    }
}
