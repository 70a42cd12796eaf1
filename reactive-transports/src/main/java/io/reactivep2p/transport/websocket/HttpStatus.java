package io.reactivep2p.transport.websocket;

/** The answers of a listener that lead to no WebSocket, and the one that does. */
enum HttpStatus {
    SWITCHING_PROTOCOLS(101, "Switching Protocols"),
    BAD_REQUEST(400, "Bad Request"),
    METHOD_NOT_ALLOWED(405, "Method Not Allowed"),
    UPGRADE_REQUIRED(426, "Upgrade Required"),
    HEADERS_TOO_LARGE(431, "Request Header Fields Too Large");

    private final int code;
    private final String reason;

    HttpStatus(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    int code() {
        return code;
    }

    /** {@code HTTP/1.1 400 Bad Request}. */
    String line() {
        return "HTTP/1.1 " + this;
    }

    @Override
    public String toString() {
        return code + " " + reason;
    }
}
