package io.reactivep2p.pubsub;

import org.reactivestreams.Publisher;

/**
 * Judges the messages of a topic before they are delivered or forwarded.
 *
 * @param <T> the topic's payload
 */
@FunctionalInterface
public interface Validator<T> {

    /**
     * Judges one message; called on whatever thread the message came on, which must not be blocked.
     *
     * @return the first element counts. A publisher that completes without one, or fails, means {@link Validation#IGNORE}; so does one that
     *     takes longer than the node's limit, and is then cancelled
     */
    Publisher<Validation> validate(PubsubMessage<T> message);
}
