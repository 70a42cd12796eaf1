package io.reactivep2p.transport.websocket;

import io.reactivep2p.connection.Libp2pException;

/** What came is no head of an HTTP message, or too much of it. */
final class HttpHeadException extends Libp2pException {

    private static final long serialVersionUID = 1L;

    private final HttpStatus status;

    HttpHeadException(HttpStatus status, String message) {
        super(message, null);
        this.status = status;
    }

    /** What a server answers. */
    HttpStatus status() {
        return status;
    }
}
