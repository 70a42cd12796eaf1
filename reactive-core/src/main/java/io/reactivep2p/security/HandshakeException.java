package io.reactivep2p.security;

import io.reactivep2p.connection.Libp2pException;
import org.jspecify.annotations.Nullable;

/** A connection attempt failed after the bytes flowed: the security handshake or the upgrade. The message says which check. */
public final class HandshakeException extends Libp2pException {

    private static final long serialVersionUID = 1L;

    public HandshakeException(String message) {
        this(message, null);
    }

    public HandshakeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
