package io.reactivep2p.examples.p2p;

import io.reactivep2p.Libp2p;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.protocol.identify.Identify;
import io.reactivep2p.protocol.ping.Ping;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code p2p ping} */
@Command(name = "ping", description = "Measure round trips to a peer.")
final class PingCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final double NANOS_PER_MICRO = 1_000;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Main main;

    @Mixin
    private final KeyOption key = new KeyOption();

    @Mixin
    private final RoadOptions roads = new RoadOptions();

    @Parameters(paramLabel = "ADDR", description = "The peer's address, with or without /p2p/ID.")
    @SuppressWarnings("NullAway.Init")
    private Multiaddr address;

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "How often; 0 is until interrupted. Default: ${DEFAULT-VALUE}.")
    private long count = 5;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "1s",
            description = "How long to wait between two, for example 200ms. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Duration interval;

    @Override
    public Integer call() {
        if (count < 0) {
            throw new MalformedOptionException("--count: " + count + " is less than 0");
        }
        Ping ping = Ping.create();
        try (OpenHost host = OpenHost.start(Libp2p.host()
                .identity(key.load(main.console()))
                .apply(roads.stack())
                .service(Identify.create())
                .service(ping))) {
            Connection connection = host.dial(address);
            List<Duration> times = pings(ping, connection)
                    .takeUntilOther(main.environment().interruption().get())
                    .collectList()
                    .block();
            if (times != null && times.size() > 1) {
                main.console().remark(summary(times));
            }
        }
        return 0;
    }

    /** Nothing is prefetched: each ping is sent when the wait before it is over. */
    private Flux<Duration> pings(Ping ping, Connection connection) {
        long total = count == 0 ? Long.MAX_VALUE : count;
        Flux<Duration> answers = ping.pings(connection)
                .timeout(
                        interval.plus(PATIENCE),
                        Mono.error(() -> new TimeoutException("no answer from " + connection.remotePeer() + " within "
                                + PATIENCE.toSeconds() + " s")));
        return answers.take(total)
                .doOnNext(rtt -> main.console().tell(new CliEvent.PingAnswered(rtt.toNanos() / NANOS_PER_MICRO)))
                .index()
                .concatMap(
                        answer -> answer.getT1() + 1 < total && !interval.isZero()
                                ? Mono.delay(interval).thenReturn(answer.getT2())
                                : Mono.just(answer.getT2()),
                        0);
    }

    static String summary(List<Duration> times) {
        List<Duration> sorted = times.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "%d pings: min %.3f ms, median %.3f ms, max %.3f ms",
                sorted.size(),
                millis(sorted.get(0)),
                millis(median(times)),
                millis(sorted.get(sorted.size() - 1)));
    }

    static Duration median(List<Duration> times) {
        return times.stream().sorted().skip(times.size() / 2).findFirst().orElseThrow();
    }

    private static double millis(Duration time) {
        return time.toNanos() / 1e6;
    }
}
