package io.reactivep2p.swarm;

import io.reactivep2p.connection.SansIo;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The dials of a host that are under way, and behind them those that wait for one to end: first come, first served. Since no peer has
 * more than a handful of addresses in here at a time, none can keep the others out.
 *
 * @param <T> a dial, compared by identity
 */
@SansIo
final class DialQueue<T> {

    /** How many may wait for each that is under way; ours, go-libp2p's queue has no bound. */
    static final int WAITING_PER_PLACE = 16;

    private final int places;
    private final Set<T> underWay = new HashSet<>();
    private final Set<T> waiting = new LinkedHashSet<>();

    DialQueue(int places) {
        this.places = places;
    }

    /** A dial that wants to begin; false if too many wait already. It begins when {@link #poll()} says so. */
    boolean add(T dial) {
        return waiting.size() < (long) places * WAITING_PER_PLACE && waiting.add(dial);
    }

    /** The dial that has ended, or wants to begin no more. */
    void remove(T dial) {
        if (!underWay.remove(dial)) {
            waiting.remove(dial);
        }
    }

    /** The next dial to begin; {@code null} if there is none or no place. */
    @Nullable
    T poll() {
        if (waiting.isEmpty() || underWay.size() >= places) {
            return null;
        }
        T next = waiting.iterator().next();
        waiting.remove(next);
        underWay.add(next);
        return next;
    }

    int underWay() {
        return underWay.size();
    }

    int waiting() {
        return waiting.size();
    }
}
