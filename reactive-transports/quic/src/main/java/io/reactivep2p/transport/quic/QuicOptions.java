package io.reactivep2p.transport.quic;

import io.reactivep2p.transport.AddressResolver;
import io.reactivep2p.transport.netty.EventLoops;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;

/**
 * How {@link Quic} makes its connections; built through {@link QuicSpec}, which describes each value.
 *
 * @param streamWindow bytes
 * @param connectionWindow bytes
 * @param keepAlive zero for never
 */
record QuicOptions(
        Duration handshakeTimeout,
        Duration idleTimeout,
        Duration keepAlive,
        int streamWindow,
        int connectionWindow,
        int maxInboundStreams,
        int retryAbove,
        int maxHandshakes,
        EventLoops loops,
        AddressResolver resolver,
        SecureRandom random,
        InstantSource clock) {

    /** go and rust. */
    static final Duration DEFAULT_HANDSHAKE_TIMEOUT = Duration.ofSeconds(5);
    /** quic-go; rust has 10 s, and the smaller of the two ends counts. */
    static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(30);
    /** Twice within the 10 s of rust; go has 15 s. */
    static final Duration DEFAULT_KEEP_ALIVE = Duration.ofSeconds(4);
    /**
     * What quiche goes on with, whatever the first window is. A larger one would let a single stalled stream fill the connection's, which
     * quiche sets to one and a half times that, and hold up all others. More than the congestion window that a connection begins with.
     */
    static final int DEFAULT_STREAM_WINDOW = 32 * 1024;
    /** go and rust have 15 MiB as their largest; twice what all streams together may hold at first. */
    static final int DEFAULT_CONNECTION_WINDOW = 16 * 1024 * 1024;
    /** go and rust. */
    static final int DEFAULT_MAX_INBOUND_STREAMS = 256;
    /** Some 10 MB in the hands of who has shown nothing yet; go asks beyond 1,000 a second. */
    static final int DEFAULT_RETRY_ABOVE = 128;
    /** Some 80 MB. */
    static final int DEFAULT_MAX_HANDSHAKES = 1_024;

    private static final int LARGEST_WINDOW = 1 << 24;

    static QuicOptions defaults() {
        return new QuicSpec().options();
    }

    QuicOptions {
        if (handshakeTimeout.isNegative() || handshakeTimeout.isZero() || idleTimeout.isNegative()) {
            throw new IllegalArgumentException("a time is negative, or the handshake timeout zero");
        }
        if (keepAlive.isNegative()) {
            throw new IllegalArgumentException("the time between signs of life is negative: " + keepAlive);
        }
        if (streamWindow < 1 || connectionWindow < streamWindow || connectionWindow > LARGEST_WINDOW) {
            throw new IllegalArgumentException("windows of " + streamWindow + " and " + connectionWindow
                    + " bytes, expected 0 < a stream's <= a connection's <= " + LARGEST_WINDOW);
        }
        if (maxInboundStreams < 0 || retryAbove < 0 || maxHandshakes < 1) {
            throw new IllegalArgumentException("a limit is negative, or that of handshakes zero");
        }
    }
}
