package io.reactivep2p.connection;

/** The write side of the stream was closed by this side, so nothing more can be sent on it: an error of the caller, not of the peer. */
public final class WriteClosedException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    public WriteClosedException(String stream) {
        super("the write side of " + stream + " is closed, send before closeWrite()");
    }
}
