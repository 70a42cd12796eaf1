package io.reactivep2p.transport.websocket;

/** Why a WebSocket is closed (RFC 6455, section 7.4.1), as far as we say it. */
enum CloseCode {
    NORMAL(1000),
    PROTOCOL_ERROR(1002),
    UNSUPPORTED_DATA(1003),
    TOO_LARGE(1009);

    /** Stands for a close frame without a code; never on the wire. */
    static final int NONE = 1005;

    private static final int FIRST = 1000;
    private static final int FIRST_RESERVED = 1004;
    private static final int ABNORMAL = 1006;
    private static final int TLS_FAILURE = 1015;
    private static final int FIRST_OF_APPLICATIONS = 3000;
    private static final int LAST = 4999;

    private final int value;

    CloseCode(int value) {
        this.value = value;
    }

    int value() {
        return value;
    }

    /** Whether a peer may send it: 1004 to 1006 and 1015 are never sent, the others below 3000 are the standard's to give. */
    static boolean isLegal(int code) {
        boolean standard = code >= FIRST && code < FIRST_OF_APPLICATIONS;
        boolean never = (code >= FIRST_RESERVED && code <= ABNORMAL) || code == TLS_FAILURE;
        return (standard && !never) || (code >= FIRST_OF_APPLICATIONS && code <= LAST);
    }
}
