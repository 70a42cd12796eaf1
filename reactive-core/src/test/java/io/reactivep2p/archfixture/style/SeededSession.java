package io.reactivep2p.archfixture.style;

import io.reactivep2p.connection.SansIo;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Keeps the rules. */
@SansIo
final class SeededSession {
    private final Random random;

    SeededSession(long seed) {
        random = new Random(seed);
    }

    long next(long nowNanos) {
        return TimeUnit.NANOSECONDS.toMillis(nowNanos) + random.nextInt();
    }
}
