package io.reactivep2p.connection;

/** Who started a connection or a stream. */
public enum Direction {
    /** The remote peer started it; here we are the listener, or the responder. */
    INBOUND,
    /** We started it; here we are the dialer, or the initiator. */
    OUTBOUND;

    /** Whether this side is the initiator. */
    public boolean isInitiator() {
        return this == OUTBOUND;
    }
}
