package io.reactivep2p.benchmarks.perf;

import io.reactivep2p.HostBuilder;
import io.reactivep2p.transport.netty.EventLoops;
import io.reactivep2p.transport.quic.Quic;
import java.util.List;

/** What is measured over QUIC, by the same means as over TCP. */
final class QuicRows {

    private static final String ANY_PORT = "/ip4/127.0.0.1/udp/0/quic-v1";

    private QuicRows() {}

    static HostPair pair() {
        return HostPair.start(Loops.two(), QuicRows::builder, ANY_PORT);
    }

    /** One stream at full speed, each end on its own event loop. */
    static PerfRow stream() {
        return new PerfRow() {
            @Override
            public String name() {
                return "quic-stream";
            }

            @Override
            public List<Metric> metrics(Environment environment) {
                return List.of(new Metric(name(), "MB/s", Bar.atLeast(380)));
            }

            @Override
            public PerfSession open(Scale scale) {
                return StreamRow.upload(pair(), scale.streamBytes());
            }
        };
    }

    /** Hosts that listen, as nodes do, and dial from there. */
    static PerfRow connections() {
        return new ConnectionsRow("quic-connections", 2_500, QuicRows::listening, QuicRows::listening);
    }

    private static HostBuilder listening(EventLoops loops) {
        return builder(loops).listen(ANY_PORT);
    }

    private static HostBuilder builder(EventLoops loops) {
        return HostPair.builder(loops, spec -> {}).transport(Quic.create(spec -> spec.loops(loops)));
    }
}
