package io.reactivep2p.pubsub;

import io.reactivep2p.connection.Libp2pException;

/** A validator of this node's own did not accept what was to be published. */
public final class PublishException extends Libp2pException {

    private static final long serialVersionUID = 1L;

    private final Validation validation;

    public PublishException(String topic, Validation validation) {
        super(
                "a message for the topic " + topic + " was not published: a validator of this node said " + validation,
                null);
        this.validation = validation;
    }

    /** What the validator said. */
    public Validation validation() {
        return validation;
    }
}
