package io.reactivep2p.muxer.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is measured does what it says. */
class YamuxBenchmarkTest {

    @Test
    void callsBringBackWhatTheySentAndLeaveNoStream() throws YamuxException {
        YamuxBenchmark benchmark = new YamuxBenchmark();

        for (int i = 0; i < 1_000; i++) {
            assertThat(benchmark.call()).isEqualTo(100);
            benchmark.transfer64KiB();
        }

        assertThat(benchmark.streamsLeft()).isZero();
        assertThat(benchmark.readHeader()).isEqualTo(107);
        benchmark.close();
    }
}
