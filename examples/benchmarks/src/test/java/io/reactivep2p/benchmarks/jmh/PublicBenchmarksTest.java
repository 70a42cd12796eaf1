package io.reactivep2p.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.multiformats.Varint;
import org.junit.jupiter.api.Test;

/** What is measured does what it says. */
class PublicBenchmarksTest {

    @Test
    void varintsAreReadAsWritten() {
        VarintBenchmark benchmark = new VarintBenchmark();
        benchmark.value = 1_000;
        benchmark.encode();

        assertThat(benchmark.read()).isEqualTo(1_000);
        assertThat(benchmark.write().readableBytes()).isEqualTo(Varint.size(1_000));
    }

    @Test
    void multiaddrsComeBackAsText() {
        MultiaddrBenchmark benchmark = new MultiaddrBenchmark();
        benchmark.text = "/ip4/203.0.113.7/tcp/4001";
        benchmark.encode();

        assertThat(benchmark.decodeAndPrint()).isEqualTo(benchmark.text);
        assertThat(benchmark.decode()).isEqualTo(benchmark.parse());
    }

    @Test
    void aLazilySelectedStreamBringsItsAnswer() {
        MultistreamBenchmark benchmark = new MultistreamBenchmark();

        for (int i = 0; i < 1_000; i++) {
            assertThat(benchmark.lazySelectAndRespond()).isEqualTo(100);
        }
        assertThat(benchmark.negotiate()).hasToString("/benchmarks/call/1.0.0");
        benchmark.close();
    }
}
