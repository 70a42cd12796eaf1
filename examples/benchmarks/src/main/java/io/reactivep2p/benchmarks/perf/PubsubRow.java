package io.reactivep2p.benchmarks.perf;

import io.reactivep2p.pubsub.Overflow;
import io.reactivep2p.pubsub.Topic;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;

/** One node publishes signed messages of 1 KiB as fast as the others take them; what counts is what all of them got. */
final class PubsubRow implements PerfRow {

    static final int PAYLOAD_BYTES = 1_024;

    private static final int WAITING = 1 << 16;

    private final String name;
    private final int nodes;
    private final double bar;

    /** @param bar messages per second */
    PubsubRow(String name, int nodes, double bar) {
        this.name = name;
        this.nodes = nodes;
        this.bar = bar;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Metric> metrics(Environment environment) {
        return List.of(new Metric(name, "1/s", Bar.atLeast(bar)), Metric.informative(name + "/lost", "messages"));
    }

    @Override
    public PerfSession open(Scale scale) {
        return new Session(PubsubMesh.start(nodes), scale);
    }

    /** A mesh with a counting subscriber on every node. */
    static final class Session implements PerfSession {

        private final PubsubMesh mesh;
        private final Scale scale;
        private final List<AtomicLong> received = new ArrayList<>();
        private final List<Disposable> subscriptions = new ArrayList<>();
        private final Topic<byte[]> publisher;
        private long published;

        Session(PubsubMesh mesh, Scale scale) {
            this.mesh = mesh;
            this.scale = scale;
            for (int i = 0; i < mesh.size(); i++) {
                AtomicLong count = new AtomicLong();
                subscriptions.add(mesh.topic(i)
                        .messages(Overflow.dropOldest(WAITING))
                        .subscribe(message -> count.incrementAndGet()));
                received.add(count);
            }
            mesh.awaitSubscriptions();
            publisher = mesh.topic(0);
        }

        @Override
        public double[] run() {
            long lostBefore = mesh.lost();
            long before = receivedByAll();
            long start = System.nanoTime();
            publisher.publishAll(payloads(start + scale.window().toNanos())).block(HostPair.PATIENCE);
            awaitQuiet();
            double seconds = (System.nanoTime() - start - QUIET_MILLIS * 1e6) / 1e9;
            long each = (receivedByAll() - before) / (mesh.size() - 1);
            return new double[] {each / seconds, mesh.lost() - lostBefore};
        }

        private static final long QUIET_MILLIS = 100;

        /** The last messages are on their way when the last is published. */
        private void awaitQuiet() {
            long last;
            do {
                last = receivedByAll();
                Pause.millis(QUIET_MILLIS);
            } while (receivedByAll() != last);
        }

        /** By all but the publisher. */
        private long receivedByAll() {
            return received.stream().skip(1).mapToLong(AtomicLong::get).sum();
        }

        private Flux<byte[]> payloads(long end) {
            return Flux.generate((SynchronousSink<byte[]> sink) -> {
                if (System.nanoTime() - end < 0) {
                    sink.next(ByteBuffer.allocate(PAYLOAD_BYTES)
                            .putLong(published++)
                            .array());
                } else {
                    sink.complete();
                }
            });
        }

        @Override
        public void close() {
            subscriptions.forEach(Disposable::dispose);
            mesh.close();
        }
    }
}
