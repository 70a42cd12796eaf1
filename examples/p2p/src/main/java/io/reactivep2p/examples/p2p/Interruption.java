package io.reactivep2p.examples.p2p;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * SIGINT and SIGTERM as a {@link Mono}. The JVM is on its way down then: a shutdown hook holds it until the command has ended, and
 * gives it the command's exit code instead of the signal's.
 */
final class Interruption {

    private static final int PATIENCE_SECONDS = 10;

    private final Sinks.Empty<Void> asked = Sinks.empty();
    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
    private final AtomicBoolean hooked = new AtomicBoolean();

    /** From the first call on, signals no longer end the JVM by themselves. */
    Mono<Void> asked() {
        if (hooked.compareAndSet(false, true)) {
            Runtime.getRuntime().addShutdownHook(new Thread(this::shutDown, "p2p-interruption"));
        }
        return asked.asMono();
    }

    /** The command has ended. */
    void ended(int code) {
        exitCode.complete(code);
    }

    private void shutDown() {
        if (exitCode.isDone()) {
            return;
        }
        asked.tryEmitEmpty();
        try {
            Runtime.getRuntime().halt(exitCode.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (TimeoutException | ExecutionException stuck) {
            // The JVM ends as the signal has it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
