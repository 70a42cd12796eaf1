package io.reactivep2p.security.pnet;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.UnsupportedMessageTypeException;
import io.netty.util.ReferenceCountUtil;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts what goes out and decrypts what comes in, next to the socket. It keeps no bytes: each write becomes one write, each read one
 * read, so that the channel's writability and its promises mean the same on both sides of it.
 */
final class PrivateNetworkHandler extends ChannelDuplexHandler {

    private final PreSharedKey key;
    private final byte[] nonce;
    private final XSalsa20 outbound;

    private final byte[] remoteNonce = new byte[XSalsa20.NONCE_BYTES];
    private int remoteNonceBytes;
    /** There once the remote peer's nonce is complete. */
    private @Nullable XSalsa20 inbound;

    private boolean broken;

    /** Since the last {@code channelReadComplete}: whether bytes came, and whether any of them went up. */
    private boolean received;

    private boolean delivered;

    PrivateNetworkHandler(PreSharedKey key, byte[] nonce) {
        this.key = key;
        this.nonce = nonce;
        this.outbound = key.cipher(nonce);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(ctx.alloc().ioBuffer(nonce.length).writeBytes(nonce), ctx.voidPromise());
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof ByteBuf plaintext)) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new UnsupportedMessageTypeException(message, ByteBuf.class));
            return;
        }
        // Uncancellable, because a promise cancelled later would make the channel drop bytes whose keystream is spent.
        if (broken || !promise.setUncancellable()) {
            plaintext.release();
            promise.tryFailure(new ConnectionClosedException(ErrorCode.NONE, false));
            return;
        }
        ByteBuf ciphertext;
        try {
            ciphertext = applied(ctx, outbound, plaintext);
        } catch (RuntimeException | Error failure) {
            // Without memory, say. These bytes are missing, so nothing may follow them.
            promise.tryFailure(failure);
            fail(ctx, failure);
            return;
        } finally {
            plaintext.release();
        }
        ctx.write(ciphertext, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf in)) {
            ctx.fireChannelRead(message);
            return;
        }
        received = true;
        @Nullable ByteBuf plaintext = null;
        try {
            XSalsa20 cipher = broken ? null : cipher(in);
            if (cipher != null && in.isReadable()) {
                plaintext = applied(ctx, cipher, in);
            }
        } catch (RuntimeException | Error failure) {
            fail(ctx, failure);
        } finally {
            in.release();
        }
        if (plaintext != null) {
            delivered = true;
            ctx.fireChannelRead(plaintext);
        }
    }

    /** The cipher of what is behind the nonce; {@code null} while that is not complete. */
    private @Nullable XSalsa20 cipher(ByteBuf in) {
        if (inbound == null) {
            int more = Math.min(in.readableBytes(), remoteNonce.length - remoteNonceBytes);
            in.readBytes(remoteNonce, remoteNonceBytes, more);
            remoteNonceBytes += more;
            if (remoteNonceBytes == remoteNonce.length) {
                inbound = key.cipher(remoteNonce);
            }
        }
        return inbound;
    }

    /** To a buffer of its own: who wrote the bytes, or passed them up, may have kept them. */
    private static ByteBuf applied(ChannelHandlerContext ctx, XSalsa20 cipher, ByteBuf in) {
        int length = in.readableBytes();
        ByteBuf out = ctx.alloc().heapBuffer(length, length);
        boolean done = false;
        try {
            in.readBytes(out.array(), out.arrayOffset(), length);
            cipher.apply(out.array(), out.arrayOffset(), length);
            done = true;
            return out.writerIndex(length);
        } finally {
            if (!done) {
                out.release();
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (received && !delivered && !ctx.channel().config().isAutoRead()) {
            // Who asked for bytes above has been given none, only the nonce came.
            ctx.read();
        }
        received = false;
        delivered = false;
        ctx.fireChannelReadComplete();
    }

    private void fail(ChannelHandlerContext ctx, Throwable failure) {
        broken = true;
        ctx.fireExceptionCaught(new ConnectionClosedException(ErrorCode.NONE, false, failure));
        ctx.close();
    }
}
