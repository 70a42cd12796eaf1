package io.reactivep2p.testkit.sim;

import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An event loop whose time stands still while it works, and jumps to the next thing to be done when it has nothing to do. The thread that
 * made it is the one that runs it.
 */
final class SimExecutor extends AbstractScheduledEventExecutor {

    /** What is done between two moments; more is taken for two tasks that call each other without end. */
    private static final int MAX_TASKS_AT_ONCE = 50_000_000;

    private final Thread owner = Thread.currentThread();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final DefaultPromise<Void> terminated = new DefaultPromise<>(this);
    private final Ticker ticker = new VirtualTicker();
    private long now;
    private boolean shutdown;

    /** Runs what is due until then, or until {@code done} says so between two tasks. */
    void run(Duration time, BooleanSupplier done) {
        long end = now + time.toNanos();
        while (!done.getAsBoolean()) {
            Runnable task = next(end);
            if (task == null) {
                now = end;
                return;
            }
            task.run();
        }
    }

    private @Nullable Runnable next(long end) {
        Runnable task = tasks.poll();
        if (task == null) {
            task = pollScheduledTask(now);
        }
        if (task != null) {
            return task;
        }
        long deadline = nextScheduledTaskDeadlineNanos(); // -1 for none
        if (deadline < 0 || deadline > end) {
            return null;
        }
        now = Math.max(now, deadline);
        return pollScheduledTask(now);
    }

    /** Does what can be done without time going on. */
    void settle() {
        for (int done = 0; done < MAX_TASKS_AT_ONCE; done++) {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            task.run();
        }
        throw new IllegalStateException("no rest after " + MAX_TASKS_AT_ONCE + " tasks at one moment");
    }

    long now() {
        return now;
    }

    @Override
    public Ticker ticker() {
        return ticker;
    }

    /** Tells virtual time, and refuses to wait for it. */
    private final class VirtualTicker implements Ticker {

        @Override
        public long initialNanoTime() {
            return 0;
        }

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void sleep(long delay, TimeUnit unit) {
            throw new UnsupportedOperationException("virtual time goes on only while the network runs");
        }
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public boolean inEventLoop(Thread thread) {
        return thread == owner;
    }

    @Override
    public boolean isShuttingDown() {
        return shutdown;
    }

    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        shutdown();
        return terminated;
    }

    @Override
    public Future<?> terminationFuture() {
        return terminated;
    }

    @Override
    @Deprecated
    public void shutdown() {
        if (!shutdown) {
            shutdown = true;
            cancelScheduledTasks();
            terminated.trySuccess(null);
        }
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return shutdown;
    }
}
