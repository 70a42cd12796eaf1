package io.reactivep2p.pubsub.validation;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.pubsub.MessageId;
import java.time.Duration;

/**
 * Which messages were seen lately. Keeps a keyed hash of 64 bits of each: what an attacker cannot predict it cannot make collide, and two
 * honest messages do once in 2^44.
 *
 * <p>Messages belong to generations, and are forgotten with their whole generation: each is remembered for the time to live, and up to a
 * third longer; when more come than the bound, the time is shorter.
 */
@SansIo
public final class SeenCache {

    /** How long go-libp2p, js-libp2p and the specification remember. */
    public static final Duration DEFAULT_TTL = Duration.ofSeconds(120);

    /** 70 seconds of 15,000 messages a second, in 11 MB. */
    public static final int DEFAULT_MAX_MESSAGES = 1 << 20;

    private static final int GENERATIONS = 4;

    private final long generationNanos;
    private final int generationMessages;
    private final long key0;
    private final long key1;

    /** The first one is the youngest. */
    private final HashTable[] generations = new HashTable[GENERATIONS];

    private long youngestSince;

    private SeenCache(Duration ttl, int maxMessages, long key0, long key1) {
        if (maxMessages < GENERATIONS || ttl.isNegative() || ttl.isZero()) {
            throw new IllegalArgumentException("a memory of " + maxMessages + " messages for " + ttl
                    + "; expected at least " + GENERATIONS + " messages and a time above 0");
        }
        this.generationNanos = Math.max(1, ttl.toNanos() / (GENERATIONS - 1));
        this.generationMessages = maxMessages / GENERATIONS;
        this.key0 = key0;
        this.key1 = key1;
        for (int i = 0; i < GENERATIONS; i++) {
            generations[i] = new HashTable(generationMessages);
        }
    }

    /**
     * Nothing is seen yet.
     *
     * @param ttl how long a message is remembered at least
     * @param maxMessages how many are remembered at most; three quarters of them for sure
     * @param key0 half of the secret, to be chosen at random
     * @param key1 the other half
     */
    public static SeenCache create(Duration ttl, int maxMessages, long key0, long key1) {
        return new SeenCache(ttl, maxMessages, key0, key1);
    }

    /** Whether the message was not seen before; it now is. */
    public boolean add(MessageId id, long nowNanos) {
        expire(nowNanos);
        long hash = hash(id);
        if (contains(hash)) {
            return false;
        }
        if (generations[0].size() == generationMessages) {
            rotate(nowNanos);
        }
        generations[0].add(hash);
        return true;
    }

    /** Whether the message was seen. */
    public boolean contains(MessageId id, long nowNanos) {
        expire(nowNanos);
        return contains(hash(id));
    }

    private boolean contains(long hash) {
        for (HashTable generation : generations) {
            if (generation.contains(hash)) {
                return true;
            }
        }
        return false;
    }

    private long hash(MessageId id) {
        long hash = id.hash(key0, key1);
        return hash == HashTable.NONE ? 1 : hash;
    }

    private void expire(long nowNanos) {
        while (size() > 0 && nowNanos - youngestSince >= generationNanos) {
            rotate(youngestSince + generationNanos);
        }
        if (size() == 0) {
            youngestSince = nowNanos;
        }
    }

    private void rotate(long since) {
        HashTable oldest = generations[GENERATIONS - 1];
        System.arraycopy(generations, 0, generations, 1, GENERATIONS - 1);
        oldest.clear();
        generations[0] = oldest;
        youngestSince = since;
    }

    /** How many messages are remembered. */
    int size() {
        int size = 0;
        for (HashTable generation : generations) {
            size += generation.size();
        }
        return size;
    }
}
