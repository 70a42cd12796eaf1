package io.reactivep2p.muxer.yamux;

import java.time.Duration;

/**
 * What can be set about yamux; built through {@link YamuxSpec}, which describes each value.
 *
 * @param initialWindow bytes
 * @param maxStreamWindow bytes
 * @param maxWindowGrowth bytes, over all streams of a connection
 * @param pingInterval zero for no pings
 */
record YamuxOptions(
        int initialWindow,
        int maxStreamWindow,
        long maxWindowGrowth,
        int maxInboundStreams,
        int maxOutboundStreams,
        Duration pingInterval,
        Duration pingTimeout,
        Duration lingerTime) {

    /** Fixed by the specification. */
    static final int DEFAULT_INITIAL_WINDOW = YamuxFrameCodec.INITIAL_WINDOW;
    /** go-yamux and js-libp2p: 16 MiB. */
    static final int DEFAULT_MAX_STREAM_WINDOW = 16 * 1024 * 1024;
    /** Four streams at their largest; go allots 32 MiB to a connection, rust 1 GiB. */
    static final long DEFAULT_MAX_WINDOW_GROWTH = 64L * 1024 * 1024;
    /** js-libp2p allows 1,000 each way, go's resource manager about as many, rust 512 in all. */
    static final int DEFAULT_MAX_INBOUND_STREAMS = 1_024;
    /** Only a guard against a loop of our own; what peers accept is less. */
    static final int DEFAULT_MAX_OUTBOUND_STREAMS = 65_536;
    /** go-yamux. */
    static final Duration DEFAULT_PING_INTERVAL = Duration.ofSeconds(30);
    /** go-yamux, its connection write timeout. */
    static final Duration DEFAULT_PING_TIMEOUT = Duration.ofSeconds(10);
    /** go-yamux {@code StreamCloseTimeout}. */
    static final Duration DEFAULT_LINGER_TIME = Duration.ofMinutes(5);

    static final YamuxOptions DEFAULTS = new YamuxOptions(
            DEFAULT_INITIAL_WINDOW,
            DEFAULT_MAX_STREAM_WINDOW,
            DEFAULT_MAX_WINDOW_GROWTH,
            DEFAULT_MAX_INBOUND_STREAMS,
            DEFAULT_MAX_OUTBOUND_STREAMS,
            DEFAULT_PING_INTERVAL,
            DEFAULT_PING_TIMEOUT,
            DEFAULT_LINGER_TIME);

    private static final int LARGEST_WINDOW = 1 << 30;

    YamuxOptions {
        if (initialWindow < YamuxFrameCodec.INITIAL_WINDOW || initialWindow > maxStreamWindow) {
            throw new IllegalArgumentException(
                    "the initial window is at least 262144 bytes (the specification's) and at most the "
                            + "stream window of " + maxStreamWindow + ", not " + initialWindow);
        }
        if (maxStreamWindow > LARGEST_WINDOW) {
            throw new IllegalArgumentException(
                    "a stream window is at most " + LARGEST_WINDOW + " bytes, not " + maxStreamWindow);
        }
        if (maxWindowGrowth < 0 || maxInboundStreams < 0 || maxOutboundStreams < 0) {
            throw new IllegalArgumentException("a limit is negative");
        }
        if (pingInterval.isNegative() || pingTimeout.isNegative() || pingTimeout.isZero() || lingerTime.isNegative()) {
            throw new IllegalArgumentException("a time is negative, or the ping timeout zero");
        }
    }
}
