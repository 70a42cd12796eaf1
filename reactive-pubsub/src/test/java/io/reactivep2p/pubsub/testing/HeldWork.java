package io.reactivep2p.pubsub.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** A scheduler that keeps its tasks until the test runs them, in the order of the test's choice. */
public final class HeldWork implements Scheduler {

    private final List<Runnable> tasks = new ArrayList<>();
    private boolean disposed;

    @Override
    public synchronized Disposable schedule(Runnable task) {
        if (disposed) {
            throw new RejectedExecutionException("disposed of on purpose");
        }
        tasks.add(task);
        return Disposables.single();
    }

    @Override
    public Worker createWorker() {
        throw new UnsupportedOperationException("no order is asked for");
    }

    /** How many tasks wait. */
    public synchronized int size() {
        return tasks.size();
    }

    /** Runs the task at this place of those that wait. */
    public void run(int index) {
        remove(index).run();
    }

    private synchronized Runnable remove(int index) {
        return tasks.remove(index);
    }

    /** Runs what waits, the first first, until nothing does. */
    public void runAll() {
        while (size() > 0) {
            run(0);
        }
    }

    @Override
    public synchronized void dispose() {
        disposed = true;
        tasks.clear();
    }
}
