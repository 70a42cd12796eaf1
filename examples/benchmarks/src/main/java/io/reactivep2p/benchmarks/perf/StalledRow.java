package io.reactivep2p.benchmarks.perf;

import java.util.List;

/** A sender whose receiver asks for nothing: it must stop at the window, hold no more memory, and go on when it is asked. */
final class StalledRow implements PerfRow {

    static final String TCP = "stalled";
    static final String WEBSOCKET = "ws-stalled";

    private final String name;
    private Scale scale = Scale.FULL;

    StalledRow(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Metric> metrics(Environment environment) {
        return List.of(
                // The first window of 256 KiB, and the 128 KiB that a send may ask for ahead of it.
                new Metric(name, "KiB", Bar.atMost(256 + 128)),
                new Metric(name + "/heap-growth", "MiB", Bar.atMost(4)),
                new Metric(name + "/resumed", "MB", Bar.atLeast(scale.streamBytes() / 1e6)));
    }

    @Override
    public PerfSession open(Scale opened) {
        scale = opened;
        return () -> ChildJvm.run(name, opened, "-Xmx64m");
    }

    @Override
    public boolean isIsolated() {
        return true;
    }
}
