package io.reactivep2p.benchmarks.perf;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.protocol.echo.Echo;
import io.reactivep2p.wire.Codecs;
import java.util.List;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** A write, and its echo, on a connection with many idle streams, against one with none. On one event loop. */
final class IdleStreamsRow implements PerfRow {

    /** Streams being opened at the same time. */
    private static final int OPENING = 64;

    /** How often the two connections take turns in one run, so that what the machine does in between hits both. */
    private static final int TURNS = 10;

    @Override
    public String name() {
        return "idle-streams";
    }

    @Override
    public List<Metric> metrics(Environment environment) {
        return List.of(
                new Metric(name(), "x", Bar.atMost(1.2)),
                Metric.informative(name() + "/beside", "us"),
                Metric.informative(name() + "/none", "us"));
    }

    @Override
    public PerfSession open(Scale scale) {
        HostPair hosts = HostPair.start(Loops.one());
        RoundTrips alone = RoundTrips.open(hosts.connectNow());
        Connection crowded = hosts.connectNow();
        RoundTrips beside = RoundTrips.open(crowded);
        long idle = HostPair.await(Flux.range(0, scale.streams())
                .flatMap(i -> openIdle(crowded), OPENING)
                .count());
        if (idle != scale.streams() || crowded.streams().size() < idle) {
            throw new IllegalStateException(crowded.streams().size() + " streams are open, not " + scale.streams());
        }
        int trips = Math.max(1, scale.roundTrips() / TURNS);
        return new PerfSession() {
            @Override
            public double[] run() {
                double none = 0;
                double many = 0;
                for (int turn = 0; turn < TURNS; turn++) {
                    none += alone.measure(trips) / TURNS;
                    many += beside.measure(trips) / TURNS;
                }
                return new double[] {many / none, many / 1e3, none / 1e3};
            }

            @Override
            public void close() {
                hosts.close();
            }
        };
    }

    /** A stream that has said a word and heard it, so that both ends know it, and then stays open. */
    private static Mono<ProtocolStream> openIdle(Connection connection) {
        return connection
                .open(Echo.PROTOCOL)
                .flatMap(stream -> Mono.create(sink -> {
                    stream.receive().subscribe(new FirstBytes(stream, sink));
                    stream.send(Codecs.bytes(), new byte[1]).subscribe(null, sink::error);
                }));
    }

    /** Goes on listening after the first bytes: to cancel would not be idle but half-closed. */
    private static final class FirstBytes extends BaseSubscriber<ByteBuf> {

        private final ProtocolStream stream;
        private final MonoSink<ProtocolStream> sink;

        FirstBytes(ProtocolStream stream, MonoSink<ProtocolStream> sink) {
            this.stream = stream;
            this.sink = sink;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        protected void hookOnNext(ByteBuf bytes) {
            sink.success(stream);
        }

        @Override
        protected void hookOnError(Throwable cause) {
            sink.error(cause);
        }
    }
}
