package io.reactivep2p.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.ByteArrayOutputStream;

/** The last handler of a channel under test: keeps the bytes that reach it, and what went wrong. */
final class ByteCollector extends ChannelInboundHandlerAdapter {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private volatile boolean inactive;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf data = (ByteBuf) message;
        byte[] copy = new byte[data.readableBytes()];
        data.readBytes(copy);
        data.release();
        synchronized (bytes) {
            bytes.writeBytes(copy);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        inactive = true;
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close(); // what a muxer does
    }

    byte[] bytes() {
        synchronized (bytes) {
            return bytes.toByteArray();
        }
    }

    boolean inactive() {
        return inactive;
    }
}
