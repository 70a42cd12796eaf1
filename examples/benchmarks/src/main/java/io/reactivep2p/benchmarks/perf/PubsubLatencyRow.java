package io.reactivep2p.benchmarks.perf;

import io.reactivep2p.pubsub.Overflow;
import io.reactivep2p.pubsub.Topic;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** How long a signed message of 1 KiB takes from one node's {@code publish} to the other's subscriber, at 1,000 a second. */
final class PubsubLatencyRow implements PerfRow {

    private static final Duration INTERVAL = Duration.ofMillis(1);
    private static final int WAITING = 1 << 14;

    @Override
    public String name() {
        return "pubsub-latency";
    }

    @Override
    public List<Metric> metrics(Environment environment) {
        return List.of(
                new Metric(name() + "/p50", "ms", Bar.atMost(0.25)),
                new Metric(name() + "/p99", "ms", Bar.atMost(1.5)));
    }

    @Override
    public PerfSession open(Scale scale) {
        PubsubMesh mesh = PubsubMesh.start(2);
        long[] nanos = new long[(int) (scale.window().toNanos() / INTERVAL.toNanos())];
        AtomicInteger count = new AtomicInteger();
        Disposable subscription = mesh.topic(1)
                .messages(Overflow.dropOldest(WAITING))
                .subscribe(message -> {
                    long took = System.nanoTime()
                            - ByteBuffer.wrap(message.payload()).getLong();
                    int at = count.getAndIncrement();
                    if (at < nanos.length) {
                        nanos[at] = took;
                    }
                });
        Disposable own = mesh.topic(0).messages(Overflow.latest()).subscribe(message -> {});
        mesh.awaitSubscriptions();
        Topic<byte[]> publisher = mesh.topic(0);
        return new PerfSession() {
            @Override
            public double[] run() {
                count.set(0);
                Flux.interval(INTERVAL)
                        .onBackpressureDrop()
                        .take(nanos.length)
                        .concatMap(tick -> publisher.publish(ByteBuffer.allocate(PubsubRow.PAYLOAD_BYTES)
                                .putLong(System.nanoTime())
                                .array()))
                        .then()
                        .block(HostPair.PATIENCE);
                Pause.until(() -> count.get() >= nanos.length, "all messages to arrive");
                long[] sorted = nanos.clone();
                Arrays.sort(sorted);
                return new double[] {sorted[sorted.length / 2] / 1e6, sorted[(int) (sorted.length * 0.99)] / 1e6};
            }

            @Override
            public void close() {
                subscription.dispose();
                own.dispose();
                mesh.close();
            }
        };
    }
}
