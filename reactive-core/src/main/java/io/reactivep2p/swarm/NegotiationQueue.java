package io.reactivep2p.swarm;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.multistream.Multistream;
import io.reactivep2p.multistream.NegotiationException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The negotiations of one connection that have not ended, oldest first, with one timer for all of them: a timer for each would cost
 * more than the negotiation. Confined to the event loop.
 */
final class NegotiationQueue {

    private final EventExecutor executor;
    private final long timeoutNanos;

    private @Nullable Entry oldest;
    private @Nullable Entry newest;
    private @Nullable Future<?> timer;
    private int size;

    NegotiationQueue(EventExecutor executor, long timeoutNanos) {
        this.executor = executor;
        this.timeoutNanos = timeoutNanos;
    }

    int size() {
        return size;
    }

    void add(Entry entry) {
        entry.deadlineNanos = executor.ticker().nanoTime() + timeoutNanos;
        entry.older = newest;
        entry.queued = true;
        if (newest == null) {
            oldest = entry;
        } else {
            newest.newer = entry;
        }
        newest = entry;
        size++;
        if (timer == null) {
            arm();
        }
    }

    void remove(Entry entry) {
        if (!entry.queued) {
            return;
        }
        entry.queued = false;
        if (entry.older == null) {
            oldest = entry.newer;
        } else {
            entry.older.newer = entry.newer;
        }
        if (entry.newer == null) {
            newest = entry.older;
        } else {
            entry.newer.older = entry.older;
        }
        entry.older = null;
        entry.newer = null;
        size--;
    }

    void close() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    /** The timer is left running when the queue empties: streams come in bursts, and it re-arms itself only if something waits. */
    private void arm() {
        if (oldest != null) {
            long delay = Math.max(0, oldest.deadlineNanos - executor.ticker().nanoTime());
            timer = executor.schedule(this::expire, delay, TimeUnit.NANOSECONDS);
        }
    }

    private void expire() {
        timer = null;
        long now = executor.ticker().nanoTime();
        while (oldest != null && now - oldest.deadlineNanos >= 0) {
            Entry late = oldest;
            remove(late);
            late.onTimeout(new NegotiationException(
                    "no protocol was agreed on within " + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms",
                    List.of()));
        }
        arm();
    }

    /** A negotiation in the queue. */
    abstract static class Entry implements Multistream.Outcome {

        private @Nullable Entry older;
        private @Nullable Entry newer;
        private boolean queued;
        private long deadlineNanos;
        private Multistream.@Nullable Negotiation negotiation;

        /** Queues the negotiation unless it has ended at once. */
        final void track(NegotiationQueue queue, Multistream.Negotiation started) {
            if (!started.isDone()) {
                negotiation = started;
                queue.add(this);
            }
        }

        final void abort(Libp2pException cause) {
            if (negotiation != null) {
                negotiation.abort(cause);
            }
        }

        private void onTimeout(Libp2pException cause) {
            abort(cause);
        }
    }
}
