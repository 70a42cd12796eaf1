package io.reactivep2p.benchmarks.perf;

import io.reactivep2p.transport.netty.EventLoops;
import java.util.List;
import reactor.core.Disposable;
import reactor.netty.resources.LoopResources;

/**
 * The event loops of two hosts in one JVM. On one loop nobody waits for a thread to wake up, so the figures are those of the code; on two
 * they are also those of the operating system.
 */
final class Loops implements Disposable {

    private final List<LoopResources> resources;

    private Loops(List<LoopResources> resources) {
        this.resources = resources;
    }

    /** One thread for both hosts. */
    static Loops one() {
        return new Loops(List.of(thread()));
    }

    /** One thread for each host. */
    static Loops two() {
        return new Loops(List.of(thread(), thread()));
    }

    private static LoopResources thread() {
        return LoopResources.create("perf", 1, 1, true, false);
    }

    EventLoops ofListener() {
        return EventLoops.of(resources.get(0));
    }

    EventLoops ofDialer() {
        return EventLoops.of(resources.get(resources.size() - 1));
    }

    @Override
    public void dispose() {
        resources.forEach(Disposable::dispose);
    }
}
