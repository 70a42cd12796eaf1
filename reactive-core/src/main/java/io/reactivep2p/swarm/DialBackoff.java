package io.reactivep2p.swarm;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses failed lately and are left alone for a while: {@code 5 s + 1 s * n * n} after the n-th failure in a row, at most five
 * minutes, as in go-libp2p. Each address of each peer by itself: one bad address holds back no other, and the same relay may lead to one
 * peer and not to another.
 */
@SansIo
final class DialBackoff {

    static final long BASE_NANOS = TimeUnit.SECONDS.toNanos(5);
    static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(1);
    static final long MAX_NANOS = TimeUnit.MINUTES.toNanos(5);

    /** How many addresses are remembered; beyond that the one that failed longest ago is forgotten. */
    static final int MAX_ADDRESSES = 4_096;

    private final Map<Target, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Target, Failures> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    void onFailure(@Nullable PeerId peer, Multiaddr address, long nowNanos) {
        Target target = new Target(peer, address);
        Failures before = failures.get(target);
        int count = before == null ? 0 : before.count;
        long wait = Math.min(MAX_NANOS, BASE_NANOS + STEP_NANOS * count * count);
        failures.put(target, new Failures(Math.min(count + 1, 100), nowNanos + wait));
    }

    void onSuccess(@Nullable PeerId peer, Multiaddr address) {
        failures.remove(new Target(peer, address));
    }

    /** How long {@code address} is still to be left alone; 0 if it may be dialed. */
    long remainingNanos(@Nullable PeerId peer, Multiaddr address, long nowNanos) {
        Failures known = failures.get(new Target(peer, address));
        return known == null ? 0 : Math.max(0, known.untilNanos - nowNanos);
    }

    /** @param peer {@code null} for whoever is there */
    private record Target(@Nullable PeerId peer, Multiaddr address) {}

    private record Failures(int count, long untilNanos) {}
}
