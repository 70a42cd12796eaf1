package io.reactivep2p.pubsub.router;

import io.reactivep2p.pubsub.Overflow;
import io.reactivep2p.pubsub.OverflowException;
import io.reactivep2p.pubsub.PayloadCodec;
import io.reactivep2p.pubsub.PubsubMessage;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;

/**
 * One subscriber of a topic, with what waits for it. Confined to the serial section, to which demand and cancellation are brought, so
 * that signals neither nest nor overtake; what a subscriber does in {@code onNext} comes to the section behind it.
 */
final class TopicSubscriber<T> implements Subscription {

    final String topic;
    private final PubsubNode node;
    private final PayloadCodec<T> codec;
    private final Overflow overflow;
    private final Queue<PubsubMessage<T>> queue = new ArrayDeque<>();
    private @Nullable CoreSubscriber<? super PubsubMessage<T>> actual;
    private long demand;
    private boolean ended;
    private @Nullable Throwable failure;

    TopicSubscriber(
            PubsubNode node,
            String topic,
            PayloadCodec<T> codec,
            Overflow overflow,
            CoreSubscriber<? super PubsubMessage<T>> actual) {
        this.node = node;
        this.topic = topic;
        this.codec = codec;
        this.overflow = overflow;
        this.actual = actual;
    }

    /** Whether signals may still come of it. */
    boolean isLive() {
        return actual != null && !ended;
    }

    @Override
    public void request(long n) {
        node.section().execute(() -> {
            if (n <= 0) {
                misrequested(n);
            } else {
                demand = Operators.addCap(demand, n);
                drain();
            }
        });
    }

    @Override
    public void cancel() {
        node.section().execute(this::cancelled);
    }

    private void cancelled() {
        if (actual != null) {
            finish();
            node.unsubscribe(this);
        }
    }

    private void misrequested(long n) {
        CoreSubscriber<? super PubsubMessage<T>> subscriber = actual;
        if (subscriber != null) {
            cancelled();
            subscriber.onError(new IllegalArgumentException(
                    "Reactive Streams rule 3.9: demand must be positive, but " + n + " was requested"));
        }
    }

    /** One message more, which is emitted, waits, or is lost. */
    void offer(Arrival arrival, Counters counters) {
        if (!isLive()) {
            return;
        }
        PubsubMessage<T> message = arrival.as(codec);
        if (message == null) {
            counters.ignored.increment();
            return;
        }
        if (demand > 0 && queue.isEmpty()) {
            counters.delivered.increment();
            emit(message);
        } else if (queue.size() < overflow.capacity()) {
            counters.delivered.increment();
            queue.add(message);
        } else {
            counters.lostBySubscribers.increment();
            overflow(message, counters);
        }
    }

    private void overflow(PubsubMessage<T> message, Counters counters) {
        switch (overflow.policy()) {
            case DROP_NEWEST -> {
                // it just did not get in
            }
            case DROP_OLDEST -> {
                queue.remove();
                queue.add(message);
                counters.delivered.increment();
            }
            case ERROR -> {
                end(new OverflowException(topic, overflow.capacity()));
                node.unsubscribe(this);
            }
        }
    }

    /** No more messages come; what waits is still delivered. */
    void end(@Nullable Throwable cause) {
        if (isLive()) {
            ended = true;
            failure = cause;
            drain();
        }
    }

    private void drain() {
        while (demand > 0 && actual != null && !queue.isEmpty()) {
            emit(queue.remove());
        }
        CoreSubscriber<? super PubsubMessage<T>> subscriber = actual;
        if (ended && queue.isEmpty() && subscriber != null) {
            finish();
            if (failure == null) {
                subscriber.onComplete();
            } else {
                subscriber.onError(failure);
            }
        }
    }

    private void emit(PubsubMessage<T> message) {
        CoreSubscriber<? super PubsubMessage<T>> subscriber = actual;
        if (subscriber == null) {
            return;
        }
        if (demand != Long.MAX_VALUE) {
            demand--;
        }
        try {
            subscriber.onNext(message);
        } catch (Throwable thrown) {
            // Against rule 2.13. It must not reach the node, whose other subscribers have no part in it.
            Exceptions.throwIfJvmFatal(thrown);
            Throwable cause = Operators.onOperatorError(thrown, subscriber.currentContext());
            cancelled();
            subscriber.onError(cause);
        }
    }

    private void finish() {
        actual = null;
        queue.clear();
    }
}
