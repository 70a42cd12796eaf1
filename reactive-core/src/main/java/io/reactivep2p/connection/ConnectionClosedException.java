package io.reactivep2p.connection;

import org.jspecify.annotations.Nullable;

/** The connection is closed, so what was asked of it cannot be had, and its streams are gone. Stackless. */
public final class ConnectionClosedException extends Libp2pException {

    private static final long serialVersionUID = 1L;

    private final transient ErrorCode code;
    private final boolean remote;

    public ConnectionClosedException(ErrorCode code, boolean remote) {
        this(code, remote, null);
    }

    public ConnectionClosedException(ErrorCode code, boolean remote, @Nullable Throwable cause) {
        super(
                "connection closed by " + (remote ? "the remote peer" : "this side") + ": "
                        + (cause == null ? code : cause.getMessage()),
                cause,
                true);
        this.code = code;
        this.remote = remote;
    }

    public ErrorCode code() {
        return code;
    }

    /** Whether the remote peer did it. */
    public boolean remote() {
        return remote;
    }
}
