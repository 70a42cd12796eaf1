package io.reactivep2p.benchmarks.perf;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rows that share a JVM, and what is made of their figures. */
class PerfRunnerTest {

    static List<String> rows() {
        return SmokeRun.rows(row -> !row.isIsolated());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void eachRowRunsAndGivesAFigureForEachOfItsMetrics(String name) {
        SmokeRun.of(name);
    }

    @Test
    void aRowThatFailsIsReportedAndTheOthersGoOn() {
        SmokeRun.Recorded recorded = new SmokeRun.Recorded();
        PerfRow broken = row("broken", () -> {
            throw new IllegalStateException("no such thing");
        });
        PerfRow sound = row("sound", () -> new double[] {7});

        boolean ran = new PerfRunner(Scale.SMOKE, 3, SmokeRun.HERE, recorded).run(List.of(broken, sound));

        assertThat(ran).isFalse();
        assertThat(recorded.failures).containsExactly("broken");
        assertThat(recorded.figures).extracting(Figure::median).containsExactly(7.0);
    }

    @Test
    void aFigureIsTheMedianOfItsRuns() {
        Metric metric = new Metric("any", "1/s", Bar.atLeast(2));

        assertThat(Figure.of(metric, new double[] {9, 1, 3})).isEqualTo(new Figure(metric, 3, 1, 9, 3));
        assertThat(Figure.of(metric, new double[] {4, 1, 3, 9}).median()).isEqualTo(3.5);
        assertThat(Bar.atLeast(2).isPassedBy(1.9)).isFalse();
        assertThat(Bar.atMost(2).isPassedBy(1.9)).isTrue();
    }

    @Test
    void jsonIsOneObjectPerLineWithTextEscaped() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Environment odd = new Environment("17", 17, "a \"fast\" \\ one\n", 2, "cubic", SmokeRun.HERE.engine());
        JsonReport report = new JsonReport(new PrintStream(bytes, true, StandardCharsets.UTF_8), odd);

        report.figure(Figure.of(new Metric("any", "1/s", Bar.atLeast(2)), new double[] {3}));
        report.failure("other", new IllegalStateException("gone"));

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("\"cpu\":\"a \\\"fast\\\" \\\\ one\\u000a\""))
                .first()
                .asString()
                .startsWith(
                        "{\"name\":\"any\",\"value\":3.0,\"unit\":\"1/s\",\"bar\":2.0,\"barIs\":\"least\",\"pass\":true,")
                .endsWith("}");
    }

    @Test
    void aDelayedLineKeepsTheOrderAndHandsOnWhatIsLeftWhenItEnds() {
        EmbeddedChannel channel = new EmbeddedChannel(new DelayHandler(Duration.ofHours(1)));
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {1}), Unpooled.wrappedBuffer(new byte[] {2}));
        assertThat(channel.<ByteBuf>readInbound()).isNull();

        channel.close();

        for (int expected = 1; expected <= 2; expected++) {
            ByteBuf bytes = channel.readInbound();
            assertThat(bytes.readByte()).isEqualTo((byte) expected);
            bytes.release();
        }
        channel.finishAndReleaseAll();
    }

    private static PerfRow row(String name, PerfSession session) {
        return new PerfRow() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public List<Metric> metrics(Environment environment) {
                return List.of(Metric.informative(name, "x"));
            }

            @Override
            public PerfSession open(Scale scale) {
                return session;
            }
        };
    }
}
