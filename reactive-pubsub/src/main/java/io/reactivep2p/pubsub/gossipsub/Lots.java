package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.connection.SansIo;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/** What is left to chance. */
@SansIo
final class Lots {

    private Lots() {}

    /** Puts all into a random order. */
    static void shuffle(List<?> all, RandomGenerator random) {
        for (int i = all.size() - 1; i > 0; i--) {
            Collections.swap(all, i, random.nextInt(i + 1));
        }
    }

    /** So many of all, or all where there are not more, in a random order. A view; all are reordered. */
    static <T> List<T> draw(List<T> all, int count, RandomGenerator random) {
        int drawn = Math.max(0, Math.min(count, all.size()));
        for (int i = 0; i < drawn; i++) {
            Collections.swap(all, i, i + random.nextInt(all.size() - i));
        }
        return all.subList(0, drawn);
    }
}
