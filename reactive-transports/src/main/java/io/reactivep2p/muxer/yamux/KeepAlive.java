package io.reactivep2p.muxer.yamux;

import io.reactivep2p.connection.SansIo;

/**
 * When to ping, what the answers say about the round trip, and when silence means that the peer is gone. One ping is under way at a
 * time: the first at the start, the next an interval after the last was answered.
 */
@SansIo
final class KeepAlive {

    static final long NEVER = Long.MAX_VALUE;

    private enum State {
        RESTING,
        DUE,
        SENT
    }

    private final long intervalNanos;
    private final long timeoutNanos;
    private State state = State.RESTING;
    /** The next ping while resting, else when the answer must be there. */
    private long deadline;

    private long lastRead;
    private long sentAt;
    private int value;
    private long rttNanos = -1;

    /** @param intervalNanos 0 for no pings at all */
    KeepAlive(long intervalNanos, long timeoutNanos, long nowNanos) {
        this.intervalNanos = intervalNanos;
        this.timeoutNanos = timeoutNanos;
        this.lastRead = nowNanos;
        if (intervalNanos > 0) {
            becomeDue(nowNanos);
        } else {
            deadline = NEVER;
        }
    }

    long rttNanos() {
        return rttNanos;
    }

    void onRead(long nowNanos) {
        lastRead = nowNanos;
    }

    boolean pingDue() {
        return state == State.DUE;
    }

    /** The ping goes out now. */
    int takePing(long nowNanos) {
        state = State.SENT;
        sentAt = nowNanos;
        return ++value;
    }

    /** An answer; one that was not asked for, or late, is ignored (as in go). */
    void onPong(int answered, long nowNanos) {
        if (state == State.SENT && answered == value) {
            long sample = Math.max(1, nowNanos - sentAt);
            rttNanos = rttNanos < 0 ? sample : (rttNanos + sample) / 2;
            state = State.RESTING;
            deadline = nowNanos + intervalNanos;
        }
    }

    /**
     * Time has passed.
     *
     * @return whether the peer is gone: a ping waits too long, in our queue or for its answer, and nothing else came either
     */
    boolean onTimeout(long nowNanos) {
        if (deadline == NEVER || nowNanos - deadline < 0) {
            return false;
        }
        if (state == State.RESTING) {
            becomeDue(nowNanos);
            return false;
        }
        if (nowNanos - lastRead >= timeoutNanos) {
            return true;
        }
        deadline = lastRead + timeoutNanos;
        return false;
    }

    /** {@link #NEVER}, or when {@link #onTimeout} wants to be called. */
    long nextTimeoutNanos() {
        return deadline;
    }

    private void becomeDue(long nowNanos) {
        state = State.DUE;
        deadline = nowNanos + timeoutNanos;
    }
}
