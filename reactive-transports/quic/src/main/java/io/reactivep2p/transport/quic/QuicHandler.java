package io.reactivep2p.transport.quic;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClosedChannelException;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicConnectionPathStats;
import io.netty.handler.codec.quic.QuicDatagramExtensionEvent;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamLimitChangedEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.muxer.StreamOpening;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The shell around one QUIC connection of the codec, from its first packet to its last: the handshake's outcome, streams in both
 * directions, the signs of life and the end.
 */
final class QuicHandler extends ChannelInboundHandlerAdapter implements StreamOpening.Opener {

    private static final Logger log = LoggerFactory.getLogger(QuicHandler.class);

    private static final long DEFAULT_TICK_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Who waits for the end of a handshake; exactly one of the two is called, once, on the event loop. */
    interface Outcome {

        /** Streams that have arrived already are given to who is set by {@link #acceptStreams} in this call, else reset. */
        void onEstablished(QuicHandler connection, PeerProof proof);

        void onFailed(Throwable cause);
    }

    private enum Phase {
        HANDSHAKE,
        ESTABLISHED,
        CLOSED
    }

    private final QuicSocket socket;
    private final Direction direction;
    private final Outcome outcome;
    private final StreamTable streams;
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private final StreamAdmission admission = new StreamAdmission(this);
    /** Those that arrived with the packet that ended the handshake; no more than the peer may open. */
    private final List<QuicStream> early = new ArrayList<>(0);

    /** Streams with something that has not been flushed. */
    private final Set<QuicStream> written = new LinkedHashSet<>();

    private boolean flushQueued;

    private Phase phase = Phase.HANDSHAKE;
    private @Nullable QuicChannel channel;
    private @Nullable Consumer<MuxedStream> acceptor;
    private @Nullable ScheduledFuture<?> timer;
    private @Nullable Throwable handshakeFailure;
    private @Nullable ConnectionClosedException peerGoodbye;
    private boolean takesDatagrams;
    private boolean activeSinceTick;

    private @Nullable Long routedId;

    private volatile long rttNanos = -1;
    private volatile @Nullable ConnectionClosedException closeCause;

    QuicHandler(QuicSocket socket, Direction direction, Outcome outcome) {
        this.socket = socket;
        this.direction = direction;
        this.outcome = outcome;
        this.streams = new StreamTable(this, socket.options().maxInboundStreams());
    }

    /** The connection id by which the socket finds it; of a dialed one. */
    void routedBy(long id) {
        routedId = id;
    }

    @Nullable
    Long routedId() {
        return routedId;
    }

    // ---- what QuicConnection and its streams call

    Direction direction() {
        return direction;
    }

    @Override
    public EventExecutor executor() {
        return socket.executor();
    }

    QuicSocket socket() {
        return socket;
    }

    StreamTable streams() {
        return streams;
    }

    QuicChannel channel() {
        QuicChannel present = channel;
        if (present == null) {
            throw new IllegalStateException("the handler is in no pipeline");
        }
        return present;
    }

    boolean isClosed() {
        return closeCause != null;
    }

    @Nullable
    ConnectionClosedException closeCause() {
        return closeCause;
    }

    Mono<Void> onClosed() {
        return closed.asMono();
    }

    long rttNanos() {
        return rttNanos;
    }

    void onActivity() {
        activeSinceTick = true;
    }

    void acceptStreams(Consumer<MuxedStream> acceptor) {
        this.acceptor = acceptor;
        List<QuicStream> missed = List.copyOf(early);
        early.clear();
        missed.forEach(stream -> offer(stream, acceptor));
    }

    /** It has written; what it was told in this turn, others may have been told, too. */
    void flushAfterReading(QuicStream stream) {
        written.add(stream);
        if (!flushQueued && socket.isReading()) {
            flushQueued = true;
            socket.afterReading(this::flushWritten);
        }
    }

    void onFlushed(QuicStream stream) {
        written.remove(stream);
    }

    /** The end of a turn in which something was read. */
    void flushWritten() {
        flushQueued = false;
        if (!written.isEmpty()) {
            List.copyOf(written).forEach(QuicStream::flush);
        }
    }

    /** Whether {@code request} gets a stream at once depends on what the peer has admitted. */
    @Override
    public void open(StreamOpening.Request request) {
        admission.open(request);
    }

    @Override
    public void cancelOpen(StreamOpening.Request request) {
        admission.cancel(request);
    }

    /** From within what a stream does. */
    void closeSoon(ErrorCode code) {
        execute(() -> close(code));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // told by closeFuture
    void close(ErrorCode code) {
        if (closeCause == null) {
            // What was written and fits still goes, ahead of the goodbye.
            streams.flush();
            end(new ConnectionClosedException(code, false));
            channel().close(true, QuicCodes.wire(code), Unpooled.EMPTY_BUFFER);
        }
    }

    // ---- the handshake

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        QuicChannel added = (QuicChannel) ctx.channel();
        channel = added;
        added.closeFuture().addListener(done -> onChannelClosed());
        timer = executor()
                .schedule(
                        this::onHandshakeTimeout,
                        socket.options().handshakeTimeout().toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    private void onHandshakeTimeout() {
        if (phase == Phase.HANDSHAKE) {
            abort(new HandshakeTimeoutException(socket.options().handshakeTimeout()));
        }
    }

    /** Gives up a handshake; no answer is waited for. */
    @SuppressWarnings("FutureReturnValueIgnored") // told by closeFuture
    void abort(Throwable cause) {
        if (phase == Phase.HANDSHAKE) {
            noteFailure(cause);
            channel().close();
        }
    }

    /** A server has verified its client when its channel becomes active; a client must wait for {@link #onConfirmed}. */
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!direction.isInitiator()) {
            establish();
        }
    }

    boolean awaitsConfirmation() {
        return phase == Phase.HANDSHAKE;
    }

    /** The peer has sent what comes behind the handshake. */
    void onConfirmed() {
        if (phase == Phase.HANDSHAKE && channel().isActive() && peerGoodbye == null) {
            establish();
        }
    }

    private void establish() {
        PeerProof proof = PeerProof.of(channel().sslEngine());
        if (proof == null || proof.key() == null) {
            abort(new IllegalStateException("a handshake ended without a verified certificate"));
            return;
        }
        phase = Phase.ESTABLISHED;
        cancelTimer();
        long tick = tickNanos();
        timer = executor().scheduleWithFixedDelay(this::onTick, tick, tick, TimeUnit.NANOSECONDS);
        measure();
        outcome.onEstablished(this, proof);
        List<QuicStream> unwanted = List.copyOf(early);
        early.clear();
        unwanted.forEach(stream -> stream.reset(ErrorCode.NONE));
    }

    private void noteFailure(Throwable cause) {
        if (handshakeFailure == null) {
            handshakeFailure = cause;
        }
    }

    // ---- streams

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof QuicStreamChannel stream) {
            accept(stream);
        } else {
            // A datagram: a sign of life, which is all they are for here.
            ReferenceCountUtil.release(message);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // neither can fail on the loop that both channels are on
    private void accept(QuicStreamChannel arrived) {
        QuicStreamHandler wire = new QuicStreamHandler(this, arrived);
        arrived.pipeline().addLast(wire);
        channel().eventLoop().register(arrived);
        streams.add(wire.stream());
        Consumer<MuxedStream> taker = acceptor;
        if (taker != null) {
            offer(wire.stream(), taker);
        } else if (phase == Phase.HANDSHAKE) {
            early.add(wire.stream());
        } else {
            wire.stream().reset(ErrorCode.NONE);
        }
        wire.read();
    }

    private static void offer(QuicStream stream, Consumer<MuxedStream> acceptor) {
        try {
            acceptor.accept(stream);
        } catch (RuntimeException e) {
            stream.onListenerFailure(e);
        }
    }

    // ---- events

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof QuicConnectionCloseEvent goodbye) {
            onGoodbye(goodbye);
        } else if (event instanceof QuicStreamLimitChangedEvent) {
            admission.onLimitChanged();
        } else if (event instanceof QuicDatagramExtensionEvent) {
            takesDatagrams = true;
        }
    }

    private void onGoodbye(QuicConnectionCloseEvent goodbye) {
        ErrorCode code =
                goodbye.isApplicationClose() ? QuicCodes.read(Integer.toUnsignedLong(goodbye.error())) : ErrorCode.NONE;
        Throwable detail = goodbye.isApplicationClose() ? null : QuicFailure.of(goodbye);
        peerGoodbye = new ConnectionClosedException(code, true, detail);
        if (phase == Phase.HANDSHAKE) {
            abort(QuicFailure.of(goodbye));
        } else {
            // Not at once: what came before it is read at the end of this turn.
            execute(this::onPeerGone);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // told by closeFuture
    private void onPeerGone() {
        if (closeCause == null && peerGoodbye != null) {
            end(peerGoodbye);
            channel().close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // The codec closes the channel if that is what it means.
        log.debug("{}", ctx.channel(), cause);
        noteFailure(cause);
    }

    /** Of a client whose handshake failed before the channel was active. */
    void onConnectFailed(Throwable cause) {
        if (cause instanceof QuicClosedChannelException closing && closing.event() != null) {
            abort(QuicFailure.of(closing.event()));
        } else {
            abort(cause);
        }
    }

    // ---- time

    private long tickNanos() {
        long keepAlive = socket.options().keepAlive().toNanos();
        return keepAlive == 0 ? DEFAULT_TICK_NANOS : keepAlive;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the next one may get through
    private void onTick() {
        streams.onTick();
        measure();
        if (!activeSinceTick && takesDatagrams && !socket.options().keepAlive().isZero()) {
            // Netty has no PING. A datagram of QUIC needs no stream either, is acknowledged, and is dropped unread.
            channel().writeAndFlush(channel().alloc().directBuffer(1).writeByte(0));
        }
        activeSinceTick = false;
    }

    private void measure() {
        channel().collectPathStats(0).addListener(done -> {
            if (done.isSuccess() && done.getNow() instanceof QuicConnectionPathStats path) {
                rttNanos = path.rtt();
            }
        });
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    // ---- the end

    /** Tells everyone that it is over; the channel closes with it. */
    private void end(ConnectionClosedException cause) {
        closeCause = cause;
        cancelTimer();
        streams.fail(cause);
        admission.fail(cause);
    }

    private void onChannelClosed() {
        if (phase == Phase.CLOSED) {
            return;
        }
        boolean established = phase == Phase.ESTABLISHED;
        phase = Phase.CLOSED;
        cancelTimer();
        if (closeCause == null) {
            ConnectionClosedException goodbye = peerGoodbye;
            end(goodbye != null ? goodbye : new ConnectionClosedException(ErrorCode.NONE, false, ownReason()));
        }
        if (!established) {
            outcome.onFailed(failure());
        }
        socket.release(this);
        closed.tryEmitEmpty();
    }

    private @Nullable Throwable ownReason() {
        return channel().isTimedOut()
                ? new TimeoutException("the remote peer has been silent for too long")
                : handshakeFailure;
    }

    /** What the certificate check says is the cause of whatever TLS makes of it. */
    private Throwable failure() {
        PeerProof proof = PeerProof.of(channel().sslEngine());
        Throwable cause = proof == null ? null : proof.failure();
        if (cause == null) {
            cause = handshakeFailure;
        }
        return cause == null ? new ClosedChannelException() : cause;
    }

    private void execute(Runnable task) {
        try {
            executor().execute(task);
        } catch (RejectedExecutionException e) {
            // The event loop is shut down, and has closed the socket.
        }
    }
}
