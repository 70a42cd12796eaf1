package io.reactivep2p.crypto;

/** Bytes that are no well-formed key, or a key that is refused before any maths is done with it. */
public final class MalformedKeyException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public MalformedKeyException(String message) {
        super(message);
    }

    public MalformedKeyException(String message, Throwable cause) {
        super(message, cause);
    }
}
