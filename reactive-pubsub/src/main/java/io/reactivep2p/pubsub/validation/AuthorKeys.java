package io.reactivep2p.pubsub.validation;

import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.peer.PeerId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys of authors whose signatures were right, so that not every message costs the arithmetic of reading one. Two generations: a key
 * that was of use lately is in the young one, and the old one goes whole when the young one is full. Thread-safe; two threads at once may
 * overstep the bound by one key each, or forget a generation early.
 */
final class AuthorKeys {

    /** Authors of each generation. */
    static final int MAX_AUTHORS = 1_024;

    private volatile Map<PeerId, PublicKey> young = new ConcurrentHashMap<>();
    private volatile Map<PeerId, PublicKey> old = Map.of();

    /** The author's key: a known one, or that in its id. */
    @Nullable
    PublicKey find(PeerId author) {
        PublicKey key = young.get(author);
        if (key != null) {
            return key;
        }
        key = old.get(author);
        return key != null ? key : author.publicKey().orElse(null);
    }

    /** The key of the author verified a signature. */
    void remember(PeerId author, PublicKey key) {
        Map<PeerId, PublicKey> keys = young;
        if (keys.putIfAbsent(author, key) == null && keys.size() >= MAX_AUTHORS) {
            old = keys;
            young = new ConcurrentHashMap<>();
        }
    }

    /** For tests: how many keys are known. */
    int size() {
        return young.size() + old.size();
    }
}
