package io.reactivep2p.benchmarks.perf;

import java.util.List;

/** One stream over a long line: what the window tuning of the muxer is worth. */
final class DelayedRow implements PerfRow {

    @Override
    public String name() {
        return "delayed";
    }

    @Override
    public List<Metric> metrics(Environment environment) {
        return List.of(new Metric(name(), "MB/s", Bar.atLeast(150)));
    }

    @Override
    public PerfSession open(Scale scale) {
        HostPair hosts = HostPair.start(
                Loops.two(),
                spec -> spec.pipeline(pipeline -> pipeline.addLast(new DelayHandler(Scale.ONE_WAY_DELAY))));
        return StreamRow.upload(hosts, scale.streamBytes());
    }
}
