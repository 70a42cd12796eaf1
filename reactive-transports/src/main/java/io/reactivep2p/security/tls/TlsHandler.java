package io.reactivep2p.security.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.security.SecuredConnection;
import io.reactivep2p.security.SecurityParameters;
import io.reactivep2p.transport.RawConnection;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/**
 * Stands behind Netty's {@link SslHandler}, which it brings along: turns the end of the handshake into a result, and afterwards the
 * peer's goodbye into the end of the connection and the engine's failures into ours.
 */
final class TlsHandler extends ChannelInboundHandlerAdapter {

    /** How long the goodbye may take to go out to a peer that does not read, before the channel is closed without. */
    private static final long GOODBYE_MILLIS = TimeUnit.SECONDS.toMillis(1);

    /**
     * Netty's word for: encrypt each write by itself, in as many full records as it takes, into one buffer. Its default gathers writes into
     * records of 16 KiB, and copies every byte for it; muxers gather their small frames already, which is a tenth of the cost.
     */
    private static final int EACH_WRITE_BY_ITSELF = 0;

    private final RawConnection raw;
    private final TlsContext context;
    private final SecurityParameters parameters;
    private final MonoSink<SecuredConnection> sink;

    private @Nullable SslHandler ssl;
    private boolean finished;
    private boolean failed;
    private boolean heard;

    /** Since the last {@code channelReadComplete}: whether any bytes went up. */
    private boolean delivered;

    private volatile boolean cancelled;

    TlsHandler(RawConnection raw, TlsContext context, SecurityParameters parameters, MonoSink<SecuredConnection> sink) {
        this.raw = raw;
        this.context = context;
        this.parameters = parameters;
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
            fail(ctx, new HandshakeException("tls: the connection was closed before the handshake"));
            return;
        }
        SslHandler added = context.newHandler(ctx.alloc(), raw.direction().isInitiator(), parameters.expectedPeer());
        added.setHandshakeTimeoutMillis(0); // the caller's matter
        added.setCloseNotifyFlushTimeoutMillis(GOODBYE_MILLIS);
        added.setWrapDataSize(EACH_WRITE_BY_ITSELF);
        ssl = added;
        ctx.pipeline().addBefore(ctx.name(), null, added);
        // In case we are the first layer: nothing was read until now.
        ctx.channel().config().setAutoRead(true);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent completion) {
            Throwable cause = completion.cause();
            if (cause != null) {
                fail(ctx, TlsFailure.ofHandshake(cause));
            } else if (!finished) {
                onHandshake(ctx);
            }
        } else if (event instanceof SslCloseCompletionEvent) {
            // There is no half-close below the muxer: what the peer will not answer any more need not be sent.
            if (!finished) {
                fail(ctx, new HandshakeException("tls: the peer said goodbye during the handshake"));
            } else {
                ctx.close();
            }
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    private void onHandshake(ChannelHandlerContext ctx) {
        SecuredConnection secured;
        try {
            secured = result();
        } catch (HandshakeException e) {
            fail(ctx, e);
            return;
        }
        finished = true;
        if (!cancelled) {
            sink.success(secured);
        }
    }

    private SecuredConnection result() {
        SslHandler present = ssl;
        if (present == null) {
            throw new HandshakeException("tls: a handshake without an engine");
        }
        SSLEngine engine = present.engine();
        PublicKey hostKey = PeerTrust.hostKey(engine.getSession());
        if (hostKey == null) {
            throw new HandshakeException("tls: the peer has proved no host key");
        }
        return new SecuredConnection(
                raw,
                PeerId.of(parameters.identity().publicKey()),
                PeerId.of(hostKey),
                hostKey,
                Tls.PROTOCOL,
                muxer(engine.getApplicationProtocol()));
    }

    private @Nullable ProtocolId muxer(@Nullable String agreed) {
        if (agreed == null || agreed.isEmpty()) {
            throw new HandshakeException("tls: no common application protocol (ALPN)");
        }
        if (agreed.equals(TlsContext.NO_MUXER)) {
            return null;
        }
        for (ProtocolId muxer : parameters.muxers()) {
            if (muxer.value().equals(agreed)) {
                return muxer;
            }
        }
        throw new HandshakeException("tls: the peer chose the application protocol " + TlsFailure.shortened(agreed)
                + ", which was not offered");
    }

    private void fail(ChannelHandlerContext ctx, HandshakeException cause) {
        if (finished) {
            return;
        }
        finished = true;
        failed = true;
        ctx.close();
        if (!cancelled) {
            sink.error(cause);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (failed) {
            ReferenceCountUtil.release(message);
            return;
        }
        heard = true;
        delivered = true;
        ctx.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (finished && !failed && !delivered) {
            // BoringSSL answers a broken record with an alert, and speaks of it to us only when it is used again: now.
            ctx.flush();
        }
        delivered = false;
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(ctx, new HandshakeException("tls: the connection was closed during the handshake"));
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (failed) {
            return;
        }
        if (!finished) {
            fail(ctx, TlsFailure.ofHandshake(cause));
            return;
        }
        Throwable unwrapped = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (!(unwrapped instanceof SSLException)) {
            ctx.fireExceptionCaught(cause);
            ctx.close();
            return;
        }
        failed = true; // what follows a broken record, newer JDKs' engines read as more of them
        if (heard) {
            ctx.fireExceptionCaught(new ProtocolViolationException(TlsFailure.describe(unwrapped), unwrapped));
        } else {
            // A dialer is done before the listener has verified it: a refusal comes in place of the first bytes.
            ctx.fireExceptionCaught(new HandshakeException(
                    "tls: refused or failed right after the handshake: " + TlsFailure.describe(unwrapped), unwrapped));
        }
        ctx.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        fail(ctx, new HandshakeException("tls: the handler was removed during the handshake"));
    }
}
