package io.reactivep2p.crypto;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what was verified, so that a peer that comes back with the same costs no second verification. Whoever uses it bounds the size
 * of a key. Thread-safe; a look-up holds the lock no longer than a map takes.
 *
 * @param <K> all that was verified; where strangers choose it, comparable, so that keys made to collide are still found in logarithmic time
 * @param <V> what came of it
 */
public final class VerifiedCache<K, V> {

    private final Map<K, V> verified;

    /** @param maxEntries how many are remembered; beyond that the one unused longest is forgotten */
    public VerifiedCache(int maxEntries) {
        this.verified = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > maxEntries;
            }
        };
    }

    /** What came of verifying {@code key}; {@code null} if it is not remembered. */
    public synchronized @Nullable V find(K key) {
        return verified.get(key);
    }

    /** {@code key} was verified. */
    public synchronized void remember(K key, V outcome) {
        verified.put(key, outcome);
    }

    public synchronized int size() {
        return verified.size();
    }
}
