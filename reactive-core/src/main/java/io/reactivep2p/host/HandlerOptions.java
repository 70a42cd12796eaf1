package io.reactivep2p.host;

/**
 * How many inbound streams of a protocol are served at the same time. Streams beyond that are reset with {@code
 * RESOURCE_LIMIT_EXCEEDED}.
 *
 * @param maxStreams over all connections
 * @param maxStreamsPerConnection on one connection
 */
public record HandlerOptions(int maxStreams, int maxStreamsPerConnection) {

    public HandlerOptions {
        if (maxStreams < 1 || maxStreamsPerConnection < 1) {
            throw new IllegalArgumentException("a limit is at least 1");
        }
    }
}
