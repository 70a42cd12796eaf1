package io.reactivep2p.testkit.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import reactor.core.publisher.Hooks;

/**
 * Errors that reached no subscriber: Reactor drops them after a sequence has ended or was cancelled. A test that drops one on
 * purpose takes it out with {@link #take()}.
 */
public final class DroppedErrors {

    private static final Queue<Throwable> DROPPED = new ConcurrentLinkedQueue<>();

    private DroppedErrors() {}

    /** Hears of dropped errors from now on. Again before each test, for {@code StepVerifier} removes other hooks than its own. */
    public static void install() {
        Hooks.resetOnErrorDropped(); // hooks add up
        Hooks.onErrorDropped(DroppedErrors::add);
    }

    private static void add(Throwable error) {
        error.addSuppressed(
                new Exception("dropped here, on " + Thread.currentThread().getName()));
        DROPPED.add(error);
    }

    /** The errors dropped since the last time; each has the place where it was dropped among its suppressed ones. */
    public static List<Throwable> take() {
        List<Throwable> errors = new ArrayList<>();
        for (Throwable error = DROPPED.poll(); error != null; error = DROPPED.poll()) {
            errors.add(error);
        }
        return errors;
    }
}
