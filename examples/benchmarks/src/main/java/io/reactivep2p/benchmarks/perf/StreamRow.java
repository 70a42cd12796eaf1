package io.reactivep2p.benchmarks.perf;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.protocol.perf.Perf;
import io.reactivep2p.protocol.perf.PerfListener;
import io.reactivep2p.protocol.perf.PerfResult;
import io.reactivep2p.security.SecureChannel;
import io.reactivep2p.security.noise.AeadEngine;
import io.reactivep2p.security.noise.Noise;
import io.reactivep2p.security.tls.Tls;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** One stream at full speed, each end on its own event loop. */
final class StreamRow implements PerfRow {

    private static final int VECTOR_CODE_SINCE = 21;

    private final String name;
    private final Supplier<SecureChannel> security;
    private final ToDoubleFunction<Environment> bar;

    private StreamRow(String name, Supplier<SecureChannel> security, ToDoubleFunction<Environment> bar) {
        this.name = name;
        this.security = security;
        this.bar = bar;
    }

    static StreamRow noise() {
        return new StreamRow("stream", Noise::create, StreamRow::noiseBar);
    }

    private static double noiseBar(Environment environment) {
        if (environment.feature() >= VECTOR_CODE_SINCE) {
            return 1_600;
        }
        return environment.engine() == AeadEngine.CONSCRYPT ? 1_200 : 300;
    }

    /** With the engine that Tls takes here: BoringSSL, if no property says otherwise. */
    static StreamRow tls() {
        return new StreamRow("tls-stream", Tls::create, environment -> 2_400);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Metric> metrics(Environment environment) {
        return List.of(new Metric(name(), "MB/s", Bar.atLeast(bar.applyAsDouble(environment))));
    }

    @Override
    public PerfSession open(Scale scale) {
        return upload(HostPair.start(Loops.two(), security, spec -> {}), scale.streamBytes());
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
