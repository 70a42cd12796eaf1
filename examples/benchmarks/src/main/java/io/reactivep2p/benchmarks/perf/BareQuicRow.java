package io.reactivep2p.benchmarks.perf;

import java.util.List;

/** What the machine and the QUIC library give without us: handshakes of which both ends prove who they are, and nothing after them. */
final class BareQuicRow implements PerfRow {

    @Override
    public String name() {
        return "bare-quic";
    }

    @Override
    public List<Metric> metrics(Environment environment) {
        return List.of(Metric.informative(name(), "1/s"));
    }

    @Override
    public PerfSession open(Scale scale) {
        return BareQuic.start(scale.window());
    }
}
