package io.reactivep2p.security.noise;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.security.SecuredConnection;
import io.reactivep2p.transport.RawConnection;
import reactor.core.publisher.MonoSink;

/** Carries the messages of a {@link NoiseHandshake}, then makes way for a {@link NoiseHandler}. */
final class NoiseHandshakeHandler extends ChannelInboundHandlerAdapter {

    private final RawConnection raw;
    private final AeadEngine engine;
    private final NoiseIdentity identity;
    private final NoiseHandshake handshake;
    private final NoiseFrameReader reader;
    private final MonoSink<SecuredConnection> sink;

    private boolean finished;
    private volatile boolean cancelled;

    NoiseHandshakeHandler(
            RawConnection raw,
            AeadEngine engine,
            NoiseIdentity identity,
            NoiseHandshake handshake,
            MonoSink<SecuredConnection> sink) {
        this.raw = raw;
        this.engine = engine;
        this.identity = identity;
        this.handshake = handshake;
        this.reader = new NoiseFrameReader(raw.channel().alloc());
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
            fail(ctx, new HandshakeException("noise: the connection was closed before the handshake"));
            return;
        }
        byte[] first = handshake.begin();
        if (first != null) {
            ctx.writeAndFlush(frame(ctx, first));
        }
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
            byte[] array = engine.scratch().message;
            while (!finished) {
                int length = reader.next(in, array, 0, handshake.maxMessageLength());
                if (length == NoiseFrameReader.INCOMPLETE) {
                    return;
                }
                onMessage(ctx, array, length);
            }
            // What follows the last message is of the transport phase. It reaches the handler that took our place, or
            // after a failure
            // nobody.
            if (handshake.result() != null && in.isReadable()) {
                ctx.fireChannelRead(in.readRetainedSlice(in.readableBytes()));
            }
        } catch (HandshakeException e) {
            fail(ctx, e);
        } catch (ProtocolViolationException e) {
            fail(ctx, new HandshakeException(e.getMessage() + " for " + handshake.awaited(), e));
        } finally {
            in.release();
        }
    }

    private void onMessage(ChannelHandlerContext ctx, byte[] array, int length) {
        byte[] answer = handshake.onMessage(array, length);
        NoiseHandshake.Result result = handshake.result();
        if (answer != null) {
            ctx.write(frame(ctx, answer));
        }
        if (result == null) {
            ctx.flush();
        } else {
            succeed(ctx, result);
        }
    }

    private void succeed(ChannelHandlerContext ctx, NoiseHandshake.Result result) {
        finished = true;
        ctx.pipeline().replace(this, null, new NoiseHandler(engine, result.keys(), reader));
        if (!cancelled) {
            sink.success(new SecuredConnection(
                    raw, identity.peer(), result.remotePeer(), result.remoteKey(), Noise.PROTOCOL, result.muxer()));
        }
        // Only now, so that the last message of the handshake and the first bytes of the next layer share a packet.
        ctx.flush();
    }

    private void fail(ChannelHandlerContext ctx, HandshakeException cause) {
        if (finished) {
            return;
        }
        finished = true;
        reader.close();
        ctx.close();
        if (!cancelled) {
            sink.error(cause);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(ctx, new HandshakeException("noise: the connection was closed while waiting for " + handshake.awaited()));
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(
                ctx,
                new HandshakeException(
                        "noise: the connection failed while waiting for " + handshake.awaited() + ": " + cause, cause));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        // Every handshake ends so: an exception for nobody would cost more than a hash.
        if (!finished) {
            fail(
                    ctx,
                    new HandshakeException("noise: the handler was removed while waiting for " + handshake.awaited()));
        }
    }

    private static ByteBuf frame(ChannelHandlerContext ctx, byte[] content) {
        return ctx.alloc()
                .ioBuffer(NoiseFrames.HEADER_LENGTH + content.length)
                .writeShort(content.length)
                .writeBytes(content);
    }
}
