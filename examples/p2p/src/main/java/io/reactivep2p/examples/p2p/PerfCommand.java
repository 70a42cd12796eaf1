package io.reactivep2p.examples.p2p;

import io.reactivep2p.HostBuilder;
import io.reactivep2p.Libp2p;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.protocol.identify.Identify;
import io.reactivep2p.protocol.perf.Perf;
import io.reactivep2p.protocol.perf.PerfListener;
import io.reactivep2p.protocol.perf.PerfResult;
import io.reactivep2p.protocol.ping.Ping;
import io.reactivep2p.stack.StandardStack;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code p2p perf} */
@Command(name = "perf", description = "Measure latency and throughput with /perf/1.0.0, one stream, up and down.")
final class PerfCommand implements Callable<Integer> {

    private static final int PINGS = 50;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MICRO = 1_000;
    private static final double MEGABYTE = 1e6;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Main main;

    @Mixin
    private final KeyOption key = new KeyOption();

    @Mixin
    private final RoadOptions roads = new RoadOptions();

    @ArgGroup(exclusive = true, multiplicity = "1")
    @SuppressWarnings("NullAway.Init")
    private Target target;

    /** With whom. */
    static final class Target {
        @Parameters(paramLabel = "ADDR", description = "A peer that serves perf, such as p2p node --perf.")
        @Nullable
        Multiaddr address;

        @Option(names = "--self", description = "Both ends in this process, over loopback.")
        boolean self;
    }

    @Option(
            names = "--over",
            paramLabel = "ROAD",
            description = "What --self goes over: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Road over = Road.tcp;

    /** Named as on the command line. */
    enum Road {
        tcp("/ip4/127.0.0.1/tcp/0"),
        ws("/ip4/127.0.0.1/tcp/0/ws"),
        quic("/ip4/127.0.0.1/udp/0/quic-v1");

        private final String address;

        Road(String address) {
            this.address = address;
        }
    }

    @Option(
            names = "--upload",
            paramLabel = "SIZE",
            defaultValue = "256MB",
            description = "How much to send; 0 for nothing. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private ByteCount upload;

    @Option(
            names = "--download",
            paramLabel = "SIZE",
            defaultValue = "256MB",
            description = "How much to receive; 0 for nothing. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private ByteCount download;

    @Override
    public Integer call() {
        Multiaddr address = target.address;
        if (address != null) {
            measure(address);
            return 0;
        }
        HostBuilder server = Libp2p.host()
                .apply(roads.stack())
                .apply(StandardStack.services())
                .service(Perf.create())
                .listen(over.address);
        try (OpenHost self = OpenHost.start(server)) {
            measure(self.host().fullAddresses().get(0));
        }
        return 0;
    }

    private void measure(Multiaddr address) {
        Perf perf = Perf.create();
        Ping ping = Ping.create();
        try (OpenHost host = OpenHost.start(Libp2p.host()
                .identity(key.load(main.console()))
                .apply(roads.stack())
                .service(Identify.create())
                .service(ping))) {
            Connection connection = host.dial(address);
            List<Duration> times =
                    OpenHost.await(ping.pings(connection).take(PINGS).collectList());
            main.console()
                    .tell(new CliEvent.PingAnswered(PingCommand.median(times).toNanos() / NANOS_PER_MICRO));
            if (upload.bytes() > 0) {
                PerfResult result = run(perf, connection, "upload", upload.bytes(), 0);
                tell("upload", result.uploadedBytes(), result.uploadNanos());
            }
            if (download.bytes() > 0) {
                PerfResult result = run(perf, connection, "download", 0, download.bytes());
                tell("download", result.downloadedBytes(), result.downloadNanos());
            }
        }
    }

    private PerfResult run(Perf perf, Connection connection, String direction, long up, long down) {
        try (Progress progress = main.console().progress(direction, up + down)) {
            return OpenHost.await(perf.measure(connection, up, down, new PerfListener() {
                @Override
                public void onUploaded(long bytes) {
                    progress.reached(bytes);
                }

                @Override
                public void onDownloaded(long bytes) {
                    progress.reached(bytes);
                }
            }));
        }
    }

    private void tell(String direction, long bytes, long nanos) {
        double seconds = nanos / NANOS_PER_SECOND;
        main.console().tell(new CliEvent.PerfMeasured(direction, bytes, seconds, bytes / seconds / MEGABYTE));
    }
}
