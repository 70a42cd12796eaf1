package io.reactivep2p.muxer.yamux;

/**
 * A yamux header as a value, for tests, logs and error messages. The data path reads and writes headers without making one.
 */
sealed interface YamuxFrame {

    int flags();

    /** {@code length} bytes of payload follow the header. */
    record Data(int flags, long streamId, long length) implements YamuxFrame {}

    /** {@code delta} more bytes may be sent; with {@code RST} it is an error code instead. */
    record WindowUpdate(int flags, long streamId, long delta) implements YamuxFrame {}

    /** {@code SYN} asks, {@code ACK} answers with the same value. */
    record Ping(int flags, long value) implements YamuxFrame {}

    record GoAway(int flags, long code) implements YamuxFrame {}
}
