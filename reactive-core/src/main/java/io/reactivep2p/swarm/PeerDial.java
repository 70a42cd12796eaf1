package io.reactivep2p.swarm;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.resource.ResourceLimitException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;

/**
 * One dial and all who wait for it: the shell of {@link DialSchedule}. Its parts come from any thread. State is guarded by the monitor;
 * whatever calls others, attempts, waiters and timers, happens outside of it.
 */
final class PeerDial {

    private final Dialer dialer;
    private final @Nullable PeerId peer;
    private final DialSchedule schedule;
    private final Map<Multiaddr, DialAttempt> attempts = new HashMap<>();
    private final Set<MonoSink<Connection>> waiters = new LinkedHashSet<>();
    private final Disposable.Swap timer = Disposables.swap();
    private final Sinks.Empty<Void> onOver = Sinks.empty();
    private final AtomicInteger changes = new AtomicInteger();
    private boolean over;
    private volatile boolean armed;
    private volatile long armedFor;

    PeerDial(Dialer dialer, @Nullable PeerId peer) {
        this.dialer = dialer;
        this.peer = peer;
        this.schedule = new DialSchedule(dialer.options().limits().dialsPerPeer(), dialer.nanoTime());
    }

    /** Who is dialed; {@code null} for whoever is there. */
    @Nullable
    PeerId peer() {
        return peer;
    }

    /** One more who waits, and who calls {@link #prepared()} when all its addresses are offered; false if the dial is over. */
    boolean join(MonoSink<Connection> waiter) {
        synchronized (this) {
            if (over) {
                return false;
            }
            waiters.add(waiter);
            schedule.onJoined(dialer.nanoTime());
        }
        return true;
    }

    /** The dial is given up with the last who waits. */
    void leave(MonoSink<Connection> waiter) {
        Ending ending;
        synchronized (this) {
            if (over || !waiters.remove(waiter) || !waiters.isEmpty()) {
                return;
            }
            ending = close();
        }
        conclude(ending, nobody -> {});
    }

    void offer(List<RankedAddress> ranked) {
        change(() -> schedule.onAddresses(ranked, dialer.nanoTime()));
    }

    void refused(AddressRefusedException cause) {
        change(() -> schedule.onRefused(cause));
    }

    void unresolved(Multiaddr name, Throwable cause) {
        change(() -> schedule.onUnresolved(name, cause));
    }

    void prepared() {
        change(schedule::onPrepared);
    }

    void started(DialAttempt attempt) {
        change(() -> schedule.onStarted(attempt.address(), dialer.nanoTime()));
    }

    void connected(DialAttempt attempt) {
        change(() -> schedule.onConnected(attempt.address(), dialer.nanoTime()));
    }

    void failed(DialAttempt attempt, Throwable cause) {
        if (!(cause instanceof ResourceLimitException)) { // our own limits are no fault of the address
            dialer.memory().onFailure(peer, attempt.address());
        }
        change(() -> {
            if (attempts.remove(attempt.address(), attempt)) {
                schedule.onFailed(attempt.address(), cause);
            }
        });
    }

    /** An attempt has its connection. On its event loop, in the turn in which its upgrade completed. */
    void reached(DialAttempt attempt, MuxedConnection muxed) {
        if (isOver()) {
            muxed.dispose();
            return;
        }
        Connection connection;
        try {
            connection = dialer.admit(muxed, peer);
        } catch (RuntimeException refused) {
            failed(attempt, refused);
            return;
        }
        dialer.memory().onSuccess(peer, attempt.address());
        if (!end(waiter -> waiter.success(connection))) {
            connection.dispose(); // another address was faster, or nobody waits any more
        }
    }

    /** The peer is connected already. */
    void found(Connection connection) {
        end(waiter -> waiter.success(connection));
    }

    /** Ends the dial for all who wait. */
    void fail(Throwable cause) {
        end(waiter -> waiter.error(cause));
    }

    private synchronized boolean isOver() {
        return over;
    }

    /** Completes when there is nothing more to find out for this dial. */
    Mono<Void> onOver() {
        return onOver.asMono();
    }

    private void change(Runnable change) {
        synchronized (this) {
            if (over) {
                return;
            }
            change.run();
        }
        proceed();
    }

    /** One thread at a time, and no deeper: an attempt that fails as it starts lets the next one start. */
    private void proceed() {
        if (changes.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            step();
            seen = changes.addAndGet(-seen);
        } while (seen != 0);
    }

    private void step() {
        List<DialAttempt> expired = new ArrayList<>();
        List<DialAttempt> next = new ArrayList<>();
        boolean exhausted;
        long now = dialer.nanoTime();
        long timeout;
        synchronized (this) {
            if (over) {
                return;
            }
            for (Multiaddr late = schedule.pollExpired(now); late != null; late = schedule.pollExpired(now)) {
                expired.add(attempts.remove(late));
            }
            for (Multiaddr due = schedule.pollDial(now); due != null; due = schedule.pollDial(now)) {
                DialAttempt attempt = new DialAttempt(dialer, this, due);
                attempts.put(due, attempt);
                next.add(attempt);
            }
            exhausted = schedule.isOver(now);
            timeout = schedule.nextTimeoutNanos();
        }
        for (DialAttempt late : expired) {
            if (late.cancel()) { // else it has just ended by itself, which may be well
                dialer.memory().onFailure(peer, late.address());
            }
        }
        if (exhausted) {
            giveUp(now);
        } else {
            arm(timeout, now);
            next.forEach(DialAttempt::start);
        }
    }

    private void arm(long at, long now) {
        if (armed && at == armedFor) {
            return;
        }
        armed = true;
        armedFor = at;
        try {
            timer.update(dialer.options().timers().schedule(this::ring, Math.max(0, at - now), TimeUnit.NANOSECONDS));
        } catch (RejectedExecutionException shutDown) {
            fail(shutDown);
        }
    }

    private void ring() {
        armed = false;
        proceed();
    }

    private void giveUp(long now) {
        Connection landed = peer == null ? null : dialer.existing(peer); // the peer may have dialed us meanwhile
        DialException failure;
        Ending ending;
        synchronized (this) {
            if (over || !schedule.isOver(now)) { // somebody has joined, and may know more addresses
                return;
            }
            failure = new DialException(peer, schedule.summary(now), schedule.failures());
            ending = close();
        }
        conclude(ending, waiter -> {
            if (landed == null) {
                waiter.error(failure);
            } else {
                waiter.success(landed);
            }
        });
    }

    private boolean end(Consumer<MonoSink<Connection>> outcome) {
        Ending ending;
        synchronized (this) {
            if (over) {
                return false;
            }
            ending = close();
        }
        conclude(ending, outcome);
        return true;
    }

    /** Holding the monitor: from here on nothing changes any more. */
    private Ending close() {
        over = true;
        Ending ending = new Ending(List.copyOf(attempts.values()), List.copyOf(waiters));
        attempts.clear();
        waiters.clear();
        return ending;
    }

    private void conclude(Ending ending, Consumer<MonoSink<Connection>> outcome) {
        dialer.ended(this); // before anyone hears of it: who then dials again shall not join what is over
        timer.dispose();
        onOver.tryEmitEmpty();
        ending.left.forEach(DialAttempt::cancel);
        ending.told.forEach(outcome);
    }

    /** What a dial leaves behind: attempts to cancel, and those who wait. */
    private record Ending(List<DialAttempt> left, List<MonoSink<Connection>> told) {}
}
