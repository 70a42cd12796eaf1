package io.reactivep2p.muxer.yamux;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.muxer.SecuredMuxedConnection;
import io.reactivep2p.muxer.StreamOpening;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The shell around a {@link YamuxSession}: feeds it what the channel reads, moves frames from it into the channel while that is
 * writable, and keeps its one timer. It always reads; the windows bound what can arrive.
 *
 * <p>Frames go out in rounds with one flush each: at the end of a read, at a flush from elsewhere, when the channel turns writable.
 */
final class YamuxHandler extends ChannelInboundHandlerAdapter
        implements YamuxShell, SecuredMuxedConnection.Muxing, Runnable {

    /**
     * What goes into the channel between two flushes: the content of four of the largest Noise frames, so that a stream that has more
     * leaves no short frame behind them.
     */
    private static final int ROUND_BYTES = 4 * 65_519;
    /** After so many rounds in a row others on the event loop get their turn. */
    private static final int MAX_ROUNDS = 16;
    /** How long the goodbye may take to go out before the channel is closed without. */
    private static final long GOODBYE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final YamuxOptions options;
    private final Direction direction;
    private final Sinks.Empty<Void> closed = Sinks.empty();

    // Set when the handler is added, which is before anyone can see it.
    private @Nullable ChannelHandlerContext context;
    private @Nullable YamuxSession session;
    private @Nullable FrameBatch batch;
    private @Nullable Consumer<ByteBuf> writer;

    private boolean reading;
    private boolean draining;
    private boolean taskQueued;
    private boolean goodbyeSaid;
    private @Nullable ScheduledFuture<?> timer;
    private long timerDeadline;

    private volatile long rttNanos = -1;
    private volatile @Nullable ConnectionClosedException closeCause;

    YamuxHandler(YamuxOptions options, Direction direction) {
        this.options = options;
        this.direction = direction;
    }

    // ---- what the connection calls

    YamuxSession session() {
        YamuxSession present = session;
        if (present == null) {
            throw new IllegalStateException("yamux is not in a pipeline");
        }
        return present;
    }

    @Override
    public long rttNanos() {
        return rttNanos;
    }

    @Override
    public @Nullable ConnectionClosedException closeCause() {
        return closeCause;
    }

    @Override
    public Mono<Void> onClosed() {
        return closed.asMono();
    }

    @Override
    public int streamCount() {
        return session().streamCount();
    }

    @Override
    public void acceptStreams(Consumer<MuxedStream> acceptor) {
        session().acceptStreams(acceptor);
    }

    @Override
    public void open(StreamOpening.Request request) {
        session().open(request, now());
    }

    @Override
    public void cancelOpen(StreamOpening.Request request) {
        session().cancelOpen(request);
    }

    @Override
    public void close(ErrorCode code) {
        if (session().closeCause() == null) {
            // What was written and fits still goes, ahead of the goodbye.
            drain();
            session().close(code);
            sayGoodbye();
        }
    }

    // ---- the channel

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends the channel, and that the session
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        batch = new FrameBatch(ctx.alloc());
        writer = ctx::write;
        session = new YamuxSession(options, direction.isInitiator(), this, now());
        session.onSocketWritable(ctx.channel().isWritable());
        if (ctx.channel().isActive()) {
            // Not at once: the first ping travels with what else this turn has to say.
            requestFlush();
        } else {
            channelInactive(ctx);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        YamuxSession present = session();
        if (present.closeCause() != null) {
            bytes.release();
            return;
        }
        reading = true;
        try {
            present.onBytes(bytes, now());
        } finally {
            reading = false;
        }
        if (rttNanos != present.rttNanos()) {
            rttNanos = present.rttNanos();
        }
        if (present.closeCause() != null) {
            sayGoodbye();
        } else if (present.hasOutput()) {
            // Goes out at channelReadComplete; the task is for a layer below that does not announce it.
            requestFlush();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        drain();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        boolean isWritable = ctx.channel().isWritable();
        session().onSocketWritable(isWritable);
        if (isWritable) {
            flush();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        onTransportClosed(new ConnectionClosedException(ErrorCode.NONE, true));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        onTransportClosed(new ConnectionClosedException(ErrorCode.NONE, false));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        session().onTransportClosed(new ConnectionClosedException(ErrorCode.NONE, cause instanceof IOException, cause));
        sayGoodbye();
    }

    private void onTransportClosed(ConnectionClosedException cause) {
        goodbyeSaid = true;
        session().onTransportClosed(cause);
        cancelTimer();
        closed.tryEmitEmpty();
    }

    // ---- the shell

    @Override
    public EventExecutor executor() {
        return context().executor();
    }

    @Override
    public void flush() {
        if (reading) {
            requestFlush();
        } else {
            drain();
        }
    }

    @Override
    public void requestFlush() {
        if (!taskQueued && !goodbyeSaid) {
            try {
                executor().execute(this);
                taskQueued = true;
            } catch (RejectedExecutionException e) {
                // The event loop is shut down, and has closed the channel.
            }
        }
    }

    @Override
    public void run() {
        taskQueued = false;
        if (closeCause == null) {
            drain();
        } else {
            sayGoodbye();
        }
    }

    @Override
    public void onClosing(ConnectionClosedException cause) {
        closeCause = cause;
        // The streams hear first; where nobody waits for the end of this call the task says goodbye.
        requestFlush();
    }

    private void drain() {
        if (draining || reading) {
            return;
        }
        YamuxSession present = session();
        ChannelHandlerContext ctx = context();
        draining = true;
        try {
            int rounds = 0;
            present.notifyWritable();
            while (present.hasOutput() && ctx.channel().isWritable()) {
                if (++rounds > MAX_ROUNDS) {
                    requestFlush();
                    break;
                }
                round(present, ctx);
                present.notifyWritable();
            }
        } finally {
            draining = false;
        }
        armTimer(present);
    }

    private void round(YamuxSession present, ChannelHandlerContext ctx) {
        FrameBatch frames = batch;
        Consumer<ByteBuf> channel = writer;
        if (frames == null || channel == null) {
            return;
        }
        long now = now();
        try {
            while (frames.bytes() < ROUND_BYTES && present.poll(frames, now)) {
                // Until the round is full or the session has no more.
            }
        } finally {
            frames.drainTo(channel);
        }
        ctx.flush();
    }

    // ---- time and the end

    private void armTimer(YamuxSession present) {
        long next = present.nextTimeoutNanos();
        if (next == KeepAlive.NEVER || goodbyeSaid || (timer != null && timerDeadline - next <= 0)) {
            return;
        }
        cancelTimer();
        timerDeadline = next;
        timer = executor().schedule(this::onTimer, Math.max(0, next - now()), TimeUnit.NANOSECONDS);
    }

    private void onTimer() {
        timer = null;
        YamuxSession present = session();
        present.onTimeout(now());
        if (present.closeCause() == null) {
            drain();
        } else {
            sayGoodbye();
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody can do more than to close
    private void sayGoodbye() {
        if (goodbyeSaid) {
            return;
        }
        goodbyeSaid = true;
        cancelTimer();
        ChannelHandlerContext ctx = context();
        long code = session().goAwayCode();
        if (code < 0 || !ctx.channel().isActive()) {
            ctx.close();
            return;
        }
        ByteBuf goAway = ctx.alloc().buffer(YamuxFrameCodec.HEADER_BYTES);
        YamuxFrameCodec.write(goAway, new YamuxFrame.GoAway(0, code));
        timer = executor().schedule(() -> ctx.close(), GOODBYE_NANOS, TimeUnit.NANOSECONDS);
        ctx.writeAndFlush(goAway).addListener(sent -> linger(ctx, sent.isSuccess()));
    }

    /**
     * Closing a socket with unread bytes in it makes the kernel send a TCP reset, and the remote end then loses what it has not read yet.
     * So where the channel can, only our direction is ended; what still arrives is dropped, until the remote end has closed too or the
     * time for the goodbye is over.
     */
    private static void linger(ChannelHandlerContext ctx, boolean said) {
        if (said && ctx.channel() instanceof DuplexChannel socket) {
            socket.shutdownOutput();
        } else {
            ctx.close();
        }
    }

    private long now() {
        return executor().ticker().nanoTime();
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext present = context;
        if (present == null) {
            throw new IllegalStateException("yamux is not in a pipeline");
        }
        return present;
    }
}
