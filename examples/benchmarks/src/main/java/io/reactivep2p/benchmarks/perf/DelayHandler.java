package io.reactivep2p.benchmarks.perf;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * A long line: what arrives is handed on a fixed time later, in order. It takes no bandwidth away and holds what is in flight, which the
 * windows of the layers above bound.
 */
final class DelayHandler extends ChannelInboundHandlerAdapter {

    /** More than all windows of one connection together. */
    static final int MAX_IN_FLIGHT = 256 << 20;

    private record Arrival(Object message, int bytes, long due) {}

    private final long delayNanos;
    private final ArrayDeque<Arrival> inFlight = new ArrayDeque<>();
    private long bytesInFlight;
    private boolean armed;

    DelayHandler(Duration delay) {
        this.delayNanos = delay.toNanos();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        int bytes = message instanceof ByteBuf buffer ? buffer.readableBytes() : 0;
        bytesInFlight += bytes;
        if (bytesInFlight > MAX_IN_FLIGHT) {
            ReferenceCountUtil.release(message);
            drop();
            ctx.close();
            throw new IllegalStateException(
                    "more than " + MAX_IN_FLIGHT + " bytes in flight: nobody bounds the sender");
        }
        inFlight.add(new Arrival(message, bytes, System.nanoTime() + delayNanos));
        arm(ctx);
    }

    /** Follows each delivery instead. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {}

    private void arm(ChannelHandlerContext ctx) {
        Arrival first = inFlight.peek();
        if (armed || first == null) {
            return;
        }
        armed = true;
        ctx.executor().schedule(() -> deliver(ctx), Math.max(0, first.due - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void deliver(ChannelHandlerContext ctx) {
        armed = false;
        long now = System.nanoTime();
        boolean delivered = false;
        for (Arrival first = inFlight.peek(); first != null && first.due - now <= 0; first = inFlight.peek()) {
            delivered = true;
            handOn(ctx);
        }
        if (delivered) {
            ctx.fireChannelReadComplete();
        }
        arm(ctx);
    }

    private void handOn(ChannelHandlerContext ctx) {
        Arrival arrival = inFlight.remove();
        bytesInFlight -= arrival.bytes;
        ctx.fireChannelRead(arrival.message);
    }

    /** The end of the line comes after all that was sent, and not late: nothing is measured any more. */
    private void flushOut(ChannelHandlerContext ctx) {
        boolean any = !inFlight.isEmpty();
        while (!inFlight.isEmpty()) {
            handOn(ctx);
        }
        if (any) {
            ctx.fireChannelReadComplete();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        flushOut(ctx);
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        flushOut(ctx);
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        drop();
    }

    private void drop() {
        inFlight.forEach(arrival -> ReferenceCountUtil.release(arrival.message));
        inFlight.clear();
        bytesInFlight = 0;
    }
}
