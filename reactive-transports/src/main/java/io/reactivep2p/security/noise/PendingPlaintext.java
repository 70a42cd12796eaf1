package io.reactivep2p.security.noise;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Written buffers that wait to be encrypted, oldest first. A list of nodes, so that nothing of a burst stays behind. */
final class PendingPlaintext {

    private static final class Write {
        final ByteBuf buffer;
        final ChannelPromise promise;

        @Nullable
        Write next;

        Write(ByteBuf buffer, ChannelPromise promise) {
            this.buffer = buffer;
            this.promise = promise;
        }
    }

    private @Nullable Write head;
    private @Nullable Write tail;
    private int bytes;

    boolean isEmpty() {
        return head == null;
    }

    int bytes() {
        return bytes;
    }

    void add(ByteBuf buffer, ChannelPromise promise) {
        Write write = new Write(buffer, promise);
        if (tail == null) {
            head = write;
        } else {
            tail.next = write;
        }
        tail = write;
        bytes += buffer.readableBytes();
    }

    /**
     * Adds the plaintext of the next frame to {@code target}, as much as there is and fits.
     *
     * @param ended takes the promises of the writes whose last byte is in the frame
     * @return the number of bytes
     */
    int moveTo(ByteBuf target, FramePromise ended) {
        int length = 0;
        Write write = head;
        // A full frame still takes the empty writes behind it, so that they never need one of their own.
        while (write != null && (target.isWritable() || !write.buffer.isReadable())) {
            int chunk = Math.min(write.buffer.readableBytes(), target.writableBytes());
            target.writeBytes(write.buffer, chunk);
            length += chunk;
            if (write.buffer.isReadable()) {
                break;
            }
            write.buffer.release();
            ended.add(write.promise);
            write = write.next;
        }
        head = write;
        if (write == null) {
            tail = null;
        }
        bytes -= length;
        return length;
    }

    /** Releases everything and fails its promises. */
    void fail(Throwable cause) {
        Write write = head;
        head = null;
        tail = null;
        bytes = 0;
        while (write != null) {
            write.buffer.release();
            write.promise.tryFailure(cause);
            write = write.next;
        }
    }

    /** Gathers the promises that one frame keeps. */
    static final class FramePromise {

        private @Nullable ChannelPromise last;
        private @Nullable List<ChannelPromise> others;

        void add(ChannelPromise promise) {
            if (last == null || last.isVoid()) {
                last = promise;
            } else if (!promise.isVoid()) {
                if (others == null) {
                    others = new ArrayList<>();
                }
                others.add(promise);
            }
        }

        /** The promise to write the frame with: the writer's own if it is the only one. */
        ChannelPromise of(ChannelHandlerContext ctx) {
            ChannelPromise promise = last;
            if (promise == null) {
                return ctx.newPromise();
            }
            List<ChannelPromise> rest = others;
            if (rest != null) {
                promise.addListener(future -> {
                    for (ChannelPromise other : rest) {
                        if (future.isSuccess()) {
                            other.trySuccess();
                        } else {
                            other.tryFailure(future.cause());
                        }
                    }
                });
            }
            return promise;
        }
    }
}
