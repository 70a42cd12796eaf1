package io.reactivep2p.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.reactivep2p.security.HandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Carries the messages of an {@link Opening}, behind TLS where that is wanted, then makes way for a {@link WebSocketHandler} and lets
 * {@code channelActive} pass. One time limit holds for all of it. What goes wrong is fired as a {@link HandshakeException}.
 */
final class UpgradeHandler extends ChannelDuplexHandler {

    /** Makes the handler for frames, of what was read behind the handshake. */
    @FunctionalInterface
    interface Frames {

        WebSocketHandler open(ChannelHandlerContext ctx, @Nullable ByteBuf behind);
    }

    private final Opening opening;
    private final Function<ChannelHandlerContext, @Nullable SslHandler> tls;
    private final Frames next;
    private final Duration timeLimit;
    private final HttpHeadReader reader = new HttpHeadReader();

    private @Nullable Future<?> timer;
    private boolean secured;
    private boolean finished;

    /**
     * @param tls makes the handler for TLS, or {@code null}
     */
    UpgradeHandler(
            Opening opening,
            Function<ChannelHandlerContext, @Nullable SslHandler> tls,
            Frames next,
            Duration timeLimit) {
        this.opening = opening;
        this.tls = tls;
        this.next = next;
        this.timeLimit = timeLimit;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        timer = ctx.executor()
                .schedule(
                        () -> {
                            fail(ctx, "not done within " + timeLimit.toMillis() + " ms", null);
                            ctx.close(); // also if a refusal does not get out
                        },
                        timeLimit.toNanos(),
                        TimeUnit.NANOSECONDS);
        SslHandler handler;
        try {
            handler = tls.apply(ctx);
        } catch (RuntimeException e) {
            fail(ctx, "TLS cannot begin: " + e.getMessage(), e);
            return;
        }
        secured = handler == null;
        if (handler == null) {
            begin(ctx);
        } else {
            // Begins its handshake as it is added, since the channel is active.
            ctx.pipeline().addBefore(ctx.name(), null, handler);
            ctx.read();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent completion) {
            if (!completion.isSuccess()) {
                fail(ctx, "TLS failed: " + completion.cause().getMessage(), completion.cause());
            } else if (!finished) {
                secured = true;
                begin(ctx);
            }
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    private void begin(ChannelHandlerContext ctx) {
        String request = opening.request();
        if (request != null) {
            ctx.writeAndFlush(text(ctx, request));
        }
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (finished || !(message instanceof ByteBuf in)) {
            ReferenceCountUtil.release(message);
            return;
        }
        boolean keep = false;
        try {
            Opening.Outcome outcome = outcome(in);
            if (outcome == null) {
                return;
            }
            if (outcome.refusal() != null) {
                refuse(ctx, outcome.refusal(), outcome.send());
                return;
            }
            keep = in.isReadable();
            succeed(ctx, outcome.send(), keep ? in : null);
        } finally {
            if (!keep) {
                in.release();
            }
        }
    }

    private Opening.@Nullable Outcome outcome(ByteBuf in) {
        try {
            HttpHead head = reader.read(in);
            return head == null ? null : opening.onHead(head);
        } catch (HttpHeadException e) {
            return opening.onMalformedHead(e);
        }
    }

    private void succeed(ChannelHandlerContext ctx, @Nullable String answer, @Nullable ByteBuf behind) {
        finished = true;
        stopTimer();
        if (answer != null) {
            ctx.writeAndFlush(text(ctx, answer));
        }
        WebSocketHandler handler = next.open(ctx, behind);
        ctx.pipeline().replace(this, null, handler);
        // Past the newcomer: it stands behind our place.
        ctx.pipeline().context(handler).fireChannelActive();
    }

    private void refuse(ChannelHandlerContext ctx, String refusal, @Nullable String answer) {
        if (answer == null) {
            fail(ctx, refusal, null);
            return;
        }
        finished = true;
        ctx.writeAndFlush(text(ctx, answer)).addListener(sent -> {
            fire(ctx, refusal, null);
            ctx.close();
        });
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!finished && secured) {
            ctx.read();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(ctx, "closed before " + (secured ? "HTTP" : "TLS") + " was done", null);
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, String.valueOf(cause.getMessage()), cause);
    }

    @Override
    public void read(ChannelHandlerContext ctx) {
        // We read of our own accord, until there is something to read for others.
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        stopTimer();
    }

    private void fail(ChannelHandlerContext ctx, String reason, @Nullable Throwable cause) {
        if (!finished) {
            finished = true;
            stopTimer();
            fire(ctx, reason, cause);
            ctx.close();
        }
    }

    private static void fire(ChannelHandlerContext ctx, String reason, @Nullable Throwable cause) {
        ctx.fireExceptionCaught(new HandshakeException("websocket: " + reason, cause));
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private static ByteBuf text(ChannelHandlerContext ctx, String text) {
        return ctx.alloc().buffer(text.length()).writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
