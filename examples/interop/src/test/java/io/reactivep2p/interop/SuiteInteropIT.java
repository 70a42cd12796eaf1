package io.reactivep2p.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.reactivep2p.interop.suite.FakeRedis;
import io.reactivep2p.interop.suite.Layers;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The program for the public suites, with the peers in the part of the other program. */
class SuiteInteropIT {

    /** For a JVM to start, on a busy machine too. */
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private static final Layers FIRST = new Layers("tcp", "noise", "yamux");
    private static final String LATENCY =
            "latency:\n  handshake_plus_one_rtt: [0-9]+\\.[0-9]{3}\n  ping_rtt: [0-9]+\\.[0-9]{3}\n  unit: ms\n";
    private static final Map<String, String> LITTLE = Map.of(
            "UPLOAD_BYTES", "300000",
            "DOWNLOAD_BYTES", "500000",
            "UPLOAD_ITERATIONS", "2",
            "DOWNLOAD_ITERATIONS", "2",
            "LATENCY_ITERATIONS", "3");

    private final FakeRedis redis = FakeRedis.start();

    @AfterEach
    void end() {
        redis.close();
    }

    static Stream<Layers> layers() {
        return Road.all().map(Road::layers).distinct().filter(layers -> !"plaintext".equals(layers.security()));
    }

    @ParameterizedTest
    @EnumSource
    void ourDialerMeasuresLatency(PeerKind kind) {
        kind.require();
        try (Peer peer = Peer.start(kind, Road.first().flags())) {
            redis.push(SuiteProcess.KEY, peer.address());

            assertThat(run("transport", FIRST, Map.of())).matches(LATENCY);
        }
    }

    @ParameterizedTest
    @EnumSource
    void ourDialerMeasuresThroughput(PeerKind kind) {
        kind.require();
        try (Peer peer = Peer.start(kind, Road.first().flags())) {
            redis.set(SuiteProcess.KEY, peer.address());

            assertThat(run("perf", FIRST, LITTLE))
                    .containsSubsequence("upload:", "unit: Gbps", "download:", "unit: Gbps", "latency:", "unit: ms");
        }
    }

    @ParameterizedTest
    @EnumSource
    void ourListenerServesPingAndPerf(PeerKind kind) {
        kind.require();
        try (Peer peer = Peer.start(kind, Road.first().flags());
                SuiteProcess listener = SuiteProcess.start("transport", false, FIRST, redis, Map.of())) {
            String address = redis.await("RPUSH", PATIENCE).get(2);

            assertThat(peer.call("ping", Map.of("addr", address)).get("rttMicros"))
                    .hasSize(1);
            JsonNode perf = peer.call("perf", Map.of("addr", address, "upload", 300_000, "download", 500_000));
            assertThat(perf.get("downloadBytes").asLong()).isEqualTo(500_000);
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void theTwoPartsMeetOver(Layers layers) {
        try (SuiteProcess listener = SuiteProcess.start("transport", false, layers, redis, Map.of())) {
            assertThat(run("transport", layers, Map.of())).matches(LATENCY);
        }
    }

    private String run(String suite, Layers layers, Map<String, String> more) {
        try (SuiteProcess dialer = SuiteProcess.start(suite, true, layers, redis, more)) {
            return dialer.result(PATIENCE);
        }
    }
}
