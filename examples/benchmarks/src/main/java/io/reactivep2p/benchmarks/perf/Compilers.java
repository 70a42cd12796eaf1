package io.reactivep2p.benchmarks.perf;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/** Whether the JVM's compilers are still at work on what is being measured. */
final class Compilers {

    /** Of one core, at most, while compilers count as resting. */
    private static final double RESTING = 0.05;

    private final @Nullable CompilationMXBean compilation;
    private long sinceNanos;
    private long spentMillis;

    Compilers() {
        CompilationMXBean present = ManagementFactory.getCompilationMXBean();
        compilation = present != null && present.isCompilationTimeMonitoringSupported() ? present : null;
        sinceNanos = System.nanoTime();
        spentMillis = spent();
    }

    /** Whether they have rested since this was asked last, or since this was made; always where the JVM does not say. */
    boolean haveRested() {
        long nowNanos = System.nanoTime();
        long nowSpent = spent();
        double share = (nowSpent - spentMillis) * 1e6 / (nowNanos - sinceNanos);
        sinceNanos = nowNanos;
        spentMillis = nowSpent;
        return share <= RESTING;
    }

    private long spent() {
        return compilation == null ? 0 : compilation.getTotalCompilationTime();
    }
}
