package io.reactivep2p.benchmarks.perf;

import java.util.List;

/** One thing that is measured. */
interface PerfRow {

    /** Variants of one thing are named after it: {@code ping}, {@code ping/two-loops}. */
    String name();

    /** What {@link PerfSession#run()} gives, in its order. */
    List<Metric> metrics(Environment environment);

    /** Sets up what is needed. */
    PerfSession open(Scale scale);

    /** Whether each run has a JVM of its own, which nothing can be warmed up for. */
    default boolean isIsolated() {
        return false;
    }
}
