package io.reactivep2p.muxer.yamux;

import io.reactivep2p.connection.SansIo;

/**
 * How many bytes the remote peer still takes on one stream. The number on the wire is an unsigned 32-bit one and peers add to it with
 * every window update, so the sum is kept in 64 bits and an update that lifts it out of 32 ends the connection (CVE-2026-31814).
 */
@SansIo
final class SendWindow {

    static final long MAX = 0xFFFF_FFFFL;

    private long available = YamuxFrameCodec.INITIAL_WINDOW;

    long available() {
        return available;
    }

    /** Takes {@code bytes} of the window; the caller has checked that they are there. */
    void take(int bytes) {
        available -= bytes;
    }

    void add(long delta) throws YamuxException {
        if (available + delta > MAX) {
            throw YamuxException.connection(
                    "a window update of " + delta + " on top of " + available + " lifts the window above 2^32-1 bytes");
        }
        available += delta;
    }
}
