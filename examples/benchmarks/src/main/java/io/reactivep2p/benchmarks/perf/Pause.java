package io.reactivep2p.benchmarks.perf;

import java.util.function.BooleanSupplier;

/** Waiting, on the main thread of a measurement. */
final class Pause {

    private static final int STEP_MILLIS = 20;

    private Pause() {}

    static void millis(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    static void until(BooleanSupplier condition, String what) {
        long end = System.nanoTime() + HostPair.PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("in vain waited for: " + what);
            }
            millis(STEP_MILLIS);
        }
    }
}
