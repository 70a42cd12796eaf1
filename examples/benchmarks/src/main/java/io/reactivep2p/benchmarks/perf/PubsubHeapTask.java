package io.reactivep2p.benchmarks.perf;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;

/** The child of {@link PubsubHeapRow}. */
final class PubsubHeapTask implements ChildTask {

    private static final double MB = 1e6;

    @Override
    public double[] measure(Scale scale) {
        try (PubsubRow.Session session = new PubsubRow.Session(PubsubMesh.start(2), scale)) {
            long end = System.nanoTime() + scale.warmUp().toNanos();
            do {
                session.run();
            } while (System.nanoTime() - end < 0);
            double[] figures = session.run();
            return new double[] {peak() / MB, figures[0], figures[1]};
        }
    }

    /** What the heap's pools held at most, each at its own time: more than all of them together ever did. */
    private static long peak() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
    }
}
