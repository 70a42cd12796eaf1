package io.reactivep2p.benchmarks.perf;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.protocol.ping.Ping;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Pings one after the other on one stream. */
final class PingRow implements PerfRow {

    private final String name;
    private final Supplier<Loops> loops;

    PingRow(String name, Supplier<Loops> loops) {
        this.name = name;
        this.loops = loops;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Metric> metrics(Environment environment) {
        return List.of(
                new Metric(name + "/p50", "us", Bar.atMost(60)), new Metric(name + "/p99", "us", Bar.atMost(200)));
    }

    @Override
    public PerfSession open(Scale scale) {
        HostPair hosts = HostPair.start(loops.get());
        Connection connection = hosts.connectNow();
        Ping ping = Ping.create();
        return new PerfSession() {
            @Override
            public double[] run() {
                double[] micros = HostPair.await(ping.pings(connection)
                                .take(scale.roundTrips())
                                .map(Duration::toNanos)
                                .collectList())
                        .stream()
                        .mapToDouble(nanos -> nanos / 1e3)
                        .sorted()
                        .toArray();
                return new double[] {micros[micros.length / 2], micros[micros.length * 99 / 100]};
            }

            @Override
            public void close() {
                hosts.close();
            }
        };
    }
}
