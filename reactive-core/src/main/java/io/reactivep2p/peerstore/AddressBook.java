package io.reactivep2p.peerstore;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.multiformats.Multiaddr;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The addresses of one peer and until when each is believed. */
@SansIo
final class AddressBook {

    private final int max;
    private final Map<Multiaddr, Entry> entries = new HashMap<>(4);
    private long certifiedSequence = -1;
    private boolean certified;

    AddressBook(int max) {
        this.max = max;
    }

    /** What a peer signed outranks what others say: once there is a certified address, uncertified ones are not taken. */
    void add(Collection<Multiaddr> addresses, Duration ttl, long nowNanos) {
        expire(nowNanos);
        if (certified) {
            for (Multiaddr address : addresses) {
                entries.computeIfPresent(address, (key, held) -> held.longer(expiry(ttl, nowNanos), nowNanos));
            }
            return;
        }
        put(addresses, ttl, nowNanos);
    }

    boolean certify(long sequence, Collection<Multiaddr> addresses, Duration ttl, long nowNanos) {
        expire(nowNanos);
        if (certified && Long.compareUnsigned(sequence, certifiedSequence) <= 0) {
            return false;
        }
        certifiedSequence = sequence;
        entries.clear();
        put(addresses, ttl, nowNanos);
        certified = !entries.isEmpty();
        return true;
    }

    void updateTtl(Duration ttl, long nowNanos) {
        expire(nowNanos);
        entries.replaceAll((address, held) -> new Entry(expiry(ttl, nowNanos)));
    }

    /** Longest life first. */
    List<Multiaddr> addresses(long nowNanos) {
        expire(nowNanos);
        List<Map.Entry<Multiaddr, Entry>> held = new ArrayList<>(entries.entrySet());
        held.sort(Comparator.comparingLong(entry -> nowNanos - entry.getValue().expiresNanos));
        return held.stream().map(Map.Entry::getKey).toList();
    }

    void clear() {
        entries.clear();
        certified = false;
    }

    private void put(Collection<Multiaddr> addresses, Duration ttl, long nowNanos) {
        long expires = expiry(ttl, nowNanos);
        for (Multiaddr address : addresses) {
            Entry held = entries.get(address);
            if (held != null) {
                entries.put(address, held.longer(expires, nowNanos));
            } else if (entries.size() < max || evictShorterThan(expires, nowNanos)) {
                entries.put(address, new Entry(expires));
            }
        }
    }

    private boolean evictShorterThan(long expires, long nowNanos) {
        Map.Entry<Multiaddr, Entry> shortest = null;
        for (Map.Entry<Multiaddr, Entry> entry : entries.entrySet()) {
            if (shortest == null || entry.getValue().expiresNanos - shortest.getValue().expiresNanos < 0) {
                shortest = entry;
            }
        }
        if (shortest == null || shortest.getValue().expiresNanos - expires >= 0) {
            return false;
        }
        entries.remove(shortest.getKey());
        return true;
    }

    private void expire(long nowNanos) {
        entries.values().removeIf(entry -> entry.expiresNanos - nowNanos <= 0);
        if (entries.isEmpty()) {
            certified = false;
        }
    }

    /** Half of the clock's range is as good as for ever and still compares right. */
    private static long expiry(Duration ttl, long nowNanos) {
        long nanos = ttl.compareTo(Peerstore.CONNECTED_TTL) >= 0 ? Long.MAX_VALUE / 2 : ttl.toNanos();
        return nowNanos + Math.min(nanos, Long.MAX_VALUE / 2);
    }

    private record Entry(long expiresNanos) {

        Entry longer(long otherNanos, long nowNanos) {
            return otherNanos - nowNanos > expiresNanos - nowNanos ? new Entry(otherNanos) : this;
        }
    }
}
