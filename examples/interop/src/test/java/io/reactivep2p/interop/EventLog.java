package io.reactivep2p.interop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What has happened so far, in order, and waiting for what has not happened yet. Thread-safe; adding never waits. */
final class EventLog<E> {

    private static final int SHOWN = 12;

    private final String owner;
    private final Duration patience;
    private final List<E> events = new ArrayList<>();
    private @Nullable String ended;

    /** @param owner whose events they are, for messages */
    EventLog(String owner, Duration patience) {
        this.owner = owner;
        this.patience = patience;
    }

    synchronized void add(E event) {
        events.add(event);
        notifyAll();
    }

    /** Nothing will happen any more, so that waiting is in vain. */
    synchronized void end(String reason) {
        ended = reason;
        notifyAll();
    }

    /** How much has happened: a mark to wait from. */
    synchronized int size() {
        return events.size();
    }

    /** The first event that matches, past or future. */
    E await(String what, Predicate<? super E> matches) {
        return await(0, what, matches);
    }

    /** The first event that matches from the mark {@code from} on. */
    E await(int from, String what, Predicate<? super E> matches) {
        return await(from, what, matches, patience);
    }

    synchronized E await(int from, String what, Predicate<? super E> matches, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        int next = from;
        while (true) {
            for (; next < events.size(); next++) {
                if (matches.test(events.get(next))) {
                    return events.get(next);
                }
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (ended != null || millis <= 0) {
                String why = ended == null ? "within " + limit.toSeconds() + " s" : ", for " + ended;
                throw new AssertionError(owner + ": no " + what + " " + why + "; last events: " + last());
            }
            try {
                wait(millis);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError(owner + ": interrupted while waiting for " + what, interrupted);
            }
        }
    }

    /** Whether one that matches has happened from the mark {@code from} on. */
    synchronized boolean has(int from, Predicate<? super E> matches) {
        return events.subList(from, events.size()).stream().anyMatch(matches);
    }

    /** The last few events, for messages. */
    synchronized List<E> last() {
        return List.copyOf(events.subList(Math.max(0, events.size() - SHOWN), events.size()));
    }
}
