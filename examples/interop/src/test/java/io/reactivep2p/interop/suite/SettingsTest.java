package io.reactivep2p.interop.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    private static final Map<String, String> TRANSPORT = Map.of(
            "IS_DIALER", "true",
            "REDIS_ADDR", "transport-redis:6379",
            "TEST_KEY", "a5b50d5e",
            "TRANSPORT", "tcp",
            "SECURE_CHANNEL", "noise",
            "MUXER", "yamux",
            "LISTENER_IP", "0.0.0.0",
            "DEBUG", "false");

    @Test
    void theTransportSuiteIsUnderstood() {
        Settings settings = Settings.of("transport", TRANSPORT);

        assertThat(settings.suite()).isEqualTo(Settings.Suite.TRANSPORT);
        assertThat(settings.dialer()).isTrue();
        assertThat(settings.layers()).isEqualTo(new Layers("tcp", "noise", "yamux"));
        assertThat(settings.ip()).isEqualTo("0.0.0.0");
        assertThat(settings.patience()).isEqualTo(Duration.ofSeconds(180));
        assertThat(settings.debug()).isFalse();
        assertThat(settings.rendezvous())
                .isEqualTo(new Rendezvous(
                        InetSocketAddress.createUnresolved("transport-redis", 6379),
                        Rendezvous.Manner.LIST,
                        "a5b50d5e_listener_multiaddr",
                        Duration.ofSeconds(180)));
    }

    @Test
    void itsOlderFormIsUnderstood() {
        Settings settings = Settings.of(
                "transport",
                Map.of(
                        "is_dialer", "false",
                        "ip", "0.0.0.0",
                        "redis_addr", "proxy-a5b50d5e:6379",
                        "transport", "tcp",
                        "security", "noise",
                        "muxer", "yamux",
                        "test_timeout_seconds", "20"));

        assertThat(settings.suite()).isEqualTo(Settings.Suite.LEGACY_TRANSPORT);
        assertThat(settings.dialer()).isFalse();
        assertThat(settings.rendezvous())
                .isEqualTo(new Rendezvous(
                        InetSocketAddress.createUnresolved("proxy-a5b50d5e", 6379),
                        Rendezvous.Manner.LIST,
                        "listenerAddr",
                        Duration.ofSeconds(20)));
    }

    @Test
    void thePerfSuiteIsUnderstood() {
        Settings settings = Settings.of(
                "perf",
                with(Map.of(
                        "UPLOAD_BYTES", "1000",
                        "DOWNLOAD_BYTES", "2000",
                        "UPLOAD_ITERATIONS", "1",
                        "DOWNLOAD_ITERATIONS", "2",
                        "LATENCY_ITERATIONS", "3",
                        "DURATION", "null")));

        assertThat(settings.load()).isEqualTo(new Settings.Load(1000, 2000, 1, 2, 3));
        assertThat(settings.rendezvous().manner()).isEqualTo(Rendezvous.Manner.VALUE);
    }

    @Test
    void whatThePerfSuiteDoesNotSayIsAGibibyteTenTimes() {
        assertThat(Settings.of("perf", with(Map.of("UPLOAD_BYTES", "null"))).load())
                .isEqualTo(new Settings.Load(1 << 30, 1 << 30, 10, 10, 100));
    }

    @ParameterizedTest
    @CsvSource({
        "IS_DIALER, maybe, IS_DIALER is true or false",
        "TRANSPORT, '', TRANSPORT is not set",
        "TRANSPORT, webrtc, no transport webrtc; there are [",
        "SECURE_CHANNEL, null, no secure channel given; there are [",
        "MUXER, spdy, no muxer spdy; there are [",
        "REDIS_ADDR, redis:port, REDIS_ADDR is no host:port",
        "REDIS_ADDR, redis:65536, REDIS_ADDR is no host:port",
        "TEST_KEY, '', TEST_KEY is not set",
        "UPLOAD_BYTES, many, UPLOAD_BYTES is no number",
        "UPLOAD_BYTES, -1, 'UPLOAD_BYTES is -1, expected 0 to'",
        "LATENCY_ITERATIONS, 1000001, 'LATENCY_ITERATIONS is 1000001, expected 0 to 1000000'",
    })
    void whatIsMissingOrMalformedIsNamed(String name, String value, String message) {
        assertThatThrownBy(() -> Settings.of("perf", with(Map.of(name, value))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aSuiteThatThereIsNotIsRefused() {
        assertThatThrownBy(() -> Settings.of("hole-punch", TRANSPORT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no suite hole-punch");
    }

    private static Map<String, String> with(Map<String, String> changes) {
        Map<String, String> all = new HashMap<>(TRANSPORT);
        all.putAll(changes);
        return all;
    }
}
