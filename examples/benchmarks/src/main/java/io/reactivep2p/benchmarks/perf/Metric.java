package io.reactivep2p.benchmarks.perf;

import org.jspecify.annotations.Nullable;

/**
 * A figure that a row gives.
 *
 * @param bar what it must reach; {@code null} where it is only for information
 */
record Metric(String name, String unit, @Nullable Bar bar) {

    static Metric informative(String name, String unit) {
        return new Metric(name, unit, null);
    }
}
