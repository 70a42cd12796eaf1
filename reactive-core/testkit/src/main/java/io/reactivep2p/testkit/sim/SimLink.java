package io.reactivep2p.testkit.sim;

import io.reactivep2p.connection.SansIo;

/** One direction of a connection: tells when what is sent now arrives. What is sent first arrives first. */
@SansIo
final class SimLink {

    private static final double NANOS_PER_SECOND = 1e9;

    private final long latencyNanos;
    private final long bandwidth;
    private long freeNanos;

    /** @param bandwidth bytes per second, 0 for no limit */
    SimLink(long latencyNanos, long bandwidth) {
        this.latencyNanos = latencyNanos;
        this.bandwidth = bandwidth;
    }

    /** When the last of {@code bytes} arrives, by the clock of {@code nowNanos}. */
    long arrival(int bytes, long nowNanos) {
        long sending = bandwidth == 0 ? 0 : (long) (bytes * NANOS_PER_SECOND / bandwidth);
        freeNanos = Math.max(freeNanos, nowNanos) + sending;
        return freeNanos + latencyNanos;
    }

    long latencyNanos() {
        return latencyNanos;
    }
}
