package io.reactivep2p.pubsub;

/**
 * What becomes of a topic's messages that a subscriber has not requested. Every loss is counted, see {@link Pubsub#statistics()}.
 *
 * @param policy which message is lost
 * @param capacity how many messages wait for this subscriber, at least 1
 */
public record Overflow(Policy policy, int capacity) {

    /** Which message is lost once {@link Overflow#capacity()} are waiting. */
    public enum Policy {
        /** The one that waited longest. */
        DROP_OLDEST,
        /** The one that just came. */
        DROP_NEWEST,
        /** None: the subscriber gets an {@link OverflowException} after what waits for it. */
        ERROR
    }

    /** Far above any real use; a larger one is a mistake. A choice of ours. */
    public static final int MAX_CAPACITY = 1 << 20;

    public Overflow {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException(
                    "an overflow capacity of " + capacity + "; expected 1 to " + MAX_CAPACITY);
        }
    }

    /** Keeps the newest {@code capacity} messages. */
    public static Overflow dropOldest(int capacity) {
        return new Overflow(Policy.DROP_OLDEST, capacity);
    }

    /** Keeps the {@code capacity} messages that came first. */
    public static Overflow dropNewest(int capacity) {
        return new Overflow(Policy.DROP_NEWEST, capacity);
    }

    /** Keeps only the newest message. */
    public static Overflow latest() {
        return new Overflow(Policy.DROP_OLDEST, 1);
    }

    /** Fails a subscriber that falls more than {@code capacity} messages behind. */
    public static Overflow error(int capacity) {
        return new Overflow(Policy.ERROR, capacity);
    }
}
