package io.reactivep2p.connection;

/**
 * The name of a protocol as multistream-select compares it: by exact equality, so {@code /echo/1.0.0} and {@code /echo/1.0} are
 * strangers.
 *
 * @param value the name; starts with {@code /}, at most {@value #MAX_LENGTH} characters, no line feed
 */
public record ProtocolId(String value) implements Comparable<ProtocolId> {

    /** What fits, with its line feed, into the 1,024-byte multistream-select message that go and js accept. */
    public static final int MAX_LENGTH = 1_023;

    public ProtocolId {
        if (value.isEmpty() || value.charAt(0) != '/' || value.length() > MAX_LENGTH || value.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a protocol id starts with '/', has no line feed and at most "
                    + MAX_LENGTH + " characters, but this is '"
                    + (value.length() > 64 ? value.substring(0, 64) + "..." : value) + "'");
        }
    }

    public static ProtocolId of(String value) {
        return new ProtocolId(value);
    }

    @Override
    public int compareTo(ProtocolId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
