package io.reactivep2p.muxer.yamux;

import io.reactivep2p.connection.SansIo;
import org.jspecify.annotations.Nullable;

/**
 * A queue of streams whose links lie in the streams: joining, leaving from the middle and taking the head are O(1), a stream is in it
 * at most once, and one that ends leaves nothing behind, so its length never exceeds the number of streams.
 */
@SansIo
final class StreamRing {

    /** Streams with data that the remote window admits, one turn each. */
    static final int READY = 0;
    /** Streams that owe a frame without payload: open, acknowledge, credit, end. */
    static final int CONTROL = 1;
    /** Streams whose listener waits to hear that it may write. */
    static final int WRITABLE = 2;
    /** Streams that only the remote peer keeps open, in the order of their deadlines. */
    static final int LINGERING = 3;

    static final int KINDS = 4;

    private final int kind;
    private final int bit;
    private @Nullable YamuxStream head;
    private @Nullable YamuxStream tail;

    StreamRing(int kind) {
        this.kind = kind;
        this.bit = 1 << kind;
    }

    boolean isEmpty() {
        return head == null;
    }

    @Nullable
    YamuxStream peek() {
        return head;
    }

    /** Joins at the tail, unless it is a member. */
    void add(YamuxStream stream) {
        if ((stream.rings & bit) != 0) {
            return;
        }
        stream.rings |= bit;
        YamuxStream last = tail;
        stream.links[2 * kind] = last;
        stream.links[2 * kind + 1] = null;
        if (last == null) {
            head = stream;
        } else {
            last.links[2 * kind + 1] = stream;
        }
        tail = stream;
    }

    @Nullable
    YamuxStream poll() {
        YamuxStream stream = head;
        if (stream != null) {
            remove(stream);
        }
        return stream;
    }

    void remove(YamuxStream stream) {
        if ((stream.rings & bit) == 0) {
            return;
        }
        stream.rings &= ~bit;
        YamuxStream previous = stream.links[2 * kind];
        YamuxStream next = stream.links[2 * kind + 1];
        if (previous == null) {
            head = next;
        } else {
            previous.links[2 * kind + 1] = next;
        }
        if (next == null) {
            tail = previous;
        } else {
            next.links[2 * kind] = previous;
        }
        stream.links[2 * kind] = null;
        stream.links[2 * kind + 1] = null;
    }
}
