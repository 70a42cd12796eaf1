package io.reactivep2p.benchmarks.perf;

import io.reactivep2p.HostBuilder;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.host.Host;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.security.SecureChannel;
import io.reactivep2p.security.noise.Noise;
import io.reactivep2p.security.tls.Tls;
import io.reactivep2p.transport.netty.EventLoops;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Hosts that dial, wait until they know who answered, and close, over and over. */
final class ConnectionsRow implements PerfRow {

    private static final int PARALLEL = 16;

    /** Each has ports of its own for the dialing side, of which connections just closed keep many for a while. */
    private static final int LISTENING_PORTS = 8;

    private final String name;
    private final double bar;
    private final Function<EventLoops, HostBuilder> dialing;
    private final Function<EventLoops, HostBuilder> listening;

    ConnectionsRow(
            String name,
            double bar,
            Function<EventLoops, HostBuilder> dialing,
            Function<EventLoops, HostBuilder> listening) {
        this.name = name;
        this.bar = bar;
        this.dialing = dialing;
        this.listening = listening;
    }

    static ConnectionsRow noise() {
        return overTcp("connections", 2_000, Noise::create);
    }

    static ConnectionsRow tls() {
        return overTcp("tls-connections", 1_500, Tls::create);
    }

    private static ConnectionsRow overTcp(String name, double bar, Supplier<SecureChannel> security) {
        Function<EventLoops, HostBuilder> host = loops -> HostPair.builder(loops, security.get(), spec -> {});
        return new ConnectionsRow(
                name,
                bar,
                host,
                host.andThen(builder -> builder.listen(Stream.generate(() -> "/ip4/127.0.0.1/tcp/0")
                        .limit(LISTENING_PORTS)
                        .toArray(String[]::new))));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Metric> metrics(Environment environment) {
        return List.of(new Metric(name(), "1/s", Bar.atLeast(bar)));
    }

    @Override
    public PerfSession open(Scale scale) {
        Loops loops = Loops.two();
        Host listener = listening.apply(loops.ofListener()).startNow();
        List<Dialing> dialers = Stream.generate(
                        () -> new Dialing(dialing.apply(loops.ofDialer()).startNow(), listener.addresses()))
                .limit(PARALLEL)
                .toList();
        return new PerfSession() {
            @Override
            public double[] run() {
                long start = System.nanoTime();
                long end = start + scale.window().toNanos();
                long connections = HostPair.await(Flux.fromIterable(dialers)
                        .flatMap(dialer -> dialer.once().repeat(() -> System.nanoTime() - end < 0), PARALLEL)
                        .count());
                return new double[] {connections * 1e9 / (System.nanoTime() - start)};
            }

            @Override
            public void close() {
                Flux.fromIterable(dialers)
                        .flatMap(Dialing::close)
                        .then(listener.close())
                        .block(HostPair.PATIENCE);
                loops.dispose();
            }
        };
    }

    /** One of the hosts that dial. */
    private static final class Dialing {

        private final Host host;
        private final Identifications identified;
        private final List<Multiaddr> addresses;
        private int dials;

        private Dialing(Host host, List<Multiaddr> addresses) {
            this.host = host;
            this.identified = new Identifications(host);
            this.addresses = addresses;
        }

        Mono<Connection> once() {
            return Mono.defer(() -> host.dial(addresses.get(dials++ % addresses.size())))
                    .flatMap(identified::await)
                    .flatMap(connection -> connection.close().thenReturn(connection));
        }

        Mono<Void> close() {
            identified.dispose();
            return host.close();
        }
    }
}
