package io.reactivep2p.swarm;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Lets the dials of a host begin as its limit allows: {@link DialQueue}, from any thread. */
final class DialGate {

    private final DialQueue<DialAttempt> queue;
    private final int limit;
    private final AtomicInteger changes = new AtomicInteger();

    DialGate(int limit) {
        this.queue = new DialQueue<>(limit);
        this.limit = limit;
    }

    int limit() {
        return limit;
    }

    /** {@link DialAttempt#begin()} follows, at once or when there is room; false if it never will. */
    boolean enter(DialAttempt attempt) {
        synchronized (queue) {
            if (!queue.add(attempt)) {
                return false;
            }
        }
        letIn();
        return true;
    }

    /** Idempotent. */
    void leave(DialAttempt attempt) {
        synchronized (queue) {
            queue.remove(attempt);
        }
        letIn();
    }

    /** One thread at a time, and no deeper: an attempt that fails as it begins lets the next one in. */
    private void letIn() {
        if (changes.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            for (DialAttempt next = poll(); next != null; next = poll()) {
                next.begin();
            }
            seen = changes.addAndGet(-seen);
        } while (seen != 0);
    }

    private @Nullable DialAttempt poll() {
        synchronized (queue) {
            return queue.poll();
        }
    }
}
