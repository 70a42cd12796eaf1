package io.reactivep2p.muxer.mplex;

import java.time.Duration;

/** Sets the options of {@link Mplex#create(java.util.function.Consumer)}. */
public final class MplexSpec {

    private int maxStreamBuffer = MplexOptions.DEFAULT_MAX_STREAM_BUFFER;
    private long maxConnectionBuffer = MplexOptions.DEFAULT_MAX_CONNECTION_BUFFER;
    private int maxInboundStreams = MplexOptions.DEFAULT_MAX_STREAMS;
    private int maxOutboundStreams = MplexOptions.DEFAULT_MAX_STREAMS;
    private Duration stallTimeout = MplexOptions.DEFAULT_STALL_TIMEOUT;
    private Duration lingerTime = MplexOptions.DEFAULT_LINGER_TIME;

    MplexSpec() {}

    /** How much of one stream may wait to be consumed before the connection is not read any more, in bytes; default 256 KiB (a yamux window). */
    public MplexSpec maxStreamBuffer(int bytes) {
        this.maxStreamBuffer = bytes;
        return this;
    }

    /** The same for all streams of a connection together, in bytes; default 4 MiB (js, for a stream). */
    public MplexSpec maxConnectionBuffer(long bytes) {
        this.maxConnectionBuffer = bytes;
        return this;
    }

    /** How many streams the remote peer may have open; more are reset. Default 1,024. */
    public MplexSpec maxInboundStreams(int streams) {
        this.maxInboundStreams = streams;
        return this;
    }

    /** How many streams we may have open; default 1,024. A rust peer takes 128 in all, counting its own. */
    public MplexSpec maxOutboundStreams(int streams) {
        this.maxOutboundStreams = streams;
        return this;
    }

    /** How long a stream of which nothing is consumed may keep the connection from being read; default 5 s (go). */
    public MplexSpec stallTimeout(Duration timeout) {
        this.stallTimeout = timeout;
        return this;
    }

    /** After what time a stream that we closed both ways, and the peer does not end, is reset; default 5 min, as for yamux. */
    public MplexSpec lingerTime(Duration time) {
        this.lingerTime = time;
        return this;
    }

    MplexOptions options() {
        return new MplexOptions(
                maxStreamBuffer, maxConnectionBuffer, maxInboundStreams, maxOutboundStreams, stallTimeout, lingerTime);
    }
}
