package io.reactivep2p.pubsub.router;

import io.reactivep2p.resource.ResourceLimitException;
import java.util.concurrent.atomic.AtomicLong;

/** What the application brought and what waits for its turn: bounded, since nothing holds up who brings it. Thread-safe. */
final class WaitingBytes {

    /** Bytes of messages that {@code publish} was called with and that wait for their turn; more are refused. A choice of ours. */
    static final long MAX = 16 << 20;

    /** What such a message costs beside its bytes. */
    static final int OVERHEAD = 512;

    private final AtomicLong bytes = new AtomicLong();

    /** Returns whether there is room. */
    boolean take(int more) {
        if (bytes.addAndGet(more) <= MAX) {
            return true;
        }
        bytes.addAndGet(-more);
        return false;
    }

    void giveBack(int taken) {
        bytes.addAndGet(-taken);
    }

    static ResourceLimitException exhausted() {
        return new ResourceLimitException(
                "pubsub", "more than " + MAX + " bytes wait to be published; wait for publish() to complete");
    }
}
