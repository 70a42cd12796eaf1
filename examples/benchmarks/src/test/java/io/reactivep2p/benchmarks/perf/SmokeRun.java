package io.reactivep2p.benchmarks.perf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Whether a row runs at all: what it measures here, beside other tests and at the smallest scale, means nothing. */
final class SmokeRun {

    static final Environment HERE = Environment.current();

    private SmokeRun() {}

    /** Their names. */
    static List<String> rows(Predicate<PerfRow> which) {
        return PerfRunner.rows().stream().filter(which).map(PerfRow::name).toList();
    }

    static void of(String name) {
        PerfRow row = PerfRunner.rows().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        Recorded recorded = new Recorded();

        boolean ran = new PerfRunner(Scale.SMOKE, 1, HERE, recorded).run(List.of(row));

        assertThat(recorded.failures).isEmpty();
        assertThat(ran).isTrue();
        assertThat(recorded.figures).extracting(Figure::metric).isEqualTo(row.metrics(HERE));
        assertThat(recorded.figures).allSatisfy(figure -> {
            assertThat(figure.median()).isFinite();
            assertThat(figure.runs()).isEqualTo(1);
        });
        // A stalled sender resumes, and everything arrives.
        assertThat(recorded.figures)
                .filteredOn(figure -> figure.metric().name().endsWith("/resumed"))
                .hasSize(row instanceof StalledRow ? 1 : 0)
                .extracting(Figure::median)
                .allMatch(megabytes -> megabytes == Scale.SMOKE.streamBytes() / 1e6);
    }

    /** What a run has to say. */
    static final class Recorded implements Report {

        final List<Figure> figures = new ArrayList<>();
        final List<String> failures = new ArrayList<>();

        @Override
        public void begin(Environment environment) {}

        @Override
        public void figure(Figure figure) {
            figures.add(figure);
        }

        @Override
        public void failure(String row, Throwable cause) {
            failures.add(row);
        }
    }
}
