package io.reactivep2p.pubsub;

import io.reactivep2p.peer.PeerId;
import java.util.Set;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A topic with a codec for its payloads. Cheap to make, and any number of them may name the same topic. Methods may be called from any
 * thread; publishers do nothing until subscribed to.
 *
 * @param <T> the payload
 */
public interface Topic<T> {

    String name();

    /**
     * The messages of the topic from now on, those published here included. The first subscriber of any {@code Topic} of this name joins
     * it, the cancel of the last leaves it.
     *
     * <p><b>Completion</b>: when the {@link Pubsub} has closed. <b>Errors</b>: {@link OverflowException} where {@code overflow} says so.
     * <b>Backpressure</b>: emits what is requested; what is not requested waits, and is lost as {@code overflow} says. Other subscribers
     * and the mesh notice nothing. Emitted on the thread that a message was validated on, or that requested: while {@code onNext} works, all of
     * pubsub on this host waits, so long work belongs behind a {@code publishOn}. Do not block.
     */
    Flux<PubsubMessage<T>> messages(Overflow overflow);

    /**
     * Publishes one payload, whether the topic is joined or not.
     *
     * <p><b>Completion</b>: when the message is in the queues of the peers it goes to; there may be none. With a discovery ({@link
     * PubsubSpec#discovery}) peers are searched for where there are too few, for this message too late: whoever needs them first subscribes
     * to {@link #events()}, or publishes again when {@link #peers()} says that there are some. <b>Errors</b>: {@link
     * IllegalArgumentException} where it cannot be encoded or is too long; {@link IllegalStateException} after close; {@code
     * PublishException} where a validator of this node's own does not accept it.
     */
    Mono<Void> publish(T payload);

    /**
     * Publishes what {@code payloads} publishes, in order.
     *
     * <p><b>Completion</b>: {@code payloads} completed and its last message is in the queues. <b>Errors</b>: those of {@code payloads} and
     * of {@link #publish}; {@code payloads} is cancelled. <b>Backpressure</b>: the next element is requested when at least half of the
     * peers that the one before went to have room in their queues; a peer slower than that loses messages, which is counted. With nobody
     * to send to, elements are requested without end. <b>Cancellation</b>: cancels {@code payloads}.
     */
    Mono<Void> publishAll(Publisher<? extends T> payloads);

    /**
     * Has every message of the topic judged, ours included, before it is delivered or forwarded. All validators of a topic must accept it.
     *
     * @return takes the validator away again
     */
    Disposable validateWith(Validator<? super T> validator);

    /** The peers known to subscribe to the topic. A snapshot. */
    Set<PeerId> peers();

    /** What happens to this topic from now on. As {@link Pubsub#events()}. */
    Flux<PubsubEvent> events();
}
