package io.reactivep2p.connection;

import org.jspecify.annotations.Nullable;

/**
 * The root of everything that can go wrong between peers. Unchecked. Decide on the type and its accessors, never on the text.
 */
public abstract class Libp2pException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    protected Libp2pException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** For the outcomes that are ordinary and frequent (reset, closed): without a stack trace, if {@code stackless}. */
    protected Libp2pException(String message, @Nullable Throwable cause, boolean stackless) {
        super(message, cause, true, !stackless);
    }
}
