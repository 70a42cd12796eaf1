package io.reactivep2p.testkit.sim;

import java.time.Duration;

/** Says what a simulated network is like: without a word 50 to 100 ms each way, no limit of bandwidth, no loss, seed 1. */
public final class SimSpec {

    private long seed = 1;
    private Duration minLatency = Duration.ofMillis(50);
    private Duration maxLatency = Duration.ofMillis(100);
    private long bandwidth;
    private double loss;

    SimSpec() {}

    /** Of all randomness in the network. */
    public SimSpec seed(long value) {
        this.seed = value;
        return this;
    }

    /** One way; each link draws its own once, evenly between the two. */
    public SimSpec latency(Duration min, Duration max) {
        this.minLatency = min;
        this.maxLatency = max;
        return this;
    }

    /** Bytes per second that one end of a connection sends; 0 for no limit. */
    public SimSpec bandwidth(long bytesPerSecond) {
        this.bandwidth = bytesPerSecond;
        return this;
    }

    /**
     * How likely it is that a piece of data is lost, 0 to 1. A piece is what was written to a stream at once, so where each write has whole
     * messages, messages are lost and their framing is not. The first {@value SimStream#NEVER_LOST} pieces of a stream are never lost: they
     * agree on its protocol.
     */
    public SimSpec loss(double likelihood) {
        this.loss = likelihood;
        return this;
    }

    SimOptions build() {
        return new SimOptions(seed, minLatency, maxLatency, bandwidth, loss);
    }
}
