package io.reactivep2p.pubsub.validation;

import io.reactivep2p.connection.SansIo;
import java.util.Arrays;

/** A set of up to so many hashes, which are taken as random already; open addressing in one array that grows as it fills. */
@SansIo
final class HashTable {

    /** What is no hash: an empty place. */
    static final long NONE = 0;

    private static final int FIRST_PLACES = 32;

    private final int maxPlaces;
    private long[] places = {};
    private int size;

    HashTable(int maxHashes) {
        // At most four in five places are taken.
        this.maxPlaces = Math.toIntExact(Math.max(2, maxHashes * 5L / 4 + 1));
    }

    int size() {
        return size;
    }

    boolean contains(long hash) {
        return size > 0 && places[place(hash)] == hash;
    }

    /** Adds a hash that is not there. */
    void add(long hash) {
        if (size * 5L >= places.length * 4L) {
            grow();
        }
        places[place(hash)] = hash;
        size++;
    }

    /** Removes all. The room is kept where it was needed. */
    void clear() {
        if (size * 8L < places.length) {
            places = new long[0];
        } else {
            Arrays.fill(places, NONE);
        }
        size = 0;
    }

    /** Where the hash is, or would be. */
    private int place(long hash) {
        // The upper half of the hash, as a fraction of 2^32, of all places.
        int place = (int) ((hash >>> Integer.SIZE) * places.length >>> Integer.SIZE);
        while (places[place] != NONE && places[place] != hash) {
            place = place + 1 == places.length ? 0 : place + 1;
        }
        return place;
    }

    private void grow() {
        long[] old = places;
        if (old.length == maxPlaces) {
            throw new IllegalStateException("the table is full with " + size + " hashes");
        }
        places = new long[Math.min(maxPlaces, Math.max(FIRST_PLACES, old.length * 2))];
        for (long hash : old) {
            if (hash != NONE) {
                places[place(hash)] = hash;
            }
        }
    }
}
