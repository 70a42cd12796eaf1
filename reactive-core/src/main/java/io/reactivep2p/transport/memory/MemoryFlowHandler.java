package io.reactivep2p.transport.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.DefaultByteBufHolder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands next to the local channel and gives it what a socket has: copied bytes, and a sender that ceases to be writable while the
 * receiver does not read.
 *
 * <p>A write leaves as a {@link Parcel} that knows its sender; the receiver's handler unwraps it and reports it as read. The count of
 * bytes on the way is the only state that two event loops touch.
 */
final class MemoryFlowHandler extends ChannelDuplexHandler {

    /** The channel's user-defined writability flag that is ours; handlers of tests may use others. */
    private static final int WRITABILITY_FLAG = 31;

    private final AtomicLong onTheWay = new AtomicLong();

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof ByteBuf bytes)) {
            ctx.write(message, promise);
            return;
        }
        int length = bytes.readableBytes();
        ByteBuf copy;
        try {
            copy = ctx.alloc().buffer(length, length).writeBytes(bytes);
        } finally {
            bytes.release();
        }
        ctx.write(new Parcel(copy, this, ctx.channel()), promise);
        if (onTheWay.addAndGet(length) > ctx.channel().config().getWriteBufferHighWaterMark()) {
            writable(ctx.channel(), false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof Parcel parcel)) {
            ctx.fireChannelRead(message);
            return;
        }
        ByteBuf bytes = parcel.content();
        int length = bytes.readableBytes();
        if (length == 0) {
            bytes.release();
        } else {
            ctx.fireChannelRead(bytes);
        }
        parcel.flow.read(parcel.sender, length);
    }

    /**
     * Called on the receiver's event loop. No wake-up is lost: the sender closes the gate only after it has counted beyond the high
     * mark, so the low mark is crossed after that, and the task runs on the sender's loop behind the closing.
     */
    private void read(Channel sender, int length) {
        long low = sender.config().getWriteBufferLowWaterMark();
        long left = onTheWay.addAndGet(-length);
        if (left <= low && left + length > low && sender.isOpen()) {
            sender.eventLoop().execute(() -> {
                if (onTheWay.get() <= low) {
                    writable(sender, true);
                }
            });
        }
    }

    private static void writable(Channel channel, boolean writable) {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        if (outbound != null) {
            outbound.setUserDefinedWritability(WRITABILITY_FLAG, writable);
        }
    }

    /** Bytes on the way; whoever drops it undelivered releases them as those of any holder. */
    private static final class Parcel extends DefaultByteBufHolder {

        private final MemoryFlowHandler flow;
        private final Channel sender;

        Parcel(ByteBuf bytes, MemoryFlowHandler flow, Channel sender) {
            super(bytes);
            this.flow = flow;
            this.sender = sender;
        }
    }
}
