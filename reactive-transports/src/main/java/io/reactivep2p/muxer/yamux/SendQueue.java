package io.reactivep2p.muxer.yamux;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.SansIo;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What was written to a stream and has not gone out. Most streams never have more than one buffer here, so the first has a place of its
 * own.
 */
@SansIo
final class SendQueue {

    private @Nullable ByteBuf first;
    private @Nullable ArrayDeque<ByteBuf> more;
    private long bytes;

    long bytes() {
        return bytes;
    }

    /** Takes over {@code data}, which is not empty. */
    void add(ByteBuf data) {
        bytes += data.readableBytes();
        if (first == null) {
            first = data;
            return;
        }
        if (more == null) {
            more = new ArrayDeque<>();
        }
        more.add(data);
    }

    /** Hands {@code count} bytes, no more than there are, to {@code out} in pieces. */
    void emit(FrameOutput out, int count) {
        int missing = count;
        bytes -= count;
        while (missing > 0) {
            ByteBuf head = first;
            if (head == null) {
                throw new IllegalStateException(missing + " bytes fewer are queued than were counted");
            }
            int readable = head.readableBytes();
            if (readable > missing) {
                out.payload(head.readRetainedSlice(missing));
                return;
            }
            missing -= readable;
            first = more == null ? null : more.poll();
            out.payload(head);
        }
    }

    void release() {
        bytes = 0;
        if (first != null) {
            first.release();
            first = null;
        }
        if (more != null) {
            more.forEach(ByteBuf::release);
            more = null;
        }
    }
}
