package io.reactivep2p.benchmarks.perf;

import java.util.List;

/** Two nodes at full speed in a JVM of 64 MiB, warmed up in it: that it does the work and loses nothing is what counts. */
final class PubsubHeapRow implements PerfRow {

    static final String NAME = "pubsub-heap";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Metric> metrics(Environment environment) {
        return List.of(
                new Metric(NAME, "MiB", Bar.atMost(64)),
                Metric.informative(NAME + "/messages", "1/s"),
                new Metric(NAME + "/lost", "messages", Bar.atMost(0)));
    }

    @Override
    public PerfSession open(Scale scale) {
        return () -> ChildJvm.run(NAME, scale, "-Xmx64m");
    }

    @Override
    public boolean isIsolated() {
        return true;
    }
}
