package io.reactivep2p.benchmarks.perf;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.host.RequestResponse;
import io.reactivep2p.wire.Codecs;
import java.util.List;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;

/** Requests of 100 bytes answered with 100 bytes, each on a new stream, 64 at a time. */
final class RequestsRow implements PerfRow {

    private static final int IN_FLIGHT = 64;
    private static final int BYTES = 100;

    private final String name;
    private final Supplier<Loops> loops;

    RequestsRow(String name, Supplier<Loops> loops) {
        this.name = name;
        this.loops = loops;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Metric> metrics(Environment environment) {
        return List.of(new Metric(name, "1/s", Bar.atLeast(150_000)));
    }

    @Override
    public PerfSession open(Scale scale) {
        HostPair hosts = HostPair.start(loops.get());
        RequestResponse<byte[], byte[]> call =
                RequestResponse.of("/benchmarks/call/1.0.0", Codecs.fixed(BYTES), Codecs.fixed(BYTES));
        hosts.listener().handle(call, (peer, request) -> Mono.just(request));
        Connection connection = hosts.connectNow();
        byte[] request = new byte[BYTES];
        // The first call on a connection learns whether the peer speaks the protocol.
        HostPair.await(call.request(connection, request));
        return new PerfSession() {
            @Override
            public double[] run() {
                long start = System.nanoTime();
                long end = start + scale.window().toNanos();
                long calls = HostPair.await(until(end, request)
                        .flatMap(each -> call.request(connection, each), IN_FLIGHT)
                        .count());
                return new double[] {calls * 1e9 / (System.nanoTime() - start)};
            }

            @Override
            public void close() {
                hosts.close();
            }
        };
    }

    /** The same thing again and again, as long as there is time. */
    private static Flux<byte[]> until(long end, byte[] element) {
        return Flux.generate((SynchronousSink<byte[]> sink) -> {
            if (System.nanoTime() - end < 0) {
                sink.next(element);
            } else {
                sink.complete();
            }
        });
    }
}
