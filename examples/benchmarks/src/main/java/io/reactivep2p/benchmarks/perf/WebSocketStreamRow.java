package io.reactivep2p.benchmarks.perf;

import java.util.List;

/** As {@link StreamRow}, over WebSocket without TLS: what its framing and masking cost. */
final class WebSocketStreamRow implements PerfRow {

    /** The bar is for a JDK whose ciphers are fast; for the others there is none. */
    private static final int FAST_CIPHERS_SINCE = 25;

    @Override
    public String name() {
        return "ws-stream";
    }

    @Override
    public List<Metric> metrics(Environment environment) {
        return List.of(
                environment.feature() >= FAST_CIPHERS_SINCE
                        ? new Metric(name(), "MB/s", Bar.atLeast(900))
                        : Metric.informative(name(), "MB/s"));
    }

    @Override
    public PerfSession open(Scale scale) {
        return StreamRow.upload(HostPair.startWebSockets(Loops.two()), scale.streamBytes());
    }
}
