package io.reactivep2p.pubsub.router;

import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.validation.MessageFault;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Where the signatures of one stream's messages are verified. A message that comes by itself is verified on the thread that it came on: a
 * hand-over would cost a third of a verification, twice. While RPCs come faster than that, their messages are verified by other threads as
 * well, as far as those have time for it; they leave in the order in which they came. What waits is bounded: the next RPC is asked for when
 * there is room. Only touched in the serial section.
 */
final class VerificationLane {

    /** An RPC that comes so soon after the one before was done with has been waiting for it. Less than half of a verification. */
    static final long BEHIND_NANOS = 20_000;

    /** The most messages that wait before no RPC is asked for. A choice of ours: about 3 ms of work for one thread. */
    static final int MAX_MESSAGES = 64;

    /** And of their payloads. A choice of ours. */
    static final int MAX_BYTES = 256 * 1024;

    /** Who waits for room is told when so many times less waits, so that the threads meet once for many messages. */
    private static final int ROOM = 4;

    /** Verifications on other threads at a time, of all nodes: more would only wait there. A choice of ours, of those that were tried. */
    private static final int ELSEWHERE_PER_PROCESSOR = 2;

    private static final Semaphore ELSEWHERE =
            new Semaphore(ELSEWHERE_PER_PROCESSOR * Runtime.getRuntime().availableProcessors());

    private final SerialSection section;
    private final Scheduler scheduler;
    private final Semaphore places;
    private final Function<RawMessage, Optional<MessageFault>> check;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private int bytes;
    private boolean behind;
    private boolean alone;
    private @Nullable Runnable onRoom;
    private @Nullable Runnable onEnd;

    /** A message that is being verified, or whose turn has not come. */
    private static final class Waiting {

        final RawMessage message;
        final Consumer<Optional<MessageFault>> verified;

        /** {@code null} until it is verified. */
        @Nullable
        Optional<MessageFault> fault;

        /** Whether it has one of the places elsewhere. */
        boolean isElsewhere;

        Waiting(RawMessage message, Consumer<Optional<MessageFault>> verified) {
            this.message = message;
            this.verified = verified;
        }
    }

    /** @param check verifies a signature, on any thread */
    VerificationLane(SerialSection section, Scheduler scheduler, Function<RawMessage, Optional<MessageFault>> check) {
        this(section, scheduler, ELSEWHERE, check);
    }

    /** @param places one is taken for each message that is verified elsewhere */
    VerificationLane(
            SerialSection section,
            Scheduler scheduler,
            Semaphore places,
            Function<RawMessage, Optional<MessageFault>> check) {
        this.section = section;
        this.scheduler = scheduler;
        this.places = places;
        this.check = check;
        this.alone = scheduler == Schedulers.immediate();
    }

    /** The messages of an RPC follow, which came so long after the one before was done with. */
    void begin(long nanosSince) {
        behind = nanosSince < BEHIND_NANOS;
    }

    /** Verifies {@code message}, and has {@code verified} told, in the serial section: before this returns, or later. */
    void verify(RawMessage message, Consumer<Optional<MessageFault>> verified) {
        if (alone || waiting.isEmpty() && !behind) {
            verified.accept(check.apply(message));
            return;
        }
        Waiting entry = new Waiting(message, verified);
        waiting.add(entry);
        bytes += message.data().length;
        if (!places.tryAcquire()) {
            done(entry, check.apply(message));
            return;
        }
        entry.isElsewhere = true;
        try {
            scheduler.schedule(() -> {
                Optional<MessageFault> fault = check.apply(message);
                section.execute(() -> done(entry, fault));
            });
        } catch (RejectedExecutionException gone) {
            alone();
        }
    }

    /** Whoever disposed of the scheduler may have taken from us what was to be done there. */
    private void alone() {
        alone = true;
        for (Waiting entry : waiting) {
            verified(entry, entry.fault == null ? check.apply(entry.message) : entry.fault);
        }
        leave();
    }

    private void done(Waiting entry, Optional<MessageFault> fault) {
        verified(entry, fault);
        leave();
    }

    private void verified(Waiting entry, Optional<MessageFault> fault) {
        entry.fault = fault;
        if (entry.isElsewhere) {
            entry.isElsewhere = false;
            places.release();
        }
    }

    private void leave() {
        for (Waiting first = waiting.peek(); first != null && first.fault != null; first = waiting.peek()) {
            waiting.remove();
            bytes -= first.message.data().length;
            first.verified.accept(first.fault);
        }
        if (onRoom != null && waiting.size() <= MAX_MESSAGES / ROOM && bytes <= MAX_BYTES / ROOM) {
            Runnable task = onRoom;
            onRoom = null;
            task.run();
        }
        if (onEnd != null && waiting.isEmpty()) {
            Runnable task = onEnd;
            onEnd = null;
            task.run();
        }
    }

    /** Runs {@code task} when there is room for another RPC: at once, or later. */
    void whenRoom(Runnable task) {
        if (waiting.size() < MAX_MESSAGES && bytes < MAX_BYTES) {
            task.run();
        } else {
            onRoom = task;
        }
    }

    /** No RPC follows. Runs {@code task} when what was brought is verified: at once, or later. */
    void end(Runnable task) {
        if (waiting.isEmpty()) {
            task.run();
        } else {
            onEnd = task;
        }
    }
}
