package io.reactivep2p.benchmarks.perf;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures rows, one after the other. */
final class PerfRunner {

    private static final Logger LOG = LoggerFactory.getLogger(PerfRunner.class);

    private final Scale scale;
    private final int runs;
    private final Environment environment;
    private final Report report;

    PerfRunner(Scale scale, int runs, Environment environment, Report report) {
        this.scale = scale;
        this.runs = runs;
        this.environment = environment;
        this.report = report;
    }

    /** All rows there are, in the order of the published table. */
    static List<PerfRow> rows() {
        List<PerfRow> rows = new ArrayList<>(List.of(
                new BareRow(), new BareQuicRow(), StreamRow.noise(), StreamRow.tls(), new WebSocketStreamRow()));
        rows.addAll(StalledRow.all());
        rows.addAll(List.of(
                new DelayedRow(),
                ConnectionsRow.noise(),
                ConnectionsRow.tls(),
                new RequestsRow("requests", Loops::one),
                new RequestsRow("requests/two-loops", Loops::two),
                new PingRow("ping", Loops::one),
                new PingRow("ping/two-loops", Loops::two),
                new IdleHeapRow(),
                new IdleStreamsRow(),
                QuicRows.stream(),
                QuicRows.connections(),
                new PubsubRow("pubsub", 2, 15_000),
                new PubsubRow("pubsub-mesh", 10, 1_400),
                new PubsubLatencyRow(),
                new PubsubHeapRow(),
                new PubsubSlowRow()));
        return rows;
    }

    /**
     * Blocks.
     *
     * @return whether every row could run, whatever its figures
     */
    boolean run(List<PerfRow> rows) {
        report.begin(environment);
        boolean all = true;
        for (PerfRow row : rows) {
            try {
                measure(row);
            } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
                LOG.error("{} could not run", row.name(), e);
                report.failure(row.name(), e);
                all = false;
            }
        }
        return all;
    }

    private void measure(PerfRow row) {
        double[][] results = new double[runs][];
        try (PerfSession session = row.open(scale)) {
            if (!row.isIsolated()) {
                warmUp(session);
            }
            for (int run = 0; run < runs; run++) {
                results[run] = session.run();
                LOG.info("{} {}/{}: {}", row.name(), run + 1, runs, results[run]);
            }
        }
        List<Metric> metrics = row.metrics(environment);
        for (int i = 0; i < metrics.size(); i++) {
            double[] values = new double[runs];
            for (int run = 0; run < runs; run++) {
                values[run] = results[run][i];
            }
            report.figure(Figure.of(metrics.get(i), values));
        }
    }

    /** Until the compilers have nothing left to do with the row, but no shorter or longer than the scale says. */
    private void warmUp(PerfSession session) {
        long begin = System.nanoTime();
        Compilers compilers = new Compilers();
        boolean rested = false;
        for (long spent = 0;
                spent < (rested ? scale.warmUp() : scale.longestWarmUp()).toNanos();
                spent = System.nanoTime() - begin) {
            session.run();
            rested = compilers.haveRested();
        }
    }
}
