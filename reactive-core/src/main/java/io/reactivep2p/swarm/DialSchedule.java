package io.reactivep2p.swarm;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.transport.TransportException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When the addresses of one peer are tried, and when it is over.
 *
 * <pre>
 *               onAddresses        pollDial          onStarted         onFailed, pollExpired
 *   unknown --------------&gt; waiting -------&gt; begun ----------&gt; started ---------------------&gt; failed
 *                           until due        limits of          until its deadline
 *                                            the host
 * </pre>
 *
 * An address is due when its delay has passed, or as soon as everything begun before it has failed. While a public address is connected
 * and being secured nothing new begins for a moment, since that most likely succeeds.
 */
@SansIo
final class DialSchedule {

    /** For one address, connecting and upgrading; as go-libp2p. */
    static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(15);

    /** The same on one's own network; as go-libp2p. */
    static final long NEAR_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** For all addresses together, from when the last caller joined; go-libp2p gives each of its callers as long. */
    static final long TOTAL_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** How long a public address that is connected and not yet upgraded holds back others; go-libp2p's, about one round trip. */
    static final long UPGRADE_HOLD_NANOS = DialRanker.PUBLIC_DELAY.toNanos();

    /** How many causes are kept: of every address tried, and of others as far as there is room. */
    static final int MAX_FAILURES = 4 * DialRanker.MAX_ADDRESSES;

    private final int parallel;
    private final long startNanos;
    private final Map<Multiaddr, Entry> entries = new LinkedHashMap<>();
    /** By due time, at most {@link DialRanker#MAX_ADDRESSES}. */
    private final List<Entry> waiting = new ArrayList<>();

    private final List<Entry> begun = new ArrayList<>();
    private final Map<Multiaddr, Throwable> failures = new LinkedHashMap<>();
    private int preparing;
    private long releasedUntil = Long.MIN_VALUE;
    private long totalDeadline;

    /** @param parallel addresses tried at the same time */
    DialSchedule(int parallel, long nowNanos) {
        this.parallel = parallel;
        this.startNanos = nowNanos;
        this.totalDeadline = TOTAL_TIMEOUT_NANOS;
    }

    /** All times inside are counted from the start, so that none of them wraps. */
    private long elapsed(long nowNanos) {
        return nowNanos - startNanos;
    }

    /** Somebody wants the connection, and is finding out addresses for it. */
    void onJoined(long nowNanos) {
        totalDeadline = elapsed(nowNanos) + TOTAL_TIMEOUT_NANOS;
        preparing++;
    }

    /** Somebody who joined has no more addresses to add. */
    void onPrepared() {
        preparing--;
    }

    /** More addresses; those that are known already, whatever became of them, are not tried again. */
    void onAddresses(List<RankedAddress> ranked, long nowNanos) {
        for (RankedAddress next : ranked) {
            if (entries.containsKey(next.address())) {
                continue;
            }
            if (entries.size() >= DialRanker.MAX_ADDRESSES) {
                onRefused(new AddressRefusedException(
                        next.address(),
                        AddressRefusedException.Reason.TOO_MANY,
                        "one dial tries " + DialRanker.MAX_ADDRESSES + " addresses"));
                return; // one stands for all that are too many
            }
            Entry entry = new Entry(next.address(), elapsed(nowNanos) + saturatedNanos(next));
            failures.remove(next.address()); // refused before, and now asked for by name
            entries.put(next.address(), entry);
            int at = waiting.size();
            while (at > 0 && waiting.get(at - 1).due > entry.due) {
                at--;
            }
            waiting.add(at, entry);
        }
    }

    /** Of a ranker of the user's, so it may say anything; beyond the total time limit all are the same. */
    private static long saturatedNanos(RankedAddress ranked) {
        return ranked.delay().toSeconds() >= TimeUnit.NANOSECONDS.toSeconds(TOTAL_TIMEOUT_NANOS)
                ? TOTAL_TIMEOUT_NANOS
                : ranked.delay().toNanos();
    }

    /** An address that is not tried. */
    void onRefused(AddressRefusedException cause) {
        if (!entries.containsKey(cause.address()) && failures.size() < MAX_FAILURES - DialRanker.MAX_ADDRESSES) {
            failures.put(cause.address(), cause);
        }
    }

    /** A name that no address was found behind. */
    void onUnresolved(Multiaddr name, Throwable cause) {
        if (failures.size() < MAX_FAILURES - DialRanker.MAX_ADDRESSES) {
            failures.put(name, cause);
        }
    }

    /** The next address to begin with now; {@code null} if there is none yet. */
    @Nullable
    Multiaddr pollDial(long nowNanos) {
        if (waiting.isEmpty() || begun.size() >= parallel) {
            return null;
        }
        Entry next = waiting.get(0);
        if (begun.isEmpty()) {
            releasedUntil = next.due; // and with it all that were to begin together
        }
        if (next.due > releasedUntil && elapsed(nowNanos) < beginsAt(next)) {
            return null;
        }
        waiting.remove(0);
        begun.add(next);
        return next.address;
    }

    private long beginsAt(Entry next) {
        long at = next.due;
        for (Entry entry : begun) {
            at = Math.max(at, entry.holdUntil);
        }
        return at;
    }

    /** An address has its turn: the host's limits let it begin, and its time runs. */
    void onStarted(Multiaddr address, long nowNanos) {
        Entry entry = begun(address);
        if (entry != null) {
            entry.timeout = AddressDistance.of(address) == AddressDistance.NEAR ? NEAR_TIMEOUT_NANOS : TIMEOUT_NANOS;
            entry.deadline = elapsed(nowNanos) + entry.timeout;
        }
    }

    /** An address answers, and is now being secured. */
    void onConnected(Multiaddr address, long nowNanos) {
        Entry entry = begun(address);
        if (entry != null && AddressDistance.isRoutable(address)) {
            entry.holdUntil = elapsed(nowNanos) + UPGRADE_HOLD_NANOS;
        }
    }

    /** An address that had begun is given up. */
    void onFailed(Multiaddr address, Throwable cause) {
        Entry entry = begun(address);
        if (entry != null) {
            begun.remove(entry);
            failures.put(address, cause);
        }
    }

    /** The next address whose time is up, and which has failed with that; {@code null} if there is none. */
    @Nullable
    Multiaddr pollExpired(long nowNanos) {
        for (Entry entry : begun) {
            if (elapsed(nowNanos) >= entry.deadline) {
                String limit = TimeUnit.NANOSECONDS.toSeconds(entry.timeout) + " s";
                onFailed(entry.address, new TransportException(entry.address, "no connection within " + limit, null));
                return entry.address;
            }
        }
        return null;
    }

    private @Nullable Entry begun(Multiaddr address) {
        Entry entry = entries.get(address);
        return entry != null && begun.contains(entry) ? entry : null;
    }

    /** Whether there is nothing more to hope for. */
    boolean isOver(long nowNanos) {
        return (preparing == 0 && waiting.isEmpty() && begun.isEmpty()) || elapsed(nowNanos) >= totalDeadline;
    }

    /** When {@link #pollDial}, {@link #pollExpired} or {@link #isOver} may say something else, if nothing happens until then. */
    long nextTimeoutNanos() {
        long next = totalDeadline;
        if (!waiting.isEmpty() && begun.size() < parallel) {
            next = Math.min(next, beginsAt(waiting.get(0)));
        }
        for (Entry entry : begun) {
            next = Math.min(next, entry.deadline);
        }
        return startNanos + next;
    }

    /** Why each address that failed or was refused did, in that order. */
    Map<Multiaddr, Throwable> failures() {
        return Collections.unmodifiableMap(failures);
    }

    /** One line for {@link DialException}. */
    String summary(long nowNanos) {
        if (elapsed(nowNanos) >= totalDeadline) {
            return "not connected within " + TimeUnit.NANOSECONDS.toSeconds(TOTAL_TIMEOUT_NANOS) + " s";
        }
        return switch (failures.size()) {
            case 0 -> "no address is known";
            case 1 -> "its one address failed";
            default -> "all " + failures.size() + " addresses failed";
        };
    }

    private static final class Entry {
        private final Multiaddr address;
        private final long due;
        private long timeout;
        private long deadline = Long.MAX_VALUE; // while it waits for its turn
        private long holdUntil;

        Entry(Multiaddr address, long due) {
            this.address = address;
            this.due = due;
        }
    }
}
