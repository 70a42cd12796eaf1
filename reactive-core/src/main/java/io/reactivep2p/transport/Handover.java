package io.reactivep2p.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;

/** Waits for the channel to be active, leaves the pipeline and hands the channel over. */
final class Handover extends ChannelInboundHandlerAdapter {

    private final Consumer<Channel> receiver;
    private final Runnable closed;
    private boolean done;

    Handover(Consumer<Channel> receiver, Runnable closed) {
        this.receiver = receiver;
        this.closed = closed;
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
            closed.run();
        }
        ctx.fireChannelInactive();
    }
}
