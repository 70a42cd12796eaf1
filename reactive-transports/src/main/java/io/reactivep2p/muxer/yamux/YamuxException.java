package io.reactivep2p.muxer.yamux;

import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;

/** The remote peer broke a rule of yamux. The {@link #scope} says what it costs: the stream, or the connection with all its streams. */
public final class YamuxException extends Libp2pException {

    private static final long serialVersionUID = 1L;

    /** What an offence ends. */
    public enum Scope {
        STREAM,
        CONNECTION
    }

    private final Scope scope;

    private YamuxException(Scope scope, String message) {
        super(message, null);
        this.scope = scope;
    }

    /** Ends in {@code GoAway(1)} and a closed connection. */
    static YamuxException connection(String message) {
        return new YamuxException(Scope.CONNECTION, message);
    }

    /** Ends in a reset of the stream that the frame was for. */
    static YamuxException stream(String message) {
        return new YamuxException(Scope.STREAM, message);
    }

    public Scope scope() {
        return scope;
    }

    /** The code that travels, in the GoAway or with the RST. */
    public long code() {
        return scope == Scope.CONNECTION
                ? YamuxFrameCodec.GO_AWAY_PROTOCOL_ERROR
                : ErrorCode.PROTOCOL_VIOLATION.value();
    }
}
