package io.reactivep2p.pubsub;

import java.util.Arrays;
import java.util.HexFormat;

/** What tells one message from another; bytes without a meaning of their own. Immutable. */
public final class MessageId implements Comparable<MessageId> {

    /** The longest id that is accepted from a peer; those in use have 8 to 80 bytes. A choice of ours. */
    public static final int MAX_BYTES = 256;

    private final byte[] bytes;
    private final int hash;

    private MessageId(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    /**
     * The id of these bytes, which are copied.
     *
     * @throws IllegalArgumentException for more than {@link #MAX_BYTES}
     */
    public static MessageId of(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a message id of " + bytes.length + " bytes; at most " + MAX_BYTES + " are accepted");
        }
        return new MessageId(bytes.clone());
    }

    /** A fresh copy. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /**
     * A hash that only who knows the keys can make collisions for: SipHash-2-4 of the bytes.
     *
     * @param key0 the first half of the key, to be chosen at random
     * @param key1 the second half
     */
    public long hash(long key0, long key1) {
        return SipHash.of(bytes, key0, key1);
    }

    /** How many bytes the id has. */
    public int length() {
        return bytes.length;
    }

    @Override
    public int compareTo(MessageId other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof MessageId id && hash == id.hash && Arrays.equals(bytes, id.bytes));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** Hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
