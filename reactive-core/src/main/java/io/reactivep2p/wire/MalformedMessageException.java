package io.reactivep2p.wire;

/** Bytes that are no well-formed message of the protocol, or a message whose declared length is over the limit. */
public final class MalformedMessageException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public MalformedMessageException(String message) {
        super(message);
    }

    public MalformedMessageException(String message, Throwable cause) {
        super(message, cause);
    }
}
