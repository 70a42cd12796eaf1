package io.reactivep2p.benchmarks.perf;

import io.reactivep2p.security.noise.Noise;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The arguments of the perf runner. */
@Command(
        name = "perf",
        sortOptions = false,
        description =
                "Measures whole hosts over loopback and compares with the bars; ends with 0 unless a row could not run.")
public final class PerfCommand implements Callable<Integer> {

    /** Who computes ChaCha20-Poly1305. */
    enum Engine {
        AUTO,
        JDK,
        CONSCRYPT,
        BOUNCY_CASTLE
    }

    @Option(
            names = "--json",
            description = "One JSON object per figure on standard output, all else on standard error.")
    private boolean json;

    @Option(
            names = "--rows",
            split = ",",
            paramLabel = "ROW",
            description = "The rows to measure; a name also stands for its variants. All if not said.")
    private List<String> rows = List.of();

    @Option(
            names = "--runs",
            defaultValue = "5",
            description = "Runs of each row, of which the median counts; 5 if not said.")
    private int runs;

    @Option(
            names = "--engine",
            defaultValue = "AUTO",
            description = "The cipher engine: ${COMPLETION-CANDIDATES}. AUTO, the default, takes what is fastest here.")
    private Engine engine = Engine.AUTO;

    @Option(
            names = "--scale",
            defaultValue = "FULL",
            description = "How much is measured: ${COMPLETION-CANDIDATES}. Only FULL gives figures to publish.")
    private Scale scale = Scale.FULL;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Spec
    private CommandSpec spec;

    private PerfCommand() {
        this.spec = CommandSpec.create();
    }

    /** @return the exit code */
    public static int execute(String... args) {
        return new CommandLine(new PerfCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args);
    }

    @Override
    public Integer call() {
        if (runs < 1) {
            throw new ParameterException(spec.commandLine(), "--runs must be at least 1");
        }
        List<PerfRow> selected = selected();
        if (engine != Engine.AUTO) {
            System.setProperty(Noise.ENGINE_PROPERTY, engine.name());
        }
        Environment environment = Environment.current();
        Report report = json ? new JsonReport(System.out, environment) : new TableReport(System.out);
        boolean all = new PerfRunner(scale, runs, environment, report).run(selected);
        return all ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private List<PerfRow> selected() {
        List<PerfRow> all = PerfRunner.rows();
        if (rows.isEmpty()) {
            return all;
        }
        List<String> known = all.stream().map(PerfRow::name).toList();
        for (String wanted : rows) {
            if (!known.contains(wanted)) {
                throw new ParameterException(spec.commandLine(), "no row '" + wanted + "'; there are " + known);
            }
        }
        return all.stream()
                .filter(row -> rows.stream()
                        .anyMatch(wanted ->
                                row.name().equals(wanted) || row.name().startsWith(wanted + "/")))
                .toList();
    }
}
