package io.reactivep2p.pubsub.simulation;

import io.reactivep2p.peer.PeerId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What came of the scenarios, as a table and a plot in {@code target/simulation}. */
final class SimulationReport {

    static final Path FOLDER = Path.of("target", "simulation");

    /**
     * One scenario's line.
     *
     * @param without what was switched off; empty where nothing was
     * @param got what attackers got of what they were after; empty where there were none
     * @param prompt the part of all deliveries that happened within {@link #PROMPT}
     * @param latencies in nanoseconds, ascending
     */
    record Row(
            String scenario,
            String without,
            String got,
            long seed,
            int nodes,
            int messages,
            double coverage,
            double prompt,
            int hopsP50,
            int hopsP99,
            double duplicatesPerDelivery,
            Duration latencyP50,
            Duration latencyP99,
            List<Long> latencies) {

        String label() {
            return without.isEmpty() ? scenario : scenario + ", without " + without;
        }
    }

    /** What comes later came by gossip: a mesh needs some hops of less than 100 ms. */
    private static final Duration PROMPT = Duration.ofSeconds(1);

    private static final int WIDTH = 860;
    private static final int HEIGHT = 420;
    private static final int MARGIN = 60;
    private static final int LEGEND = 420;
    private static final int POINTS = 100;
    private static final List<String> COLOURS = List.of(
            "#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b", "#17becf", "#e377c2", "#7f7f7f",
            "#bcbd22");

    private final List<Row> rows = new ArrayList<>();

    Row add(String name, long seed, Scenario scenario) {
        return add(name, "", "", seed, scenario, scenario.ids());
    }

    /** @param at whose deliveries count */
    Row add(String name, String without, String got, long seed, Scenario scenario, Collection<PeerId> at) {
        Deliveries deliveries = scenario.deliveries.at(at);
        List<Long> latencies = deliveries.latencies();
        Row row = new Row(
                name,
                without,
                got,
                seed,
                scenario.nodes.size(),
                deliveries.messages(),
                deliveries.coverage(at),
                deliveries.coverage(at, PROMPT),
                deliveries.hopsAt(0.5),
                deliveries.hopsAt(0.99),
                (double) scenario.duplicates()
                        / Math.max(1, scenario.deliveries.latencies().size()),
                deliveries.latencyAt(0.5),
                deliveries.latencyAt(0.99),
                latencies);
        rows.add(row);
        return row;
    }

    void write(String name) {
        try {
            Files.createDirectories(FOLDER);
            Files.writeString(FOLDER.resolve(name + ".md"), table());
            Files.writeString(FOLDER.resolve(name + ".svg"), plot());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String table() {
        String head =
                "| scenario | switched off | attackers got | seed | nodes | messages | delivered | within a second |"
                        + " hops p50 / p99 | duplicates per delivery | latency p50 / p99 |\n|---|---|---|---|---|---|---|---|---|---|---|\n";
        return rows.stream()
                .map(row -> String.format(
                        Locale.ROOT,
                        "| %s | %s | %s | %d | %d | %d | %.3f %% | %.1f %% | %d / %d | %.2f | %d / %d ms |%n",
                        row.scenario,
                        row.without.isEmpty() ? "nothing" : "**" + row.without + "**",
                        row.got,
                        row.seed,
                        row.nodes,
                        row.messages,
                        row.coverage * 100,
                        row.prompt * 100,
                        row.hopsP50,
                        row.hopsP99,
                        row.duplicatesPerDelivery,
                        row.latencyP50.toMillis(),
                        row.latencyP99.toMillis()))
                .collect(Collectors.joining("", head, ""));
    }

    /** How many deliveries had happened after how long: one line for each scenario, dashed where something was switched off. */
    private String plot() {
        double longest =
                rows.stream().mapToLong(row -> row.latencyP99.toMillis()).max().orElse(1);
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                WIDTH + LEGEND,
                HEIGHT));
        axes(svg, longest);
        List<String> scenarios = rows.stream().map(Row::scenario).distinct().toList();
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            line(svg, row, COLOURS.get(scenarios.indexOf(row.scenario) % COLOURS.size()), longest, i);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void axes(StringBuilder svg, double longest) {
        svg.append(String.format(
                Locale.ROOT,
                "<path d=\"M%d %d V%d H%d\" fill=\"none\" stroke=\"black\"/>%n",
                MARGIN,
                MARGIN / 2,
                HEIGHT - MARGIN,
                WIDTH - MARGIN));
        for (int tenth = 0; tenth <= 10; tenth += 2) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%.0f\" text-anchor=\"end\">%d %%</text>%n"
                            + "<text x=\"%.0f\" y=\"%d\" text-anchor=\"middle\">%.0f ms</text>%n",
                    MARGIN - 8,
                    y(tenth / 10.0) + 4,
                    tenth * 10,
                    x(longest * tenth / 10, longest),
                    HEIGHT - MARGIN + 20,
                    longest * tenth / 10));
        }
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">time since publication</text>%n",
                WIDTH / 2,
                HEIGHT - 12));
    }

    private static void line(StringBuilder svg, Row row, String colour, double longest, int index) {
        String points = IntStream.rangeClosed(0, POINTS)
                .mapToObj(point -> {
                    List<Long> all = row.latencies;
                    double millis =
                            all.isEmpty() ? 0 : all.get(Math.min(all.size() - 1, all.size() * point / POINTS)) / 1e6;
                    return String.format(
                            Locale.ROOT,
                            "%.1f,%.1f",
                            x(Math.min(millis, longest), longest),
                            y(row.coverage * point / POINTS));
                })
                .collect(Collectors.joining(" "));
        svg.append(String.format(
                Locale.ROOT,
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>%n"
                        + "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n",
                points,
                colour,
                row.without.isEmpty() ? "" : " stroke-dasharray=\"6 4\"",
                WIDTH - MARGIN / 2,
                MARGIN / 2 + 20 * (index + 1),
                colour,
                row.label()));
    }

    private static double x(double millis, double longest) {
        return MARGIN + millis / longest * (WIDTH - 2.0 * MARGIN);
    }

    private static double y(double part) {
        return HEIGHT - MARGIN - part * (HEIGHT - 1.5 * MARGIN);
    }
}
