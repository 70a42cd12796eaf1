package io.reactivep2p.benchmarks.perf;

import java.util.List;

/** What an idle connection keeps on the heap. */
final class IdleHeapRow implements PerfRow {

    static final String NAME = "idle-heap";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Metric> metrics(Environment environment) {
        return List.of(new Metric(NAME, "KiB/end", Bar.atMost(10)));
    }

    @Override
    public PerfSession open(Scale scale) {
        return () -> ChildJvm.run(NAME, scale, "-Xmx1g");
    }

    @Override
    public boolean isIsolated() {
        return true;
    }
}
