package io.reactivep2p.benchmarks.perf;

import java.io.PrintStream;

/** A table for people. */
final class TableReport implements Report {

    private static final String FORMAT = "%-26s %12s  %-8s %-12s %-5s %12s %12s %5s%n";

    private final PrintStream out;

    TableReport(PrintStream out) {
        this.out = out;
    }

    @Override
    public void begin(Environment environment) {
        out.printf(
                "JDK %s, %s, %d cores, TCP with %s, ChaCha20-Poly1305 by %s%n%n",
                environment.jdk(),
                environment.cpu(),
                environment.cores(),
                environment.congestion(),
                environment.engine());
        out.printf(FORMAT, "row", "median", "unit", "bar", "pass", "min", "max", "runs");
    }

    @Override
    public void figure(Figure figure) {
        Metric metric = figure.metric();
        Bar bar = metric.bar();
        out.printf(
                FORMAT,
                metric.name(),
                Figure.text(figure.median()),
                metric.unit(),
                bar == null ? "-" : bar,
                bar == null ? "-" : bar.isPassedBy(figure.median()) ? "yes" : "NO",
                Figure.text(figure.min()),
                Figure.text(figure.max()),
                figure.runs());
    }

    @Override
    public void failure(String row, Throwable cause) {
        out.printf("%-26s could not run: %s%n", row, cause);
    }
}
