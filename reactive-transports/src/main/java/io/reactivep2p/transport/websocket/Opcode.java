package io.reactivep2p.transport.websocket;

import org.jspecify.annotations.Nullable;

/** What a frame is (RFC 6455, section 5.2). */
enum Opcode {
    CONTINUATION(0),
    TEXT(1),
    BINARY(2),
    CLOSE(8),
    PING(9),
    PONG(10);

    private static final int FIRST_CONTROL = 8;

    private final int value;

    Opcode(int value) {
        this.value = value;
    }

    int value() {
        return value;
    }

    boolean isControl() {
        return value >= FIRST_CONTROL;
    }

    static @Nullable Opcode of(int value) {
        return switch (value) {
            case 0 -> CONTINUATION;
            case 1 -> TEXT;
            case 2 -> BINARY;
            case 8 -> CLOSE;
            case 9 -> PING;
            case 10 -> PONG;
            default -> null;
        };
    }
}
