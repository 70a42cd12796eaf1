package io.reactivep2p.benchmarks.perf;

import java.util.List;

/** A subscriber that requests nothing while 1 GB of messages comes, in a JVM of 64 MB; another one beside it gets them all. */
final class PubsubSlowRow implements PerfRow {

    static final String NAME = "pubsub-slow";

    private Scale scale = Scale.FULL;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Metric> metrics(Environment environment) {
        double messages = PubsubSlowTask.messages(scale);
        return List.of(
                new Metric(NAME + "/heap-growth", "MiB", Bar.atMost(8)),
                new Metric(NAME + "/counted-as-lost", "messages", Bar.atLeast(messages - PubsubSlowTask.WAITING)),
                new Metric(NAME + "/others-got", "messages", Bar.atLeast(messages)));
    }

    @Override
    public PerfSession open(Scale opened) {
        scale = opened;
        return () -> ChildJvm.run(NAME, opened, "-Xmx64m");
    }

    @Override
    public boolean isIsolated() {
        return true;
    }
}
