package io.reactivep2p.pubsub.router;

import io.reactivep2p.pubsub.PubsubEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/** Tells each subscriber every event, and never waits for a slow one; as the hub of a host's events does. */
final class EventHub {

    /** How many events wait for one subscriber before its oldest is dropped. */
    static final int BUFFER = 256;

    private final List<FluxSink<PubsubEvent>> subscribers = new CopyOnWriteArrayList<>();
    private volatile boolean completed;

    /** In the serial section. */
    void publish(PubsubEvent event) {
        for (FluxSink<PubsubEvent> subscriber : subscribers) {
            subscriber.next(event);
        }
    }

    Flux<PubsubEvent> events() {
        return buffered(Flux.create(this::register, FluxSink.OverflowStrategy.IGNORE));
    }

    /** The events about one topic. Others take no place in the buffer. */
    Flux<PubsubEvent> events(String topic) {
        return buffered(Flux.<PubsubEvent>create(this::register, FluxSink.OverflowStrategy.IGNORE)
                .filter(event -> event.aboutTopic().filter(topic::equals).isPresent()));
    }

    private static Flux<PubsubEvent> buffered(Flux<PubsubEvent> events) {
        return events.onBackpressureBuffer(BUFFER, lost -> {}, BufferOverflowStrategy.DROP_OLDEST);
    }

    void complete() {
        completed = true;
        for (FluxSink<PubsubEvent> subscriber : subscribers) {
            subscriber.complete();
        }
        subscribers.clear();
    }

    private void register(FluxSink<PubsubEvent> sink) {
        subscribers.add(sink);
        sink.onDispose(() -> subscribers.remove(sink));
        if (completed) {
            sink.complete();
        }
    }
}
