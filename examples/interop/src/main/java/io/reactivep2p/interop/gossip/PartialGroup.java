package io.reactivep2p.interop.gossip;

import io.reactivep2p.connection.SansIo;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A message of 8 parts of 1 KiB each, as the suite has it. Part n holds 128 counts of 8 bytes, from the group's number plus 128 n on.
 *
 * <pre>
 *   parts:     1 byte, a bit for each part that follows | 1,024 bytes each, in order | 8 bytes, the group
 *   metadata:  1 byte, a bit for each part that the sender has
 * </pre>
 */
@SansIo
final class PartialGroup {

    static final int PARTS = 8;
    static final int PART_BYTES = 1024;
    private static final int ALL = 0xff;

    private final long group;
    private final byte[][] parts = new byte[PARTS][];
    private int has;

    PartialGroup(long group) {
        this.group = group;
    }

    /** The number that these bytes are. @throws IllegalArgumentException unless there are 8 */
    static long number(byte[] bytes) {
        if (bytes.length != Long.BYTES) {
            throw new IllegalArgumentException("a group of " + bytes.length + " bytes; expected " + Long.BYTES);
        }
        return ByteBuffer.wrap(bytes).getLong();
    }

    /** What the number is on the wire. */
    static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    /** Makes those parts out of nothing. */
    void fill(int bits) {
        for (int part = 0; part < PARTS; part++) {
            if ((bits & 1 << part) != 0) {
                ByteBuffer bytes = ByteBuffer.allocate(PART_BYTES);
                for (long count = group + (long) part * (PART_BYTES / Long.BYTES); bytes.hasRemaining(); count++) {
                    bytes.putLong(count);
                }
                parts[part] = bytes.array();
                has |= 1 << part;
            }
        }
    }

    boolean isComplete() {
        return has == ALL;
    }

    byte[] metadata() {
        return new byte[] {(byte) has};
    }

    /** Whether a peer with this metadata has something that is missing here. */
    boolean lacksOf(byte[] metadata) {
        return metadata.length == 1 && (metadata[0] & ~has & ALL) != 0;
    }

    /** What a peer with this metadata is missing; {@code null} for nothing. */
    byte @Nullable [] partsFor(byte[] metadata) {
        int bits = has & ~metadata[0] & ALL;
        if (bits == 0) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.allocate(1 + Integer.bitCount(bits) * PART_BYTES + Long.BYTES);
        bytes.put((byte) bits);
        for (int part = 0; part < PARTS; part++) {
            if ((bits & 1 << part) != 0) {
                bytes.put(parts[part]);
            }
        }
        return bytes.putLong(group).array();
    }

    /**
     * Takes parts in.
     *
     * @return whether one of them was missing
     * @throws IllegalArgumentException for what is not parts of this group
     */
    boolean extend(byte[] message) {
        int bits = message.length == 0 ? 0 : message[0] & ALL;
        int expected = 1 + Integer.bitCount(bits) * PART_BYTES + Long.BYTES;
        if (message.length != expected || ByteBuffer.wrap(message).getLong(expected - Long.BYTES) != group) {
            throw new IllegalArgumentException("not parts of the group " + Long.toUnsignedString(group) + ": "
                    + message.length + " bytes, expected " + expected);
        }
        int before = has;
        int offset = 1;
        for (int part = 0; part < PARTS; part++) {
            if ((bits & 1 << part) != 0) {
                parts[part] = Arrays.copyOfRange(message, offset, offset + PART_BYTES);
                offset += PART_BYTES;
            }
        }
        has |= bits;
        return has != before;
    }
}
