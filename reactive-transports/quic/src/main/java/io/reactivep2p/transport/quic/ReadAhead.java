package io.reactivep2p.transport.quic;

import io.reactivep2p.connection.SansIo;

/**
 * How much of a stream is read before its listener is done with what it has. QUIC gives the sender credit for what is read, and for
 * nothing else: to stop reading is what closes the window.
 */
@SansIo
final class ReadAhead {

    /** Read on while the listener holds less than this. Enough for the next piece to be there, little next to any window. */
    static final int LIMIT_BYTES = 64 * 1024;

    /** What is thrown away of a stream whose reader has left, in hope of its end, before the peer is told to stop. */
    static final int DROP_BYTES = 64 * 1024;

    private int held;
    private int dropped;

    /** Whether the listener can have more. */
    boolean wantsMore() {
        return held < LIMIT_BYTES;
    }

    void onRead(int bytes) {
        held += bytes;
    }

    /** Never below zero: a listener may count bytes that it got elsewhere, its predecessor's for one. */
    void onConsumed(int bytes) {
        held = Math.max(0, held - bytes);
    }

    void onDropped(int bytes) {
        dropped = Math.min(DROP_BYTES, dropped + bytes);
    }

    /** Whether the peer sends on as if someone read it. */
    boolean droppedEnough() {
        return dropped >= DROP_BYTES;
    }
}
