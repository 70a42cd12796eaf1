package io.reactivep2p.benchmarks.perf;

import io.reactivep2p.security.tls.Tls;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** A sender whose receiver asks for nothing: it must stop at the window, hold no more memory, and go on when it is asked. */
final class StalledRow implements PerfRow {

    /** Yamux: the first window of 256 KiB, and the 128 KiB that a send may ask for ahead of it. */
    private static final int YAMUX_KIB = 256 + 128;
    /** What is read ahead, the window it makes quiche open, and what the sender's end keeps. */
    private static final int QUIC_KIB = 1_024;
    /** mplex has no window: what the kernel buffers at both ends, by Linux's largest defaults of 6 and 4 MiB, and a bound of ours. */
    private static final int MPLEX_KIB = 12 * 1_024;

    private static final List<StalledRow> ALL = List.of(
            new StalledRow("stalled", YAMUX_KIB, () -> HostPair.start(Loops.two())),
            new StalledRow("tls-stalled", YAMUX_KIB, () -> HostPair.start(Loops.two(), Tls::create, spec -> {})),
            new StalledRow("ws-stalled", YAMUX_KIB, () -> HostPair.startWebSockets(Loops.two())),
            new StalledRow("quic-stalled", QUIC_KIB, QuicRows::pair),
            new StalledRow("mplex-stalled", MPLEX_KIB, () -> HostPair.startMplex(Loops.two())));

    private final String name;
    private final int windowKib;
    private final Supplier<HostPair> pair;
    private Scale scale = Scale.FULL;

    private StalledRow(String name, int windowKib, Supplier<HostPair> pair) {
        this.name = name;
        this.windowKib = windowKib;
        this.pair = pair;
    }

    /** Over each road, Yamux on TCP first. */
    static List<StalledRow> all() {
        return ALL;
    }

    /** What their children do, by name. */
    static Map<String, ChildTask> tasks() {
        return ALL.stream().collect(Collectors.toMap(StalledRow::name, row -> new StalledTask(row.pair)));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Metric> metrics(Environment environment) {
        return List.of(
                new Metric(name, "KiB", Bar.atMost(windowKib)),
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
