package io.reactivep2p.transport.memory;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;

/**
 * Accepts local channels, none of which outlives its dialer's end.
 *
 * <p>A local channel that closes tells the other end only if that was active by then. A dialer that gives up after it was taken from
 * the queue, and before the accepted end is registered, would leave an accepted connection that nobody ever closes.
 */
final class MemoryServerChannel extends LocalServerChannel {

    @Override
    protected LocalChannel newLocalChannel(LocalChannel dialer) {
        LocalChannel accepted = super.newLocalChannel(dialer);
        accepted.pipeline().addFirst(new DialersEnd(dialer));
        return accepted;
    }

    private static final class DialersEnd extends ChannelInboundHandlerAdapter {

        private final Channel dialer;

        DialersEnd(Channel dialer) {
            this.dialer = dialer;
        }

        /** Closing the two at once is no harm; the listener goes with them. */
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            Channel accepted = ctx.channel();
            ctx.pipeline().remove(this);
            ctx.fireChannelActive();
            dialer.closeFuture().addListener(closed -> accepted.close());
        }
    }
}
