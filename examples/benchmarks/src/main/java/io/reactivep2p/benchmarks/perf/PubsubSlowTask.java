package io.reactivep2p.benchmarks.perf;

import io.reactivep2p.pubsub.Overflow;
import io.reactivep2p.pubsub.PubsubLimits;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** The child of {@link PubsubSlowRow}. */
final class PubsubSlowTask implements ChildTask {

    /** How many messages wait for the slow subscriber. */
    static final int WAITING = 256;

    /** Few enough to be known from the first piece on: what each node keeps by its bounds does not grow afterwards. */
    private static final int SEEN = 1 << 16;

    private static final int FAST_WAITING = 1 << 13;
    private static final int PIECES = 10;
    private static final double MIB = 1_024 * 1_024;

    static long messages(Scale scale) {
        return scale.streamBytes() / PubsubRow.PAYLOAD_BYTES;
    }

    @Override
    public double[] measure(Scale scale) {
        try (PubsubMesh mesh = PubsubMesh.start(2, options -> options.seen(SEEN, PubsubLimits.DEFAULT_SEEN_TTL))) {
            AtomicLong got = new AtomicLong();
            Disposable fast = mesh.topic(1)
                    .messages(Overflow.dropOldest(FAST_WAITING))
                    .subscribe(message -> got.incrementAndGet());
            BaseSubscriber<Object> slow = new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {
                    // Nothing is requested.
                }
            };
            mesh.topic(1).messages(Overflow.dropOldest(WAITING)).subscribe(slow);
            Disposable own = mesh.topic(0).messages(Overflow.latest()).subscribe(message -> {});
            mesh.awaitSubscriptions();
            long messages = messages(scale);
            publish(mesh, Math.max(1, messages / PIECES), got); // what is filled once and stays, is filled now
            long before = UsedHeap.settled();
            long growth = 0;
            for (int piece = 1; piece < PIECES; piece++) {
                publish(mesh, piece == PIECES - 1 ? messages - got.get() : messages / PIECES, got);
                growth = Math.max(growth, UsedHeap.afterCollection() - before);
            }
            slow.dispose();
            fast.dispose();
            own.dispose();
            return new double[] {growth / MIB, mesh.lost(), got.get()};
        }
    }

    private static void publish(PubsubMesh mesh, long count, AtomicLong got) {
        long target = got.get() + count;
        mesh.topic(0)
                .publishAll(Flux.range(0, (int) count).map(n -> new byte[PubsubRow.PAYLOAD_BYTES]))
                .block(HostPair.PATIENCE);
        Pause.until(() -> got.get() >= target, "all messages to arrive");
    }
}
