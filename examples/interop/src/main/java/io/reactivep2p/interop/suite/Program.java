package io.reactivep2p.interop.suite;

import io.reactivep2p.Libp2p;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.host.Host;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.protocol.identify.Identify;
import io.reactivep2p.protocol.perf.Perf;
import io.reactivep2p.protocol.perf.PerfListener;
import io.reactivep2p.protocol.ping.Ping;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/** Plays one part of one test. Waits for what it does, so not for event loops. */
final class Program {

    /** As the programs of the others: what moves less than this is measured in milliseconds, not Gbps. */
    private static final int FEW_BYTES = 100;

    private final Settings settings;
    private final LongSupplier nanoClock;
    private final Consumer<String> log;

    /** @param nanoClock monotonic nanoseconds */
    Program(Settings settings, LongSupplier nanoClock, Consumer<String> log) {
        this.settings = settings;
        this.nanoClock = nanoClock;
        this.log = log;
    }

    /**
     * Listens and leaves the address for the dialer.
     *
     * @return the host, which serves until it is closed
     */
    Host listen() {
        Host host = host(settings.layers().listenAddress(settings.ip(), 0));
        try {
            String address = published(host.fullAddresses()).toString();
            log.accept("listening on " + address);
            settings.rendezvous().publish(address).block();
            return host;
        } catch (RuntimeException failure) {
            host.close().block();
            throw failure;
        }
    }

    /** Dials the listener and measures. Returns what the harness reads from stdout. */
    String dial() {
        Host host = host();
        try {
            String address = settings.rendezvous().find().blockOptional().orElseThrow();
            log.accept("dialing " + address);
            return settings.suite() == Settings.Suite.PERF ? perf(host, address) : latency(host, address);
        } finally {
            host.close().block();
        }
    }

    private Host host(String... listen) {
        return Libp2p.host()
                .apply(builder -> settings.layers().applyTo(builder, WebTls.trustingAnyone()))
                .service(Identify.create())
                .service(Ping.create())
                .service(Perf.create())
                .listen(listen)
                .startNow();
    }

    private String latency(Host host, String address) {
        long start = nanoClock.getAsLong();
        Duration ping = result(dial(host, address).flatMap(Ping.create()::ping));
        double whole = millis(nanoClock.getAsLong() - start);
        double rtt = millis(ping.toNanos());
        return settings.suite() == Settings.Suite.LEGACY_TRANSPORT
                ? format("{\"handshakePlusOneRTTMillis\":%.3f,\"pingRTTMilllis\":%.3f}\n", whole, rtt) // their spelling
                : format("latency:\n  handshake_plus_one_rtt: %.3f\n  ping_rtt: %.3f\n  unit: ms\n", whole, rtt);
    }

    private String perf(Host host, String address) {
        Settings.Load load = settings.load();
        Connection connection = result(dial(host, address));
        log.accept("connected");
        return "# Upload measurement\n"
                + measure(connection, load.uploadBytes(), 0, load.uploads()).yaml("upload", "Gbps", 2)
                + "\n# Download measurement\n"
                + measure(connection, 0, load.downloadBytes(), load.downloads()).yaml("download", "Gbps", 2)
                + "\n# Latency measurement\n"
                + measure(connection, 1, 1, load.latencies()).yaml("latency", "ms", 3);
    }

    private Samples measure(Connection connection, long upload, long download, int times) {
        List<Double> values = new ArrayList<>();
        for (int run = 0; run < times; run++) {
            long start = nanoClock.getAsLong();
            result(Perf.create(nanoClock).measure(connection, upload, download, PerfListener.NONE));
            long nanos = Math.max(1, nanoClock.getAsLong() - start);
            long bytes = Math.max(upload, download);
            values.add(bytes > FEW_BYTES ? bytes * 8.0 / nanos : millis(nanos)); // bits per nanosecond are Gbps
        }
        log.accept(times + " times " + upload + " bytes up and " + download + " down");
        return Samples.of(values);
    }

    private Mono<Connection> dial(Host host, String address) {
        return host.dial(address);
    }

    private <T> T result(Mono<T> of) {
        return of.timeout(settings.patience()).blockOptional().orElseThrow();
    }

    /** Others are in other containers, so loopback is of use only where there is nothing else, and IPv4 is what every suite has. */
    private static Multiaddr published(List<Multiaddr> addresses) {
        return addresses.stream()
                .min(Comparator.comparing(address ->
                        address.ipAddress().map(InetAddress::isLoopbackAddress).orElse(false)))
                .orElseThrow(() -> new IllegalStateException("the host listens nowhere"));
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
