package io.reactivep2p.upgrade;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.multistream.NegotiationException;
import io.reactivep2p.multistream.NegotiationSession;
import java.util.function.Consumer;

/**
 * A multistream-select negotiation on a whole channel. When it is agreed, {@code next} adds the handler of the next layer to the end of
 * the pipeline, this handler leaves it, and the bytes behind the negotiation go on to the newcomer, all in one turn of the event loop.
 */
final class NegotiationHandler extends ChannelInboundHandlerAdapter {

    private final NegotiationSession session;
    private final Upgrade upgrade;
    private final Consumer<ProtocolId> next;

    NegotiationHandler(NegotiationSession session, Upgrade upgrade, Consumer<ProtocolId> next) {
        this.session = session;
        this.upgrade = upgrade;
        this.next = next;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        drain(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (upgrade.isOver() || !(message instanceof ByteBuf in)) {
            ReferenceCountUtil.release(message);
            return;
        }
        ProtocolId selected = null;
        boolean handedOn = false;
        try {
            session.onData(in);
            drain(ctx);
            selected = session.selected();
            if (selected != null) {
                next.accept(selected);
                if (!ctx.isRemoved()) { // a channel that was closed meanwhile has emptied its pipeline
                    ctx.pipeline().remove(this);
                }
                if (in.isReadable()) {
                    handedOn = true;
                    // The context knows its place also after the handler has left, and the newcomer stands behind it.
                    ctx.fireChannelRead(in);
                }
            }
        } catch (NegotiationException e) {
            upgrade.fail(e);
        } finally {
            if (!handedOn) {
                in.release();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        upgrade.closedByRemote();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        upgrade.fail(cause);
    }

    private void drain(ChannelHandlerContext ctx) {
        ByteBuf output = session.pollOutput();
        if (output != null) {
            ctx.writeAndFlush(output, ctx.voidPromise());
        }
    }
}
