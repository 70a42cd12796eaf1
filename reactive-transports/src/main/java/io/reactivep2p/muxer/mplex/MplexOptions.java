package io.reactivep2p.muxer.mplex;

import java.time.Duration;

/**
 * What can be set about mplex; built through {@link MplexSpec}, which describes each value.
 *
 * @param maxStreamBuffer bytes
 * @param maxConnectionBuffer bytes, over all streams of a connection
 */
record MplexOptions(
        int maxStreamBuffer,
        long maxConnectionBuffer,
        int maxInboundStreams,
        int maxOutboundStreams,
        Duration stallTimeout,
        Duration lingerTime) {

    /** What yamux grants a stream; rust keeps 32 frames, go 4 messages. */
    static final int DEFAULT_MAX_STREAM_BUFFER = 256 * 1024;
    /** js-libp2p-mplex, which allows it to each stream. */
    static final long DEFAULT_MAX_CONNECTION_BUFFER = 4L * 1024 * 1024;
    /** As yamux here; js-libp2p-mplex 1,024 too, rust 128 in all. */
    static final int DEFAULT_MAX_STREAMS = 1_024;
    /** go-mplex {@code ReceiveTimeout}. */
    static final Duration DEFAULT_STALL_TIMEOUT = Duration.ofSeconds(5);
    /** As yamux here. */
    static final Duration DEFAULT_LINGER_TIME = Duration.ofMinutes(5);

    static final MplexOptions DEFAULTS = new MplexOptions(
            DEFAULT_MAX_STREAM_BUFFER,
            DEFAULT_MAX_CONNECTION_BUFFER,
            DEFAULT_MAX_STREAMS,
            DEFAULT_MAX_STREAMS,
            DEFAULT_STALL_TIMEOUT,
            DEFAULT_LINGER_TIME);

    private static final int LARGEST_STREAM_BUFFER = 1 << 30;

    MplexOptions {
        if (maxStreamBuffer < 1 || maxStreamBuffer > LARGEST_STREAM_BUFFER || maxConnectionBuffer < maxStreamBuffer) {
            throw new IllegalArgumentException("a stream may keep 1 to " + LARGEST_STREAM_BUFFER
                    + " bytes, and its connection no less, not " + maxStreamBuffer + " and " + maxConnectionBuffer);
        }
        if (maxInboundStreams < 0 || maxOutboundStreams < 0) {
            throw new IllegalArgumentException("a limit is negative");
        }
        if (stallTimeout.isNegative() || stallTimeout.isZero() || lingerTime.isNegative()) {
            throw new IllegalArgumentException("a time is negative, or the stall timeout zero");
        }
    }
}
