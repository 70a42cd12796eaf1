package io.reactivep2p.muxer.mplex;

import io.reactivep2p.connection.SansIo;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/**
 * What listeners have been given and have not consumed, per stream and in all: whether the connection may be read, and whose stream to
 * give up when it has not been for too long. See the package documentation.
 */
@SansIo
final class ReceiveBudget {

    static final long NEVER = Long.MAX_VALUE;

    /** What may arrive above a bound while nothing is read: the rest of a read under way. As long as the longest frame. */
    static final int OVERRUN = MplexFrameCodec.MAX_LENGTH;

    /** One stream's part; kept in the stream. */
    static final class Share {

        private int bytes;
        private boolean progressed;
        private long deadline;

        int bytes() {
            return bytes;
        }
    }

    private final int maxStream;
    private final long maxConnection;
    private final long stallNanos;

    private long total;
    /** Streams over their bound, the earliest deadline first. No more than there are streams. */
    private final LinkedHashSet<MplexStream> over = new LinkedHashSet<>();

    private boolean full;
    private boolean fullProgressed;
    private long fullDeadline;

    ReceiveBudget(int maxStream, long maxConnection, long stallNanos) {
        this.maxStream = maxStream;
        this.maxConnection = maxConnection;
        this.stallNanos = stallNanos;
    }

    long total() {
        return total;
    }

    /** Whether a bound is exceeded, so that nothing more should be read. */
    boolean isExceeded() {
        return full || !over.isEmpty();
    }

    /** Whether the stream may be given so many bytes more, read or not. */
    boolean admits(MplexStream stream, int bytes) {
        return (long) stream.share.bytes + bytes <= (long) maxStream + OVERRUN
                && total + bytes <= maxConnection + OVERRUN;
    }

    /** The stream's listener has been given bytes. */
    void onReceived(MplexStream stream, int bytes, long nowNanos) {
        Share share = stream.share;
        share.bytes += bytes;
        total += bytes;
        if (share.bytes > maxStream && over.add(stream)) {
            share.progressed = false;
            share.deadline = nowNanos + stallNanos;
        }
        if (total > maxConnection && !full) {
            full = true;
            fullProgressed = false;
            fullDeadline = nowNanos + stallNanos;
        }
    }

    /** The stream's listener is done with bytes. */
    void onConsumed(MplexStream stream, int bytes) {
        stream.share.progressed = true;
        fullProgressed = true;
        release(stream, Math.min(bytes, stream.share.bytes));
    }

    /** Whatever the stream's listener has is no matter of the connection any more. */
    void forget(MplexStream stream) {
        release(stream, stream.share.bytes);
    }

    private void release(MplexStream stream, int bytes) {
        stream.share.bytes -= bytes;
        total -= bytes;
        if (stream.share.bytes <= maxStream / 2) {
            over.remove(stream);
        }
        if (total <= maxConnection / 2) {
            full = false;
        }
    }

    /** When {@link #stalled} wants to be asked; {@link #NEVER} for not at all. */
    long nextTimeoutNanos() {
        Iterator<MplexStream> first = over.iterator();
        long next = full ? fullDeadline : NEVER;
        if (first.hasNext()) {
            long deadline = first.next().share.deadline;
            if (next == NEVER || deadline - next < 0) {
                next = deadline;
            }
        }
        return next;
    }

    /**
     * Who has kept the connection from being read for too long, and is to be given up; to be asked until there is nobody.
     *
     * @param streams all there are
     */
    @Nullable
    MplexStream stalled(long nowNanos, Collection<MplexStream> streams) {
        while (!over.isEmpty()) {
            MplexStream stream = over.iterator().next();
            Share share = stream.share;
            if (nowNanos - share.deadline < 0) {
                break;
            }
            if (!share.progressed) {
                return stream;
            }
            // Slow is not stalled: it gets as long again, behind the others.
            over.remove(stream);
            share.progressed = false;
            share.deadline = nowNanos + stallNanos;
            over.add(stream);
        }
        if (!full || nowNanos - fullDeadline < 0) {
            return null;
        }
        if (fullProgressed) {
            fullProgressed = false;
            fullDeadline = nowNanos + stallNanos;
            return null;
        }
        return largest(streams);
    }

    private static @Nullable MplexStream largest(Collection<MplexStream> streams) {
        MplexStream largest = null;
        for (MplexStream stream : streams) {
            if (largest == null || stream.share.bytes > largest.share.bytes) {
                largest = stream;
            }
        }
        return largest;
    }
}
