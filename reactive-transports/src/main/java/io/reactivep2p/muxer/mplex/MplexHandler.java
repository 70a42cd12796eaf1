package io.reactivep2p.muxer.mplex;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
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
 * The shell around a {@link MplexSession}: feeds it what the channel reads, moves frames from it into the channel while that is
 * writable, turns the channel's reading off and on as the session wants bytes, and keeps its one timer.
 *
 * <p>Frames go out in rounds with one flush each: at the end of a read, at a flush from elsewhere, when the channel turns writable.
 */
final class MplexHandler extends ChannelInboundHandlerAdapter
        implements MplexShell, SecuredMuxedConnection.Muxing, Runnable {

    /** What goes into the channel between two flushes. */
    private static final int ROUND_BYTES = 128 * 1024;
    /** After so many rounds in a row others on the event loop get their turn. */
    private static final int MAX_ROUNDS = 16;
    /** How long the end may take to go out, and the remote end's to come, before the channel is closed without. */
    private static final long GOODBYE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final MplexOptions options;
    private final Sinks.Empty<Void> closed = Sinks.empty();

    // Set when the handler is added, which is before anyone can see it.
    private @Nullable ChannelHandlerContext context;
    private @Nullable MplexSession session;
    private @Nullable FrameBatch batch;
    private @Nullable ChannelFuture lastWrite;

    private boolean reading;
    private boolean draining;
    private boolean taskQueued;
    private boolean goodbyeSaid;
    /** Whether it is us who turned the channel's reading off. */
    private boolean paused;

    private @Nullable ScheduledFuture<?> timer;
    private long timerDeadline;

    private volatile @Nullable ConnectionClosedException closeCause;

    MplexHandler(MplexOptions options) {
        this.options = options;
    }

    // ---- what the connection calls

    MplexSession session() {
        MplexSession present = session;
        if (present == null) {
            throw new IllegalStateException("mplex is not in a pipeline");
        }
        return present;
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

    /** Without waiting. */
    @Override
    public void open(StreamOpening.Request request) {
        MuxedStream stream;
        try {
            stream = session().open();
        } catch (Libp2pException e) {
            request.onFailed(e);
            return;
        }
        request.onOpened(stream);
    }

    @Override
    public void cancelOpen(StreamOpening.Request request) {
        // None waits.
    }

    @Override
    public void close(ErrorCode code) {
        if (session().closeCause() == null) {
            // What was written and fits still goes.
            drain();
            session().close(new ConnectionClosedException(code, false));
            sayGoodbye();
        }
    }

    // ---- the channel

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends the channel, and that the session
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        batch = new FrameBatch(ctx.alloc(), bytes -> lastWrite = ctx.write(bytes));
        session = new MplexSession(options, this, now());
        session.onSocketWritable(ctx.channel().isWritable());
        if (!ctx.channel().isActive()) {
            channelInactive(ctx);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        MplexSession present = session();
        reading = true;
        try {
            present.onBytes(bytes, now());
        } finally {
            reading = false;
        }
        if (goodbyeSaid) {
            return;
        }
        if (present.closeCause() != null) {
            sayGoodbye();
            return;
        }
        if (!present.wantsBytes() && !paused) {
            paused = true;
            ctx.channel().config().setAutoRead(false);
        }
        if (present.hasOutput()) {
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
        session().close(new ConnectionClosedException(ErrorCode.NONE, cause instanceof IOException, cause));
        sayGoodbye();
    }

    private void onTransportClosed(ConnectionClosedException cause) {
        goodbyeSaid = true;
        session().close(cause);
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
            resume();
        } else {
            sayGoodbye();
        }
    }

    @Override
    public void onClosing(ConnectionClosedException cause) {
        closeCause = cause;
        // The streams hear first; where nobody waits for the end of this call the task closes the channel.
        requestFlush();
    }

    /** Only from a task of its own: some channels deliver within the call, and a listener may be on the stack that consumed bytes. */
    private void resume() {
        if (paused && session().wantsBytes()) {
            paused = false;
            context().channel().config().setAutoRead(true);
        }
    }

    private void drain() {
        if (draining || reading) {
            return;
        }
        MplexSession present = session();
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

    private void round(MplexSession present, ChannelHandlerContext ctx) {
        FrameBatch frames = batch;
        if (frames == null) {
            return;
        }
        long now = now();
        try {
            while (frames.bytes() < ROUND_BYTES && present.poll(frames, now)) {
                // Until the round is full or the session has no more.
            }
        } finally {
            frames.end();
        }
        ctx.flush();
    }

    // ---- time and the end

    private void armTimer(MplexSession present) {
        long next = present.nextTimeoutNanos();
        if (next == MplexSession.NEVER || goodbyeSaid || (timer != null && timerDeadline - next <= 0)) {
            return;
        }
        cancelTimer();
        timerDeadline = next;
        timer = executor().schedule(this::onTimer, Math.max(0, next - now()), TimeUnit.NANOSECONDS);
    }

    private void onTimer() {
        timer = null;
        session().onTimeout(now());
        run(); // what the time limits ended is told to the peer, and reading may go on
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    /**
     * Closing a socket with unread bytes in it makes the kernel send a TCP reset, and the remote end then loses what it has not read yet.
     * So where the channel can, only our direction is ended; what still arrives is dropped, until the remote end has closed too or the
     * time for that is over.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // nobody can do more than to close
    private void sayGoodbye() {
        if (goodbyeSaid) {
            return;
        }
        goodbyeSaid = true;
        cancelTimer();
        ChannelHandlerContext ctx = context();
        if (!ctx.channel().isActive() || !(ctx.channel() instanceof DuplexChannel socket)) {
            ctx.close();
            return;
        }
        timer = executor().schedule(() -> ctx.close(), GOODBYE_NANOS, TimeUnit.NANOSECONDS);
        ChannelFuture last = lastWrite;
        if (last == null) {
            linger(socket);
        } else {
            last.addListener(written -> linger(socket));
        }
    }

    private void linger(DuplexChannel socket) {
        socket.shutdownOutput();
        if (paused) {
            socket.config().setAutoRead(true);
        }
    }

    private long now() {
        return executor().ticker().nanoTime();
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext present = context;
        if (present == null) {
            throw new IllegalStateException("mplex is not in a pipeline");
        }
        return present;
    }
}
