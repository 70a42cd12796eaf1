package io.reactivep2p.muxer.yamux;

import java.time.Duration;

/** Sets the options of {@link Yamux#create(java.util.function.Consumer)}. */
public final class YamuxSpec {

    private int initialWindow = YamuxOptions.DEFAULT_INITIAL_WINDOW;
    private int maxStreamWindow = YamuxOptions.DEFAULT_MAX_STREAM_WINDOW;
    private long maxWindowGrowth = YamuxOptions.DEFAULT_MAX_WINDOW_GROWTH;
    private int maxInboundStreams = YamuxOptions.DEFAULT_MAX_INBOUND_STREAMS;
    private int maxOutboundStreams = YamuxOptions.DEFAULT_MAX_OUTBOUND_STREAMS;
    private Duration pingInterval = YamuxOptions.DEFAULT_PING_INTERVAL;
    private Duration pingTimeout = YamuxOptions.DEFAULT_PING_TIMEOUT;
    private Duration lingerTime = YamuxOptions.DEFAULT_LINGER_TIME;

    YamuxSpec() {}

    /** The window each stream starts with, in bytes: 256 KiB (default, and least); more is granted with the first frame. */
    public YamuxSpec initialWindow(int bytes) {
        this.initialWindow = bytes;
        return this;
    }

    /** How far a stream's window may grow, in bytes; default 16 MiB (go, js). No single data frame may be longer either. */
    public YamuxSpec maxStreamWindow(int bytes) {
        this.maxStreamWindow = bytes;
        return this;
    }

    /** How much all streams of a connection together may grow above their initial windows, in bytes; default 64 MiB. */
    public YamuxSpec maxWindowGrowth(long bytes) {
        this.maxWindowGrowth = bytes;
        return this;
    }

    /** How many streams the remote peer may have open; more are reset. Default 1,024 (js 1,000). */
    public YamuxSpec maxInboundStreams(int streams) {
        this.maxInboundStreams = streams;
        return this;
    }

    /** How many streams we may have open; default 65,536. A rust peer takes 512 in all, counting its own. */
    public YamuxSpec maxOutboundStreams(int streams) {
        this.maxOutboundStreams = streams;
        return this;
    }

    /** How often the round trip is measured and the peer's life checked; default 30 s (go, js), zero for never. */
    public YamuxSpec pingInterval(Duration interval) {
        this.pingInterval = interval;
        return this;
    }

    /** After how much silence an unanswered ping closes the connection; default 10 s (go). */
    public YamuxSpec pingTimeout(Duration timeout) {
        this.pingTimeout = timeout;
        return this;
    }

    /** After what time a stream that we closed both ways, and the peer does not end, is reset; default 5 min (go). */
    public YamuxSpec lingerTime(Duration time) {
        this.lingerTime = time;
        return this;
    }

    YamuxOptions options() {
        return new YamuxOptions(
                initialWindow,
                maxStreamWindow,
                maxWindowGrowth,
                maxInboundStreams,
                maxOutboundStreams,
                pingInterval,
                pingTimeout,
                lingerTime);
    }
}
