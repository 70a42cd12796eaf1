package io.reactivep2p.testkit.sim;

import java.time.Duration;

/**
 * What a simulated network is like.
 *
 * @param seed of all its randomness
 * @param minLatency one way; each link draws its own once, evenly between the two
 * @param maxLatency one way
 * @param bandwidth bytes per second that one end of a connection sends; 0 for no limit
 * @param loss how likely a piece of data is lost, 0 to 1; see {@link SimSpec#loss}
 */
public record SimOptions(long seed, Duration minLatency, Duration maxLatency, long bandwidth, double loss) {

    public SimOptions {
        if (minLatency.isNegative() || maxLatency.compareTo(minLatency) < 0) {
            throw new IllegalArgumentException("latency from " + minLatency + " to " + maxLatency);
        }
        if (bandwidth < 0) {
            throw new IllegalArgumentException("a bandwidth of " + bandwidth + " bytes per second");
        }
        if (!(loss >= 0 && loss <= 1)) {
            throw new IllegalArgumentException("a loss of " + loss + "; expected 0 to 1");
        }
    }
}
