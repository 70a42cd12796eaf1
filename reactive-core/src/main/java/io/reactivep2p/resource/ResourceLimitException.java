package io.reactivep2p.resource;

import io.reactivep2p.connection.Libp2pException;

/** A limit is reached: what was asked for is refused, everything that exists goes on. Stackless. */
public final class ResourceLimitException extends Libp2pException {

    private static final long serialVersionUID = 1L;

    private final String scope;

    /**
     * @param scope whose limit it is, for example {@code connection}, {@code peer} or {@code protocol /echo/1.0.0}
     * @param message names the limit and its figure
     */
    public ResourceLimitException(String scope, String message) {
        super(message, null, true);
        this.scope = scope;
    }

    public String scope() {
        return scope;
    }
}
