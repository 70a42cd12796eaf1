package io.reactivep2p.muxer.mplex;

import static io.reactivep2p.muxer.mplex.MplexFrameCodec.CLOSE_INITIATOR;
import static io.reactivep2p.muxer.mplex.MplexFrameCodec.CLOSE_RECEIVER;
import static io.reactivep2p.muxer.mplex.MplexFrameCodec.MESSAGE_INITIATOR;
import static io.reactivep2p.muxer.mplex.MplexFrameCodec.MESSAGE_RECEIVER;
import static io.reactivep2p.muxer.mplex.MplexFrameCodec.NEW_STREAM;
import static io.reactivep2p.muxer.mplex.MplexFrameCodec.RESET_INITIATOR;
import static io.reactivep2p.muxer.mplex.MplexFrameCodec.RESET_RECEIVER;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.connection.SansIo;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.resource.ResourceLimitException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One end of an mplex connection. Bytes go in through {@link #onBytes}, frames come out of {@link #poll}, time is told by {@link
 * #onTimeout}; streams and their listeners are called in between, and whatever they do from within a call only changes state and
 * queues, so no call leads back into {@code onBytes} or {@code poll}.
 *
 * <p>Everything a peer can make us keep is bounded: streams, resets by a number, received data by the {@link ReceiveBudget}.
 */
@SansIo
final class MplexSession implements MplexFrameReader.Sink {

    /** Resets that may wait for the socket beyond one for each stream there may be. */
    static final int MAX_EXTRA_RESETS = 1_024;

    static final long NEVER = ReceiveBudget.NEVER;

    private final MplexOptions options;
    private final MplexShell shell;
    private final MplexFrameReader reader = new MplexFrameReader(this);
    private final ReceiveBudget budget;

    /** By id, one table for each who opens. Tables of the JDK, which keep their cost where a peer chooses ids that collide. */
    private final Map<Long, MplexStream> ours = new HashMap<>();

    private final Map<Long, MplexStream> theirs = new HashMap<>();
    private long nextId;

    // Each stream is in each of these at most once, and leaves them when it ends.
    private final LinkedHashSet<MplexStream> control = new LinkedHashSet<>();
    private final LinkedHashSet<MplexStream> ready = new LinkedHashSet<>();
    private final LinkedHashSet<MplexStream> writable = new LinkedHashSet<>();
    private final LinkedHashSet<MplexStream> lingering = new LinkedHashSet<>();
    /** Heads of the resets to send: id and flag. */
    private final ArrayDeque<Long> resets = new ArrayDeque<>();

    private @Nullable Consumer<MuxedStream> acceptor;
    private boolean socketWritable = true;
    private long now;

    /** The stream whose data is arriving. */
    private @Nullable MplexStream receiving;

    private @Nullable ConnectionClosedException closeCause;

    MplexSession(MplexOptions options, MplexShell shell, long nowNanos) {
        this(options, shell, nowNanos, 0);
    }

    MplexSession(MplexOptions options, MplexShell shell, long nowNanos, long firstId) {
        this.options = options;
        this.shell = shell;
        this.now = nowNanos;
        this.nextId = firstId;
        this.budget = new ReceiveBudget(
                options.maxStreamBuffer(),
                options.maxConnectionBuffer(),
                options.stallTimeout().toNanos());
    }

    // ---- what the shell calls

    void acceptStreams(Consumer<MuxedStream> consumer) {
        this.acceptor = consumer;
    }

    int streamCount() {
        return ours.size() + theirs.size();
    }

    /** Why the session is over; {@code null} while it is not. */
    @Nullable
    ConnectionClosedException closeCause() {
        return closeCause;
    }

    /** Whether more bytes should be asked for: no, while listeners have too many already. What comes all the same is taken. */
    boolean wantsBytes() {
        return closeCause != null || !budget.isExceeded();
    }

    /** Bytes that listeners have and have not consumed. */
    long unconsumed() {
        return budget.total();
    }

    /**
     * A new stream of ours.
     *
     * @throws ConnectionClosedException when the session is over
     * @throws ResourceLimitException when there are too many
     */
    MuxedStream open() {
        if (closeCause != null) {
            throw closeCause;
        }
        if (ours.size() >= options.maxOutboundStreams()) {
            throw new ResourceLimitException(
                    "connection", "the limit of " + options.maxOutboundStreams() + " outbound streams is reached");
        }
        if (nextId > MplexFrameCodec.MAX_ID) {
            throw new ResourceLimitException("connection", "the connection has used up its stream ids");
        }
        MplexStream stream = new MplexStream(this, nextId++, true);
        ours.put(stream.id, stream);
        control.add(stream);
        shell.requestFlush();
        return stream;
    }

    /** Takes what arrived, and releases it. */
    void onBytes(ByteBuf in, long nowNanos) {
        if (closeCause != null) {
            in.release();
            return;
        }
        now = nowNanos;
        try {
            reader.read(in);
        } catch (ProtocolViolationException e) {
            fail(e);
        }
    }

    void onSocketWritable(boolean isWritable) {
        socketWritable = isWritable;
    }

    /** Tells the streams that may write again. */
    void notifyWritable() {
        while (socketWritable) {
            MplexStream stream = poll(writable);
            if (stream == null) {
                return;
            }
            stream.onWritable();
        }
    }

    boolean hasOutput() {
        return closeCause == null && !(resets.isEmpty() && control.isEmpty() && ready.isEmpty());
    }

    /**
     * Gives out the next frame.
     *
     * @return whether there was one
     */
    boolean poll(FrameOutput out, long nowNanos) {
        now = nowNanos;
        if (closeCause != null) {
            return false;
        }
        Long reset = resets.poll();
        if (reset != null) {
            out.head((int) (reset & MplexFrameCodec.FLAG_MASK), reset >>> MplexFrameCodec.FLAG_BITS, 0);
            return true;
        }
        MplexStream stream = poll(control);
        while (stream != null) {
            if (stream.emitControl(out)) {
                return true;
            }
            stream = poll(control);
        }
        stream = poll(ready);
        if (stream == null) {
            return false;
        }
        stream.emitData(out);
        return true;
    }

    /** When {@link #onTimeout} wants to be called; {@link #NEVER} for not at all. */
    long nextTimeoutNanos() {
        if (closeCause != null) {
            return NEVER;
        }
        long next = budget.nextTimeoutNanos();
        Iterator<MplexStream> first = lingering.iterator();
        if (!first.hasNext()) {
            return next;
        }
        long deadline = first.next().lingerDeadline;
        return next == NEVER || deadline - next < 0 ? deadline : next;
    }

    void onTimeout(long nowNanos) {
        now = nowNanos;
        if (closeCause != null) {
            return;
        }
        while (!lingering.isEmpty()) {
            MplexStream oldest = lingering.iterator().next();
            if (nowNanos - oldest.lingerDeadline < 0) {
                break;
            }
            abandon(oldest, ErrorCode.GARBAGE_COLLECTED);
        }
        MplexStream stalled = budget.stalled(nowNanos, streams());
        while (stalled != null) {
            abandon(stalled, ErrorCode.RESOURCE_LIMIT_EXCEEDED);
            stalled = closeCause == null ? budget.stalled(nowNanos, streams()) : null;
        }
    }

    /** It is over, whoever ended it. */
    void close(ConnectionClosedException cause) {
        if (closeCause != null) {
            return;
        }
        closeCause = cause;
        reader.stop();
        shell.onClosing(cause);
        List<MplexStream> ended = streams();
        ours.clear();
        theirs.clear();
        resets.clear();
        for (MplexStream stream : ended) {
            leaveQueues(stream);
            stream.onFailed(cause);
        }
    }

    private void fail(ProtocolViolationException offence) {
        close(new ConnectionClosedException(ErrorCode.PROTOCOL_VIOLATION, false, offence));
    }

    // ---- what the reader calls

    @Override
    public void onHead(int flag, long id, int length) {
        receiving = null;
        if (flag == NEW_STREAM) {
            accept(id, length);
            return;
        }
        MplexStream stream = (MplexFrameCodec.saidByInitiator(flag) ? theirs : ours).get(id);
        if (stream == null || !stream.knownToPeer()) {
            return; // Frames in flight when a stream ended; their data is skipped.
        }
        switch (flag) {
            case MESSAGE_RECEIVER, MESSAGE_INITIATOR -> {
                if (stream.remoteEnded() && length > 0) {
                    abandon(stream, ErrorCode.PROTOCOL_VIOLATION);
                } else {
                    receiving = stream;
                }
            }
            case CLOSE_RECEIVER, CLOSE_INITIATOR -> stream.onRemoteEnd();
            default -> {
                remove(stream);
                stream.onFailed(new StreamResetException(ErrorCode.NONE, true));
            }
        }
    }

    @Override
    public boolean wantsData() {
        return receiving != null && receiving.wantsData();
    }

    @Override
    public void onData(ByteBuf piece) {
        MplexStream stream = receiving;
        if (stream == null) {
            piece.release();
            return;
        }
        int bytes = piece.readableBytes();
        if (!budget.admits(stream, bytes)) {
            piece.release();
            abandon(stream, ErrorCode.RESOURCE_LIMIT_EXCEEDED);
            return;
        }
        budget.onReceived(stream, bytes, now);
        stream.onData(piece);
    }

    private void accept(long id, int length) {
        if (theirs.containsKey(id)) {
            throw new ProtocolViolationException(
                    "mplex: a known stream is opened: " + new MplexFrame(NEW_STREAM, id, length));
        }
        Consumer<MuxedStream> taker = acceptor;
        if (taker == null || theirs.size() >= options.maxInboundStreams()) {
            queueReset(id, false);
            return;
        }
        MplexStream stream = new MplexStream(this, id, false);
        theirs.put(id, stream);
        stream.offerTo(taker);
    }

    // ---- what the streams call

    MplexShell shell() {
        return shell;
    }

    boolean socketWritable() {
        return socketWritable;
    }

    void queueData(MplexStream stream) {
        ready.add(stream);
    }

    void queueControl(MplexStream stream) {
        control.add(stream);
    }

    void queueWritable(MplexStream stream) {
        writable.add(stream);
    }

    void consumed(MplexStream stream, int bytes) {
        boolean paused = budget.isExceeded();
        budget.onConsumed(stream, bytes);
        resume(paused);
    }

    /** What the stream's listener was given is not waited for any more. */
    void forget(MplexStream stream) {
        boolean paused = budget.isExceeded();
        budget.forget(stream);
        resume(paused);
    }

    private void resume(boolean paused) {
        if (paused && !budget.isExceeded()) {
            shell.requestFlush();
        }
    }

    /** Gives the remote peer until then to end what we have ended. */
    void linger(MplexStream stream) {
        stream.lingerDeadline = now + options.lingerTime().toNanos();
        lingering.add(stream);
        shell.requestFlush();
    }

    /** Forgets a stream; nothing of it is left in the session. */
    void remove(MplexStream stream) {
        if ((stream.isOutbound() ? ours : theirs).remove(stream.id) != null) {
            leaveQueues(stream);
        }
    }

    void queueReset(long id, boolean outbound) {
        long limit = (long) MAX_EXTRA_RESETS + options.maxInboundStreams() + options.maxOutboundStreams();
        if (resets.size() >= limit) {
            fail(new ProtocolViolationException("mplex: more than " + limit + " resets wait to be sent"));
        } else {
            resets.add(id << MplexFrameCodec.FLAG_BITS | (outbound ? RESET_INITIATOR : RESET_RECEIVER));
        }
    }

    /** Resets a stream on nobody's demand: its listener must hear of it. */
    private void abandon(MplexStream stream, ErrorCode code) {
        remove(stream);
        queueReset(stream.id, stream.isOutbound());
        stream.onFailed(new StreamResetException(code, false));
    }

    private List<MplexStream> streams() {
        List<MplexStream> all = new ArrayList<>(streamCount());
        all.addAll(ours.values());
        all.addAll(theirs.values());
        return all;
    }

    private void leaveQueues(MplexStream stream) {
        control.remove(stream);
        ready.remove(stream);
        writable.remove(stream);
        lingering.remove(stream);
        forget(stream);
    }

    private static @Nullable MplexStream poll(LinkedHashSet<MplexStream> queue) {
        Iterator<MplexStream> first = queue.iterator();
        if (!first.hasNext()) {
            return null;
        }
        MplexStream stream = first.next();
        first.remove();
        return stream;
    }
}
