package io.reactivep2p.benchmarks.perf;

import java.time.Duration;

/** How much is measured. */
enum Scale {

    /** What the published figures are made with. */
    FULL(15_000, 60_000, 3_000, 1_000_000_000L, 20_000, 1_000, 10_000),

    /** For tuning: the same things, in a fraction of the time. */
    QUICK(2_000, 2_000, 1_000, 250_000_000L, 5_000, 300, 10_000),

    /** For tests: whether it works at all. */
    SMOKE(0, 0, 100, 4_000_000L, 100, 10, 100);

    /** Each way; two make the round trip of the delayed stream. */
    static final Duration ONE_WAY_DELAY = Duration.ofMillis(25);

    private final int warmUpMillis;
    private final int longestWarmUpMillis;
    private final int windowMillis;
    private final long streamBytes;
    private final int roundTrips;
    private final int connections;
    private final int streams;

    Scale(
            int warmUpMillis,
            int longestWarmUpMillis,
            int windowMillis,
            long streamBytes,
            int roundTrips,
            int connections,
            int streams) {
        this.warmUpMillis = warmUpMillis;
        this.longestWarmUpMillis = longestWarmUpMillis;
        this.windowMillis = windowMillis;
        this.streamBytes = streamBytes;
        this.roundTrips = roundTrips;
        this.connections = connections;
        this.streams = streams;
    }

    /** How long a row runs before it counts, at least: most are compiled by then. */
    Duration warmUp() {
        return Duration.ofMillis(warmUpMillis);
    }

    /** And at most, while the compilers are still at work: handshakes take them up to 40 s on two busy cores. */
    Duration longestWarmUp() {
        return Duration.ofMillis(longestWarmUpMillis);
    }

    /** How long one run lasts where something is counted per second. */
    Duration window() {
        return Duration.ofMillis(windowMillis);
    }

    /** Bytes of one transfer. */
    long streamBytes() {
        return streamBytes;
    }

    /** Pings, or echoes, of one run. */
    int roundTrips() {
        return roundTrips;
    }

    /** Idle connections. */
    int connections() {
        return connections;
    }

    /** Idle streams. */
    int streams() {
        return streams;
    }
}
