package io.reactivep2p.interop.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.host.Host;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Both roles of a test in one process. */
class MainTest {

    private final FakeRedis redis = FakeRedis.start();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @AfterEach
    void end() {
        redis.close();
    }

    @Test
    void theTransportSuitePasses() {
        Host listener = listen("transport", modern());

        assertThat(run("transport", modern())).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8))
                .matches(
                        "latency:\n  handshake_plus_one_rtt: [0-9]+\\.[0-9]{3}\n  ping_rtt: [0-9]+\\.[0-9]{3}\n  unit: ms\n");
        assertThat(redis.commands()).contains("DEL a5b50d5e_listener_multiaddr");
        listener.close().block();
    }

    @Test
    void theTransportSuiteOfOldPasses() {
        Map<String, String> variables = Map.of(
                "is_dialer", "true",
                "ip", "127.0.0.1",
                "redis_addr", redis.address(),
                "transport", "tcp",
                "security", "noise",
                "muxer", "yamux");
        Host listener = listen("transport", variables);

        assertThat(run("transport", variables)).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8))
                .matches("\\{\"handshakePlusOneRTTMillis\":[0-9]+\\.[0-9]{3},\"pingRTTMilllis\":[0-9]+\\.[0-9]{3}}\n");
        listener.close().block();
    }

    @Test
    void thePerfSuitePasses() {
        Map<String, String> variables = modern();
        variables.putAll(Map.of(
                "UPLOAD_BYTES", "1000000",
                "DOWNLOAD_BYTES", "2000000",
                "UPLOAD_ITERATIONS", "2",
                "DOWNLOAD_ITERATIONS", "3",
                "LATENCY_ITERATIONS", "5",
                "DURATION", "null"));
        Host listener = listen("perf", variables);

        assertThat(run("perf", variables)).isZero();

        // What the harness looks for.
        assertThat(out.toString(StandardCharsets.UTF_8)
                        .lines()
                        .filter(
                                line -> line.matches(
                                        "(upload:|download:|latency:|  (iterations|min|q1|median|q3|max|outliers|samples|unit):.*)"))
                        .map(line -> line.replaceAll("[0-9.]+[0-9]", "N")))
                .hasSize(30)
                .startsWith("upload:", "  iterations: 2", "  min: N")
                .contains("download:", "  iterations: 3", "  unit: Gbps")
                .contains("latency:", "  iterations: 5", "  unit: ms");
        listener.close().block();
    }

    @Test
    void aListenerThatIsNotThereIsAFailure() {
        Map<String, String> variables = modern();
        redis.push("a5b50d5e_listener_multiaddr", "/ip4/127.0.0.1/tcp/1");

        assertThat(run("transport", variables)).isEqualTo(1);

        assertThat(out.size()).isZero();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("DialException");
    }

    @Test
    void aTransportThatWeDoNotHaveIsSaidSo() {
        Map<String, String> variables = modern();
        variables.put("TRANSPORT", "webrtc");

        assertThat(run("transport", variables)).isEqualTo(2);

        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("no transport webrtc; there are [");
        assertThat(redis.commands()).isEmpty();
    }

    private Map<String, String> modern() {
        return new HashMap<>(Map.of(
                "IS_DIALER", "true",
                "REDIS_ADDR", redis.address(),
                "TEST_KEY", "a5b50d5e",
                "TRANSPORT", "tcp",
                "SECURE_CHANNEL", "noise",
                "MUXER", "yamux",
                "LISTENER_IP", "127.0.0.1",
                "DEBUG", "false"));
    }

    private static Host listen(String suite, Map<String, String> variables) {
        return new Program(Settings.of(suite, variables), System::nanoTime, line -> {}).listen();
    }

    private int run(String suite, Map<String, String> variables) {
        return Main.run(new String[] {suite}, variables, new PrintStream(out, true), new PrintStream(err, true));
    }
}
