package io.reactivep2p.benchmarks.perf;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rows whose runs have JVMs of their own. */
class IsolatedRowsTest {

    static List<String> rows() {
        return SmokeRun.rows(PerfRow::isIsolated);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void eachRowRunsAndGivesAFigureForEachOfItsMetrics(String name) {
        SmokeRun.of(name);
    }
}
