package io.reactivep2p.transport;

import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.multiformats.Multiaddr;
import org.jspecify.annotations.Nullable;

/** An address could not be dialed or listened on. */
public final class TransportException extends Libp2pException {

    private static final long serialVersionUID = 1L;

    private final transient Multiaddr address;

    public TransportException(Multiaddr address, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.address = address;
    }

    public Multiaddr address() {
        return address;
    }
}
