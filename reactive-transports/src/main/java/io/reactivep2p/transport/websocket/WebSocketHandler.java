package io.reactivep2p.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.UnsupportedMessageTypeException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolViolationException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An open WebSocket: bytes above, binary frames below. Nothing waits here: what is written goes on at once, in frames of at most
 * {@link #MAX_CHUNK}, and the payload of frames goes up as it comes.
 */
final class WebSocketHandler extends ChannelDuplexHandler {

    /** The most payload of a frame that we send. Other implementations buffer a frame before they read it. */
    static final int MAX_CHUNK = 128 * 1024;

    /** How long a close frame may take to leave; as go-libp2p. */
    static final Duration CLOSE_TIME = Duration.ofMillis(100);

    /** Up to this a payload is copied behind its header, which costs less than a buffer of its own. Ours. */
    private static final int SMALL = 512;

    private final FrameReader reader;
    private final FrameWriter writer;

    /** What came before anyone asked for it: behind the opening handshake, or because TLS reads on by itself. */
    private @Nullable ByteBuf held;

    private boolean asked;

    /** Our close frame is on its way, or we failed: nothing goes out or up any more. */
    private boolean closing;

    /** Whether a pong has not left yet, and the payload of the one after it: only the last ping needs an answer (section 5.5.3). */
    private boolean ponging;

    private byte @Nullable [] nextPong;

    /** Since the last {@code channelReadComplete}: whether bytes came, and whether any of them went up. */
    private boolean received;

    private boolean delivered;

    /** @param held what was read behind the handshake; taken over */
    WebSocketHandler(FrameReader reader, FrameWriter writer, @Nullable ByteBuf held) {
        this.reader = reader;
        this.writer = writer;
        this.held = held;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof ByteBuf payload)) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new UnsupportedMessageTypeException(message, ByteBuf.class));
            return;
        }
        // Uncancellable, because half a frame must not be dropped.
        if (closing || (!promise.isVoid() && !promise.setUncancellable())) {
            payload.release();
            promise.tryFailure(new ConnectionClosedException(ErrorCode.NONE, false));
            return;
        }
        if (!payload.isReadable()) {
            ctx.write(payload, promise); // its promise is kept when what was written before has left
            return;
        }
        try {
            if (writer.isMasking() || payload.readableBytes() <= SMALL) {
                writeCopy(ctx, payload, promise);
            } else {
                writeSlices(ctx, payload, promise);
            }
        } catch (RuntimeException | Error failure) {
            // Without memory for a frame, say. Its bytes are gone, so nothing may follow them.
            ConnectionClosedException cause = new ConnectionClosedException(ErrorCode.NONE, false, failure);
            promise.tryFailure(cause);
            closing = true;
            ctx.fireExceptionCaught(cause);
            ctx.close();
        }
    }

    private void writeCopy(ChannelHandlerContext ctx, ByteBuf payload, ChannelPromise promise) {
        try {
            while (payload.readableBytes() > MAX_CHUNK) {
                ctx.write(writer.data(payload, MAX_CHUNK));
            }
            ctx.write(writer.data(payload, payload.readableBytes()), promise);
        } finally {
            payload.release();
        }
    }

    private void writeSlices(ChannelHandlerContext ctx, ByteBuf payload, ChannelPromise promise) {
        boolean handedOn = false;
        try {
            while (payload.readableBytes() > MAX_CHUNK) {
                ctx.write(writer.header(MAX_CHUNK));
                ctx.write(payload.readRetainedSlice(MAX_CHUNK));
            }
            ctx.write(writer.header(payload.readableBytes()));
            handedOn = true;
            ctx.write(payload, promise);
        } finally {
            if (!handedOn) {
                payload.release();
            }
        }
    }

    @Override
    public void read(ChannelHandlerContext ctx) {
        boolean first = !asked;
        asked = true;
        if (held == null) {
            ctx.read();
        } else if (first) {
            // Not in this turn: who asks is not ready before its method ends.
            ctx.executor().execute(() -> handOn(ctx));
        }
    }

    private void handOn(ChannelHandlerContext ctx) {
        ByteBuf bytes = held;
        held = null;
        if (bytes == null) { // closed meanwhile
            return;
        }
        channelRead(ctx, bytes);
        channelReadComplete(ctx);
        if (ctx.channel().config().isAutoRead()) {
            ctx.read();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf in)) {
            ctx.fireChannelRead(message);
            return;
        }
        if (!asked || held != null) {
            hold(ctx, in);
            return;
        }
        received = true;
        try {
            while (!closing) {
                FramePiece piece = reader.next(in);
                if (piece == null) {
                    return;
                }
                on(ctx, piece);
            }
        } catch (WebSocketException e) {
            fail(ctx, e);
        } finally {
            in.release();
        }
    }

    /** No more than the reads that were under way when the handshake ended. */
    private void hold(ChannelHandlerContext ctx, ByteBuf in) {
        ByteBuf before = held;
        if (before == null) {
            held = in;
            return;
        }
        try {
            held = ctx.alloc()
                    .buffer(before.readableBytes() + in.readableBytes())
                    .writeBytes(before)
                    .writeBytes(in);
        } finally {
            before.release();
            in.release();
        }
    }

    private void on(ChannelHandlerContext ctx, FramePiece piece) {
        if (piece instanceof FramePiece.Data data) {
            delivered = true;
            ctx.fireChannelRead(data.bytes());
        } else if (piece instanceof FramePiece.Ping ping) {
            pong(ctx, ping.payload());
        } else if (piece instanceof FramePiece.Close close) {
            // The same code is the answer (section 5.5.1), and there is no half-closed WebSocket.
            closeWith(ctx, close.code(), ctx.newPromise());
        }
    }

    /** One at a time, so that pings that nobody takes the answers of fill no memory. */
    private void pong(ChannelHandlerContext ctx, byte[] payload) {
        if (ponging) {
            nextPong = payload;
            return;
        }
        ponging = true;
        ctx.writeAndFlush(writer.control(Opcode.PONG, Unpooled.wrappedBuffer(payload)))
                .addListener(sent -> {
                    ponging = false;
                    byte[] next = nextPong;
                    nextPong = null;
                    if (next != null && sent.isSuccess() && !closing) {
                        pong(ctx, next);
                    }
                });
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (received && !delivered && !closing && !ctx.channel().config().isAutoRead()) {
            // Who asked for bytes above has been given none: a control frame came, or part of a header.
            ctx.read();
        }
        received = false;
        delivered = false;
        ctx.fireChannelReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent) {
            ctx.close(); // TLS has ended, and nothing can be told to anybody any more
        }
        ctx.fireUserEventTriggered(event);
    }

    private void fail(ChannelHandlerContext ctx, WebSocketException cause) {
        closeWith(ctx, cause.code().value(), ctx.newPromise());
        ctx.fireExceptionCaught(new ProtocolViolationException(String.valueOf(cause.getMessage()), cause));
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (closing) {
            ctx.channel().closeFuture().addListener(closed -> promise.trySuccess());
        } else {
            closeWith(ctx, CloseCode.NORMAL.value(), promise);
        }
    }

    /** Says so, and closes when that has left, or has had its time. */
    private void closeWith(ChannelHandlerContext ctx, int code, ChannelPromise promise) {
        closing = true;
        if (!ctx.channel().isActive()) {
            ctx.close(promise);
            return;
        }
        ByteBuf payload = ctx.alloc().buffer(Short.BYTES);
        try {
            if (code != CloseCode.NONE) {
                payload.writeShort(code);
            }
            ChannelFuture sent = ctx.writeAndFlush(writer.control(Opcode.CLOSE, payload));
            if (sent.isDone()) {
                ctx.close(promise);
                return;
            }
            Future<?> timer =
                    ctx.executor().schedule(() -> ctx.close(promise), CLOSE_TIME.toNanos(), TimeUnit.NANOSECONDS);
            sent.addListener(done -> {
                if (timer.cancel(false)) {
                    ctx.close(promise);
                }
            });
        } finally {
            payload.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        end();
    }

    private void end() {
        closing = true;
        ByteBuf left = held;
        held = null;
        ReferenceCountUtil.release(left);
    }
}
