package io.reactivep2p.benchmarks.perf;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.protocol.perf.Perf;
import io.reactivep2p.protocol.perf.PerfListener;
import io.reactivep2p.protocol.perf.PerfResult;
import io.reactivep2p.security.noise.AeadEngine;
import java.util.List;

/** One stream at full speed, each end on its own event loop. */
final class StreamRow implements PerfRow {

    private static final int VECTOR_CODE_SINCE = 21;

    @Override
    public String name() {
        return "stream";
    }

    @Override
    public List<Metric> metrics(Environment environment) {
        double bar = environment.feature() >= VECTOR_CODE_SINCE
                ? 1_600
                : environment.engine() == AeadEngine.CONSCRYPT ? 1_200 : 300;
        return List.of(new Metric(name(), "MB/s", Bar.atLeast(bar)));
    }

    @Override
    public PerfSession open(Scale scale) {
        return upload(HostPair.start(Loops.two()), scale.streamBytes());
    }

    /** Uploads of {@code bytes} over one connection. Closes the hosts. */
    static PerfSession upload(HostPair hosts, long bytes) {
        Connection connection = hosts.connectNow();
        Perf perf = Perf.create();
        return new PerfSession() {
            @Override
            public double[] run() {
                // The one byte that comes back says that all have arrived.
                PerfResult result = HostPair.await(perf.measure(connection, bytes, 1, PerfListener.NONE));
                return new double[] {result.uploadedBytes() * 1e3 / result.uploadNanos()};
            }

            @Override
            public void close() {
                hosts.close();
            }
        };
    }
}
