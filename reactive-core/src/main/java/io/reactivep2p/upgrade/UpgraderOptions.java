package io.reactivep2p.upgrade;

import java.time.Duration;

/**
 * How connections are upgraded.
 *
 * @param timeout for the whole upgrade of one connection, positive
 */
public record UpgraderOptions(Duration timeout) {

    /** 10 seconds, as rust and js allow. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    public UpgraderOptions {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a time limit is positive, not " + timeout);
        }
    }

    public static UpgraderOptions defaults() {
        return new UpgraderOptions(DEFAULT_TIMEOUT);
    }
}
