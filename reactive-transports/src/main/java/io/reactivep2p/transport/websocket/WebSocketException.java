package io.reactivep2p.transport.websocket;

import io.reactivep2p.connection.Libp2pException;

/** The remote end broke a rule of WebSocket, which ends the connection. */
final class WebSocketException extends Libp2pException {

    private static final long serialVersionUID = 1L;

    private final CloseCode code;

    WebSocketException(CloseCode code, String message) {
        super("websocket: " + message, null);
        this.code = code;
    }

    /** What the remote end is told. */
    CloseCode code() {
        return code;
    }
}
