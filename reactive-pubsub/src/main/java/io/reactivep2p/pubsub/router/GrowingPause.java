package io.reactivep2p.pubsub.router;

import io.reactivep2p.connection.SansIo;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before something is tried again: doubled with each time, up to a maximum, and up to half as much again by lot. */
@SansIo
final class GrowingPause {

    private final long firstNanos;
    private final long maxNanos;
    private final RandomGenerator random;

    /** @param random so that those who failed together do not come back together */
    GrowingPause(Duration first, Duration max, RandomGenerator random) {
        this.firstNanos = first.toNanos();
        this.maxNanos = max.toNanos();
        this.random = random;
    }

    /** @param before how many pauses there were, any number */
    long afterNanos(int before) {
        int doublings = Math.min(before, Long.SIZE - 1);
        long pause = firstNanos > maxNanos >> doublings ? maxNanos : firstNanos << doublings;
        return pause + random.nextLong(pause / 2 + 1);
    }
}
