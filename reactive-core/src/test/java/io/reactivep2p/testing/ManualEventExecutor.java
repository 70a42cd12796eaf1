package io.reactivep2p.testing;

import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * An event loop whose thread is the test's, the one that made it: what the test does is on the loop, what another thread hands over waits
 * for {@link #runTasks()}, and what is scheduled for {@link #advance}.
 */
public final class ManualEventExecutor extends AbstractScheduledEventExecutor {

    private final Thread loop = Thread.currentThread();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final MockTicker ticker = Ticker.newMockTicker();
    private volatile boolean stopped;
    private int executed;

    /** Runs what waits, and what that adds; returns how many tasks there were. */
    public int runTasks() {
        int before = executed;
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            executed++;
            task.run();
        }
        return executed - before;
    }

    /** Lets time pass, and runs what becomes due. */
    public void advance(Duration time) {
        ticker.advance(time.toNanos(), TimeUnit.NANOSECONDS);
        for (Runnable due = pollScheduledTask(ticker.nanoTime());
                due != null;
                due = pollScheduledTask(ticker.nanoTime())) {
            due.run();
        }
        runTasks();
    }

    @Override
    public Ticker ticker() {
        return ticker;
    }

    public int waitingTasks() {
        return tasks.size();
    }

    /** From here on tasks are rejected. */
    public void stop() {
        stopped = true;
    }

    @Override
    public boolean inEventLoop(Thread thread) {
        return thread == loop;
    }

    @Override
    public void execute(Runnable task) {
        if (stopped) {
            throw new RejectedExecutionException("stopped by the test");
        }
        tasks.add(task);
    }

    @Override
    public boolean isShuttingDown() {
        return stopped;
    }

    @Override
    public boolean isShutdown() {
        return stopped;
    }

    @Override
    public boolean isTerminated() {
        return stopped;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return stopped;
    }

    @Override
    @Deprecated
    public void shutdown() {
        stop();
    }

    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        stop();
        return terminationFuture();
    }

    @Override
    public Future<?> terminationFuture() {
        return GlobalEventExecutor.INSTANCE.newSucceededFuture(null);
    }
}
