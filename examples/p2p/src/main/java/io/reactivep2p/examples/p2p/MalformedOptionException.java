package io.reactivep2p.examples.p2p;

/** A value on the command line that cannot be understood. The message names it and what was expected. */
final class MalformedOptionException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    MalformedOptionException(String message) {
        super(message);
    }
}
