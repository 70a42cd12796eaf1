package io.reactivep2p.swarm;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.multiformats.Multiaddr;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Which addresses failed lately and are left alone for a while: {@code 5 s + 1 s * n * n} after the n-th failure in a row, at most five
 * minutes, as in go-libp2p.
 */
@SansIo
final class DialBackoff {

    static final long BASE_NANOS = TimeUnit.SECONDS.toNanos(5);
    static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(1);
    static final long MAX_NANOS = TimeUnit.MINUTES.toNanos(5);

    /** How many addresses are remembered; beyond that the one that failed longest ago is forgotten. */
    static final int MAX_ADDRESSES = 4_096;

    private final Map<Multiaddr, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Multiaddr, Failures> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    void onFailure(Multiaddr address, long nowNanos) {
        Failures before = failures.get(address);
        int count = before == null ? 0 : before.count;
        long wait = Math.min(MAX_NANOS, BASE_NANOS + STEP_NANOS * count * count);
        failures.put(address, new Failures(Math.min(count + 1, 100), nowNanos + wait));
    }

    void onSuccess(Multiaddr address) {
        failures.remove(address);
    }

    /** How long {@code address} is still to be left alone; 0 if it may be dialed. */
    long remainingNanos(Multiaddr address, long nowNanos) {
        Failures known = failures.get(address);
        return known == null ? 0 : Math.max(0, known.untilNanos - nowNanos);
    }

    private record Failures(int count, long untilNanos) {}
}
