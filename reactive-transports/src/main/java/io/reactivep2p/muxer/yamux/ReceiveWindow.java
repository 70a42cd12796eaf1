package io.reactivep2p.muxer.yamux;

import io.reactivep2p.connection.SansIo;

/**
 * What one stream lets the remote peer send. At every moment
 *
 * <pre>
 * size == granted (the peer may still send it) + held (arrived, not consumed) + unreturned (consumed, not granted again)
 * </pre>
 *
 * so a reader that consumes nothing stops the peer after exactly one window. Credit goes back when half of the window is unreturned
 * (go, rust). If the window was used up that far in less than {@value #GROWTH_ROUND_TRIPS} round trips it doubles (go's rule): the
 * window, not the reader, was what held the peer up.
 */
@SansIo
final class ReceiveWindow {

    /** go-yamux {@code Stream.sendWindowUpdate}. */
    static final int GROWTH_ROUND_TRIPS = 4;

    private int size;
    private int granted = YamuxFrameCodec.INITIAL_WINDOW;
    private int unreturned;
    private long epochStart;

    /** The peer starts with 256 KiB whatever {@code size} says; what {@code size} is above that counts as unreturned at first. */
    ReceiveWindow(int size, long nowNanos) {
        this.size = size;
        this.unreturned = size - YamuxFrameCodec.INITIAL_WINDOW;
        this.epochStart = nowNanos;
    }

    int size() {
        return size;
    }

    int granted() {
        return granted;
    }

    /** Bytes that arrived and were not consumed. */
    int held() {
        return size - granted - unreturned;
    }

    /** Takes note of a frame's whole payload when its header arrives, so that nothing is read that was never granted. */
    void onReceive(long bytes) throws YamuxException {
        if (bytes > granted) {
            throw YamuxException.connection(
                    "a data frame of " + bytes + " bytes overruns the window, of which " + granted + " are left");
        }
        granted -= (int) bytes;
    }

    void consumed(int bytes) {
        if (bytes < 0 || bytes > held()) {
            throw new IllegalArgumentException("consumed " + bytes + " bytes, but " + held() + " were handed out");
        }
        unreturned += bytes;
    }

    /** Whether it is time to send a window update. */
    boolean updateDue() {
        return unreturned >= size / 2;
    }

    /** Credit that could be returned now, for a frame that travels anyway. */
    int unreturned() {
        return unreturned;
    }

    /**
     * Grants again what was consumed, and more if the peer proved to be faster than the window.
     *
     * @param rttNanos -1 while unknown
     * @param maxSize how far the window may grow now
     * @return the delta to send
     */
    int takeUpdate(long nowNanos, long rttNanos, int maxSize) {
        int delta = unreturned;
        if (rttNanos > 0 && nowNanos - epochStart < GROWTH_ROUND_TRIPS * rttNanos && updateDue()) {
            int grown = (int) Math.min(2L * size, maxSize);
            if (grown > size) {
                delta += grown - size;
                size = grown;
            }
        }
        granted += delta;
        unreturned = 0;
        epochStart = nowNanos;
        return delta;
    }
}
