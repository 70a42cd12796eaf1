package io.reactivep2p.transport.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads an accepted connection's first bytes and asks whose it is; keeps {@code channelActive} back until then. The bytes stay here until
 * they are asked for, then this handler leaves.
 */
final class FirstBytesHandler extends ChannelDuplexHandler {

    /** How long the first bytes may take. Ours; go-libp2p gives identification and acceptance 30 s together. */
    static final Duration TIME_LIMIT = Duration.ofSeconds(5);

    /** Who is asked. */
    @FunctionalInterface
    interface Decision {

        /** Adds what handles such a connection behind {@code here}; {@code false} if nobody wants it. */
        boolean decided(ChannelHandlerContext here, FirstBytes kind);
    }

    private final Decision decision;
    private final FirstBytesReader reader = new FirstBytesReader();

    private @Nullable ByteBuf held;
    private @Nullable Future<?> timer;
    private boolean decided;
    private boolean handingOn;

    FirstBytesHandler(Decision decision) {
        this.decision = decision;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        timer = ctx.executor().schedule(() -> ctx.close(), TIME_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf in)) {
            ReferenceCountUtil.release(message);
            return;
        }
        FirstBytes kind = decided ? null : reader.onBytes(in);
        hold(ctx, in);
        if (kind == null) {
            return;
        }
        decided = true;
        stopTimer();
        if (decision.decided(ctx, kind)) {
            ctx.fireChannelActive();
        } else {
            ctx.close();
        }
    }

    /** At most a read after the few bytes that did not suffice. */
    private void hold(ChannelHandlerContext ctx, ByteBuf in) {
        ByteBuf before = held;
        if (before == null) {
            held = in;
            return;
        }
        try {
            held = ctx.alloc()
                    .buffer(before.readableBytes() + in.readableBytes())
                    .writeBytes(before)
                    .writeBytes(in);
        } finally {
            before.release();
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!decided) {
            ctx.read();
        }
    }

    @Override
    public void read(ChannelHandlerContext ctx) {
        if (!decided) {
            return; // we read of our own accord
        }
        if (!handingOn) {
            // Not in this turn: who asks is not ready before its method ends.
            handingOn = true;
            ctx.executor().execute(() -> handOn(ctx));
        }
    }

    private void handOn(ChannelHandlerContext ctx) {
        ByteBuf bytes = held;
        held = null;
        if (bytes == null || ctx.isRemoved()) { // closed meanwhile
            ReferenceCountUtil.release(bytes);
            return;
        }
        boolean more = ctx.channel().config().isAutoRead();
        ctx.pipeline().remove(this);
        // The context knows its place also after the handler has left.
        ctx.fireChannelRead(bytes);
        ctx.fireChannelReadComplete();
        if (more) {
            ctx.channel().read();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stopTimer();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        stopTimer();
        ByteBuf left = held;
        held = null;
        ReferenceCountUtil.release(left);
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
