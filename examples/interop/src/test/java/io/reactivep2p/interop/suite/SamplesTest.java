package io.reactivep2p.interop.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {

    @Test
    void percentilesLieBetweenTheNearestTwo() {
        Samples samples = Samples.of(List.of(4.0, 1.0, 3.0, 2.0));

        assertThat(samples.percentile(0)).isEqualTo(1);
        assertThat(samples.percentile(25)).isEqualTo(1.75);
        assertThat(samples.percentile(50)).isEqualTo(2.5);
        assertThat(samples.percentile(100)).isEqualTo(4);
    }

    @Test
    void whatLiesFarOutsideIsNeitherMinNorMax() {
        Samples samples = Samples.of(List.of(10.0, 11.0, 12.0, 13.0, 14.0, 100.0, -50.0));

        assertThat(samples.outliers()).containsExactly(-50, 100);
        assertThat(samples.min()).isEqualTo(10);
        assertThat(samples.max()).isEqualTo(14);
    }

    @Test
    void aSingleSampleIsEverything() {
        assertThat(Samples.of(List.of(1.0)).yaml("latency", "ms", 3)).isEqualTo("""
                        latency:
                          iterations: 1
                          min: 1.000
                          q1: 1.000
                          median: 1.000
                          q3: 1.000
                          max: 1.000
                          outliers: []
                          samples: [1.000]
                          unit: ms
                        """);
    }

    @Test
    void whatWasNotMeasuredIsNoNumber() {
        assertThat(Samples.of(List.of()).yaml("upload", "Gbps", 2)).isEqualTo("""
                        upload:
                          iterations: 0
                          min: .nan
                          q1: .nan
                          median: .nan
                          q3: .nan
                          max: .nan
                          outliers: []
                          samples: []
                          unit: Gbps
                        """);
    }
}
