package io.reactivep2p.benchmarks.perf;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** The child of {@link PubsubHeapRow}. */
final class PubsubHeapTask implements ChildTask {

    private static final double MIB = 1_024 * 1_024;
    private static final Duration SAMPLES = Duration.ofMillis(10);

    @Override
    public double[] measure(Scale scale) {
        try (PubsubRow.Session session = new PubsubRow.Session(PubsubMesh.start(2), scale)) {
            long end = System.nanoTime() + scale.warmUp().toNanos();
            do {
                session.run();
            } while (System.nanoTime() - end < 0);
            AtomicLong peak = new AtomicLong();
            Disposable sampling =
                    Flux.interval(SAMPLES).subscribe(tick -> peak.accumulateAndGet(UsedHeap.now(), Math::max));
            double[] figures = session.run();
            sampling.dispose();
            return new double[] {peak.get() / MIB, figures[0], figures[1]};
        }
    }
}
