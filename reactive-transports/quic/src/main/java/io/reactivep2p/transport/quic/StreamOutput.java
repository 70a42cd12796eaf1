package io.reactivep2p.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.reactivep2p.connection.SansIo;
import java.util.ArrayDeque;

/**
 * What was written to a stream and not passed to QUIC yet. It leaves in large direct pieces, since each piece passed on costs a call into
 * native code and a round of packets, and heap memory must be copied there anyway.
 */
@SansIo
final class StreamOutput {

    /** With so much waiting the writer is to pause. */
    static final int PAUSE_BYTES = 128 * 1024;

    /** The largest piece; some 45 packets. */
    static final int PIECE_BYTES = 64 * 1024;

    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>(2);
    private int bytes;

    /** Takes over {@code data}, which is not empty. */
    void add(ByteBuf data) {
        bytes += data.readableBytes();
        waiting.add(data);
    }

    int bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return bytes == 0;
    }

    boolean takesMore() {
        return bytes < PAUSE_BYTES;
    }

    /** The next piece, at most {@code limit} bytes of it, which the caller owns; there must be one. */
    ByteBuf take(ByteBufAllocator allocator, int limit) {
        int length = Math.min(bytes, Math.min(limit, PIECE_BYTES));
        ByteBuf first = waiting.element();
        bytes -= length;
        if (first.readableBytes() == length && first.isDirect() && first.nioBufferCount() == 1) {
            return waiting.remove();
        }
        ByteBuf piece = allocator.directBuffer(length);
        int missing = length;
        while (missing > 0) {
            ByteBuf head = waiting.element();
            int part = Math.min(missing, head.readableBytes());
            piece.writeBytes(head, part);
            missing -= part;
            if (!head.isReadable()) {
                waiting.remove().release();
            }
        }
        return piece;
    }

    void release() {
        bytes = 0;
        waiting.forEach(ByteBuf::release);
        waiting.clear();
    }
}
