package io.reactivep2p.benchmarks.perf;

/** A row that is being measured. */
@FunctionalInterface
interface PerfSession extends AutoCloseable {

    /** Measures once: a figure for each metric of the row. Blocks. */
    double[] run();

    @Override
    default void close() {}
}
