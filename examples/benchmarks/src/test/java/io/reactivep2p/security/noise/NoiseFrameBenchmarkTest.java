package io.reactivep2p.security.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is measured does what it says. */
class NoiseFrameBenchmarkTest {

    @ParameterizedTest
    @EnumSource
    void framesAreSealedAndOpenedOverAndOver(AeadEngine engine) {
        assumeThat(engine.isAvailable()).isTrue();
        NoiseFrameBenchmark benchmark = new NoiseFrameBenchmark();
        benchmark.engine = engine;
        benchmark.length = 1_024;
        benchmark.prepare();

        for (int i = 0; i < 20; i++) {
            assertThat(benchmark.seal()).isEqualTo(1_040);
            assertThat(benchmark.open()).isEqualTo(1_024);
            assertThat(benchmark.throughHandlers()).isEqualTo(1_024);
        }
        benchmark.close();
    }
}
