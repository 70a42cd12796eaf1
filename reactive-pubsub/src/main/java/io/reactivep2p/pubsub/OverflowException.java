package io.reactivep2p.pubsub;

import io.reactivep2p.connection.Libp2pException;

/** A subscriber of a topic fell further behind than its {@link Overflow} allows. */
public final class OverflowException extends Libp2pException {

    private static final long serialVersionUID = 1L;

    public OverflowException(String topic, int capacity) {
        super("a subscriber of the topic " + topic + " fell more than " + capacity + " messages behind", null);
    }
}
