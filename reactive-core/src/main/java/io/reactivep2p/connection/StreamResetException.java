package io.reactivep2p.connection;

/** The stream was reset: both directions ended at once and data in flight is lost. Stackless. */
public final class StreamResetException extends Libp2pException {

    private static final long serialVersionUID = 1L;

    private final transient ErrorCode code;
    private final boolean remote;

    public StreamResetException(ErrorCode code, boolean remote) {
        super("stream reset by " + (remote ? "the remote peer" : "this side") + ": " + code, null, true);
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
