package io.reactivep2p.benchmarks.perf;

import io.reactivep2p.event.HostEvent;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;

/** The child of {@link IdleHeapRow}: many connections between two hosts, identified by both and then left alone. */
final class IdleHeapTask implements ChildTask {

    /** Connections made at the same time. */
    private static final int DIALING = 16;

    /** Connections made before the first look: classes are loaded, pools and tables have their first size. */
    private static final int FIRST = 20;

    private static final double KIB = 1_024;

    @Override
    public double[] measure(Scale scale) {
        try (HostPair hosts = HostPair.start(Loops.two())) {
            AtomicInteger identifiedByListener = new AtomicInteger();
            hosts.listener()
                    .events(HostEvent.PeerIdentified.class)
                    .filter(event -> !event.pushed())
                    .subscribe(event -> identifiedByListener.incrementAndGet());
            connect(hosts, FIRST, identifiedByListener);
            long before = UsedHeap.settled();
            connect(hosts, scale.connections(), identifiedByListener);
            long after = UsedHeap.settled();
            int ends = 2 * scale.connections();
            return new double[] {(after - before) / KIB / ends};
        }
    }

    private static void connect(HostPair hosts, int count, AtomicInteger identifiedByListener) {
        int all = identifiedByListener.get() + count;
        Flux.range(0, count).flatMap(i -> hosts.connect(), DIALING).then().block(HostPair.PATIENCE);
        Pause.until(() -> identifiedByListener.get() >= all, "the listener to identify " + all + " connections");
        if (hosts.listener().connections().size() < all) {
            throw new IllegalStateException("connections were lost");
        }
    }
}
