package io.reactivep2p.event;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/** Tells each subscriber every event, and never waits for a slow one. Thread-safe. */
public final class EventHub {

    /** How many events wait for one subscriber before its oldest is dropped. */
    public static final int BUFFER = 256;

    private final List<FluxSink<HostEvent>> subscribers = new CopyOnWriteArrayList<>();
    private final AtomicLong dropped = new AtomicLong();
    private volatile boolean completed;

    /** Tells all subscribers; dropped where there are none. */
    public void publish(HostEvent event) {
        for (FluxSink<HostEvent> subscriber : subscribers) {
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
     * <p><b>Completion</b>: when the host has closed. <b>Backpressure</b>: a subscriber more than {@value #BUFFER} events behind loses
     * the oldest, which {@link #dropped()} counts. Emitted on the thread where the event happened: do not block.
     */
    public Flux<HostEvent> events() {
        return Flux.<HostEvent>create(this::register, FluxSink.OverflowStrategy.IGNORE)
                .onBackpressureBuffer(BUFFER, event -> dropped.incrementAndGet(), BufferOverflowStrategy.DROP_OLDEST);
    }

    /** Events lost by subscribers that fell behind. */
    public long dropped() {
        return dropped.get();
    }

    /** Completes all subscribers; later ones complete at once. */
    public void complete() {
        completed = true;
        for (FluxSink<HostEvent> subscriber : subscribers) {
            subscriber.complete();
        }
        subscribers.clear();
    }

    private void register(FluxSink<HostEvent> sink) {
        subscribers.add(sink);
        sink.onDispose(() -> subscribers.remove(sink));
        if (completed) {
            sink.complete();
        }
    }
}
