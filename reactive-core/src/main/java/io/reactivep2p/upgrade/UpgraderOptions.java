package io.reactivep2p.upgrade;

import io.reactivep2p.security.Protector;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How connections are upgraded.
 *
 * @param timeout for the whole upgrade of one connection, positive
 * @param protector of the private network that the connections are to be in; {@code null} for none
 */
public record UpgraderOptions(Duration timeout, @Nullable Protector protector) {

    /** 10 seconds, as rust and js allow. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    public UpgraderOptions {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a time limit is positive, not " + timeout);
        }
    }

    public static UpgraderOptions defaults() {
        return new UpgraderOptions(DEFAULT_TIMEOUT, null);
    }
}
