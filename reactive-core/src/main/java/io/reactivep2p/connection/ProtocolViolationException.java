package io.reactivep2p.connection;

import org.jspecify.annotations.Nullable;

/** The remote peer broke the rules of a protocol. The message names the offence and what was expected. */
public final class ProtocolViolationException extends Libp2pException {

    private static final long serialVersionUID = 1L;

    public ProtocolViolationException(String message) {
        this(message, null);
    }

    public ProtocolViolationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
