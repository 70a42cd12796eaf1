package io.reactivep2p.security.plaintext;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.security.SecuredConnection;
import io.reactivep2p.security.SecurityParameters;
import io.reactivep2p.transport.RawConnection;
import reactor.core.publisher.MonoSink;

/** Sends our exchange, waits for the remote peer's, and leaves: nothing of it stays in the data path. */
final class PlaintextHandler extends ChannelInboundHandlerAdapter {

    private final RawConnection raw;
    private final PublicKey localKey;
    private final PlaintextExchange exchange;
    private final MonoSink<SecuredConnection> sink;

    private boolean finished;
    private volatile boolean cancelled;

    PlaintextHandler(RawConnection raw, SecurityParameters parameters, MonoSink<SecuredConnection> sink) {
        this.raw = raw;
        this.localKey = parameters.identity().publicKey();
        this.exchange = new PlaintextExchange(parameters.expectedPeer());
        this.sink = sink;
    }

    /** From any thread. */
    void cancel() {
        cancelled = true;
        raw.channel().close();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (!ctx.channel().isActive()) {
            fail(ctx, new HandshakeException("plaintext: the connection was closed before the handshake"));
            return;
        }
        ByteBuf ours = ctx.alloc().buffer();
        PlaintextExchange.write(localKey, ours);
        ctx.writeAndFlush(ours, ctx.voidPromise());
        // In case we are the first layer: nothing was read until now.
        ctx.channel().config().setAutoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf in)) {
            ReferenceCountUtil.release(message);
            return;
        }
        try {
            PublicKey remote = finished ? null : exchange.onBytes(in);
            if (remote != null) {
                succeed(ctx, remote);
                if (in.isReadable()) {
                    // Of the next layer already.
                    ctx.fireChannelRead(in.readRetainedSlice(in.readableBytes()));
                }
            }
        } catch (HandshakeException e) {
            fail(ctx, e);
        } finally {
            in.release();
        }
    }

    private void succeed(ChannelHandlerContext ctx, PublicKey remote) {
        finished = true;
        if (!cancelled) {
            sink.success(new SecuredConnection(
                    raw, PeerId.of(localKey), PeerId.of(remote), remote, Plaintext.PROTOCOL, null));
        }
        // After the next layer has been added, so that what this one still passes on finds it.
        ctx.pipeline().remove(this);
    }

    private void fail(ChannelHandlerContext ctx, HandshakeException cause) {
        if (finished) {
            return;
        }
        finished = true;
        ctx.close();
        if (!cancelled) {
            sink.error(cause);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(ctx, new HandshakeException("plaintext: the connection was closed while waiting for the exchange"));
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(
                ctx,
                new HandshakeException(
                        "plaintext: the connection failed while waiting for the exchange: " + cause, cause));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        fail(ctx, new HandshakeException("plaintext: the handler was removed while waiting for the exchange"));
    }
}
