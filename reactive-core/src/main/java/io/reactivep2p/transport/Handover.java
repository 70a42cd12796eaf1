package io.reactivep2p.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;

/**
 * Waits for the channel to be active, leaves the pipeline and hands the channel over.
 *
 * <p>A handler before this one that has work to do first, a handshake for one, keeps {@code channelActive} back until it is done, or
 * fires the exception that ended it.
 */
final class Handover extends ChannelInboundHandlerAdapter {

    private final Consumer<Channel> receiver;
    private final Consumer<Throwable> failed;
    private boolean done;

    /** @param failed told of what ended the channel before it was handed over; the first word counts */
    Handover(Consumer<Channel> receiver, Consumer<Throwable> failed) {
        this.receiver = receiver;
        this.failed = failed;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        done = true;
        Channel channel = ctx.channel();
        ctx.pipeline().remove(this);
        receiver.accept(channel);
    }

    /** With the pipeline of a channel that closed, if a handler before this one kept back that it was active. */
    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!done) {
            failed.accept(new ClosedChannelException());
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failed.accept(cause);
        ctx.close();
    }
}
