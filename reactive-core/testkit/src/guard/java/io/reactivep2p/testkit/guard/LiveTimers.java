package io.reactivep2p.testkit.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import reactor.core.scheduler.Schedulers;

/** What waits for its time to come on Reactor's schedulers: a time limit, a repetition, a delay that nobody cancelled. */
public final class LiveTimers {

    private static final String KEY = LiveTimers.class.getName();
    private static final Queue<ScheduledThreadPoolExecutor> EXECUTORS = new ConcurrentLinkedQueue<>();

    private LiveTimers() {}

    /** Watches schedulers that are made from now on. Idempotent. */
    public static void install() {
        Schedulers.addExecutorServiceDecorator(KEY, (scheduler, executor) -> {
            if (executor instanceof ScheduledThreadPoolExecutor pool) {
                EXECUTORS.add(pool);
            }
            return executor;
        });
    }

    /** The tasks waiting now, as text. */
    public static List<String> list() {
        List<String> waiting = new ArrayList<>();
        for (ScheduledThreadPoolExecutor executor : EXECUTORS) {
            if (executor.isShutdown()) {
                EXECUTORS.remove(executor);
            } else {
                executor.getQueue().forEach(task -> waiting.add(task.toString()));
            }
        }
        return waiting;
    }
}
