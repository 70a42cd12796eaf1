package io.reactivep2p.pubsub.router;

import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;

/**
 * Runs tasks one at a time and in order, on whichever thread brings one while nobody runs them. What is only touched by tasks needs
 * neither locks nor volatile fields. There is no thread of its own: an idle section costs nothing, and a task that meets nobody runs
 * before {@link #execute} returns.
 *
 * <p>The queue holds what is brought while a task runs. It is bounded by those who bring: each stream has one RPC and one demand under
 * way, and {@link WaitingBytes} counts what the application publishes.
 *
 * <p>A turn is what one thread runs in a row. After {@link #TURN_TASKS} tasks it leaves the rest to the scheduler, since the thread is
 * somebody's event loop.
 */
final class SerialSection {

    /** About a millisecond and a half where each task verifies a signature. */
    static final int TURN_TASKS = 32;

    private static final Logger LOG = LoggerFactory.getLogger(SerialSection.class);

    private static final AtomicIntegerFieldUpdater<SerialSection> PENDING =
            AtomicIntegerFieldUpdater.newUpdater(SerialSection.class, "pending");

    private final Queue<Runnable> tasks =
            Queues.<Runnable>unboundedMultiproducer().get();
    private final Scheduler scheduler;
    private final Runnable turnEnd;

    /** Tasks that are queued or running; who raises it from 0 runs them. */
    @SuppressWarnings("UnusedVariable") // read by its updater
    private volatile int pending;

    /**
     * @param scheduler takes over from a thread that has done enough
     * @param turnEnd run as the last thing before a thread leaves, and at times in between; may bring more tasks
     */
    SerialSection(Scheduler scheduler, Runnable turnEnd) {
        this.scheduler = scheduler;
        this.turnEnd = turnEnd;
    }

    /** Runs {@code task} now, or has it run by the one who is in here. What it throws is logged. */
    void execute(Runnable task) {
        tasks.offer(task);
        if (PENDING.getAndIncrement(this) == 0) {
            turn();
        }
    }

    private void turn() {
        int done = 0;
        while (true) {
            // No more than were counted: another may be in the queue already whose bringer has not counted it yet.
            int counted = Math.min(pending, TURN_TASKS - done);
            for (int i = 0; i < counted; i++) {
                run(Objects.requireNonNull(tasks.poll()));
            }
            done += counted;
            if (pending == counted || done == TURN_TASKS) {
                // What was put together goes out before the thread leaves.
                run(turnEnd);
            }
            if (PENDING.addAndGet(this, -counted) == 0) {
                return;
            }
            if (done == TURN_TASKS) {
                if (handedOver()) {
                    return;
                }
                done = 0;
            }
        }
    }

    /** Called with tasks pending, so that nobody else begins a turn. */
    private boolean handedOver() {
        try {
            scheduler.schedule(this::turn);
            return true;
        } catch (RejectedExecutionException gone) {
            return false;
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable thrown) {
            Exceptions.throwIfJvmFatal(thrown);
            LOG.error("a task of pubsub failed", thrown);
        }
    }
}
