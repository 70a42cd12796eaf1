package io.reactivep2p.security.noise;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.UnsupportedMessageTypeException;
import io.netty.util.ReferenceCountUtil;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.connection.ProtocolViolationException;

/**
 * The transport phase: plaintext above, frames below. Between two frames it holds two keys and two counters; all else belongs to the
 * event loop ({@link CryptoScratch}).
 *
 * <p>Writes are gathered until a flush, or until they fill a frame, so that the bytes held here stay below one frame and the channel's
 * writability counts the rest. A write's promise is kept when the frame with its last byte is written.
 */
final class NoiseHandler extends ChannelDuplexHandler {

    private final AeadEngine engine;
    private final CipherState outbound;
    private final CipherState inbound;
    private final NoiseFrameReader reader;
    private final PendingPlaintext pending = new PendingPlaintext();

    private boolean closed;

    /** Since the last {@code channelReadComplete}: whether bytes came, and whether any of them went up. */
    private boolean received;

    private boolean delivered;

    /** @param reader of the handshake, whose input may already hold the beginning of our first frame */
    NoiseHandler(AeadEngine engine, HandshakeState.TransportKeys keys, NoiseFrameReader reader) {
        this.engine = engine;
        this.outbound = keys.outbound();
        this.inbound = keys.inbound();
        this.reader = reader;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof ByteBuf buffer)) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new UnsupportedMessageTypeException(message, ByteBuf.class));
            return;
        }
        // Uncancellable, because a promise cancelled later would make the channel drop a frame whose nonce is spent.
        if (closed || !promise.setUncancellable()) {
            buffer.release();
            promise.tryFailure(new ConnectionClosedException(ErrorCode.NONE, false));
            return;
        }
        pending.add(buffer, promise);
        while (!closed && pending.bytes() >= NoiseFrames.MAX_PLAINTEXT) {
            writeFrame(ctx);
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        while (!closed && !pending.isEmpty()) {
            writeFrame(ctx);
        }
        ctx.flush();
    }

    private void writeFrame(ChannelHandlerContext ctx) {
        if (outbound.isExhausted()) {
            fail(ctx, new ConnectionClosedException(ErrorCode.NONE, false, exhausted()));
            return;
        }
        NoiseFrameCodec frames = engine.scratch().frames;
        PendingPlaintext.FramePromise ended = new PendingPlaintext.FramePromise();
        int length = pending.moveTo(frames.plaintext(), ended);
        ChannelPromise promise = ended.of(ctx);
        if (length == 0) {
            promise.trySuccess();
            return;
        }
        try {
            ctx.write(frames.seal(ctx.alloc(), outbound), promise);
        } catch (RuntimeException | Error failure) {
            // Without memory for the frame, say. Its nonce is spent and its bytes are gone, so nothing may follow it.
            ConnectionClosedException cause = new ConnectionClosedException(ErrorCode.NONE, false, failure);
            promise.tryFailure(cause);
            fail(ctx, cause);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf in)) {
            ctx.fireChannelRead(message);
            return;
        }
        received = true;
        try {
            NoiseFrameCodec frames = engine.scratch().frames;
            while (!closed) {
                int length = reader.next(in, AeadCipher.TAG_LENGTH, NoiseFrames.MAX_LENGTH);
                if (length == NoiseFrameReader.INCOMPLETE) {
                    return;
                }
                readFrame(ctx, frames, in, length);
            }
        } catch (ProtocolViolationException e) {
            fail(ctx, e);
        } catch (IllegalStateException e) {
            // The cipher broke, not the peer; but the keys are of no use any more.
            fail(ctx, new ConnectionClosedException(ErrorCode.NONE, false, e));
        } finally {
            in.release();
        }
    }

    private void readFrame(ChannelHandlerContext ctx, NoiseFrameCodec frames, ByteBuf in, int length) {
        if (inbound.isExhausted()) {
            throw new ProtocolViolationException("noise: the remote peer must not send another frame", exhausted());
        }
        ByteBuf plaintext = frames.open(ctx.alloc(), inbound, reader, in, length);
        if (plaintext == null) {
            throw new ProtocolViolationException("noise: a frame of " + length + " bytes cannot be decrypted");
        }
        if (plaintext.isReadable()) {
            delivered = true;
            ctx.fireChannelRead(plaintext);
        } else {
            plaintext.release(); // an empty frame is legal, and says nothing
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (received && !delivered && !ctx.channel().config().isAutoRead()) {
            // Who asked for bytes above has been given none: part of a frame came, or an empty one.
            ctx.read();
        }
        received = false;
        delivered = false;
        ctx.fireChannelReadComplete();
    }

    /** Nothing goes out or up after this. */
    private void fail(ChannelHandlerContext ctx, Libp2pException cause) {
        end(cause);
        ctx.fireExceptionCaught(cause);
        ctx.close();
    }

    private void end(Libp2pException cause) {
        closed = true;
        reader.close();
        pending.fail(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end(new ConnectionClosedException(ErrorCode.NONE, true));
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        end(new ConnectionClosedException(ErrorCode.NONE, false));
    }

    /** The state of the sending direction, for tests and measurements. */
    CipherState outbound() {
        return outbound;
    }

    private static IllegalStateException exhausted() {
        return new IllegalStateException("all 2^64-1 nonces of this direction have been used");
    }
}
