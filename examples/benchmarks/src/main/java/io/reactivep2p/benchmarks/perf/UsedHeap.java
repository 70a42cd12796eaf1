package io.reactivep2p.benchmarks.perf;

import java.lang.management.ManagementFactory;

/** What is on the heap. */
final class UsedHeap {

    private UsedHeap() {}

    /** Bytes, after one collection. */
    static long afterCollection() {
        System.gc();
        return now();
    }

    /** Bytes, garbage included. */
    static long now() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Bytes, after as many collections as find something: references and cleaners need more than one. */
    static long settled() {
        long used = afterCollection();
        for (int i = 0; i < 10; i++) {
            Pause.millis(100);
            long next = afterCollection();
            if (next >= used) {
                return next;
            }
            used = next;
        }
        return used;
    }
}
