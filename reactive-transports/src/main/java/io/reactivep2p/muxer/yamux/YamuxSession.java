package io.reactivep2p.muxer.yamux;

import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.ACK;
import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.DATA;
import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.FIN;
import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.PING;
import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.RST;
import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.SYN;
import static io.reactivep2p.muxer.yamux.YamuxFrameCodec.WINDOW_UPDATE;

import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.SansIo;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.muxer.StreamOpening.Request;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a yamux connection. Bytes go in through {@link #onBytes}, frames come out of {@link #poll}, time is told by {@link
 * #onTimeout}; streams and their listeners are called in between, and whatever they do from within a call only changes state and
 * queues, so no call leads back into {@code onBytes} or {@code poll}.
 *
 * <p>What waits to be sent waits here, not in the channel: answers to pings, pings and resets first, then frames without payload, then
 * data, one turn of at most 64 KiB per stream. Everything a peer can make us keep is bounded: streams, pongs, resets by a number,
 * received data by the windows.
 */
@SansIo
final class YamuxSession implements FrameReader.Sink {

    /** Answers to pings that may wait for the socket; a peer has one ping under way, a flood means harm. */
    static final int MAX_PENDING_PONGS = 64;
    /** Resets that may wait for the socket beyond one for each stream there may be. */
    static final int MAX_EXTRA_RESETS = 1_024;

    private static final int NO_GOODBYE = -1;
    private static final int FIRST_TABLE_CAPACITY = 4;

    private final YamuxOptions options;
    private final YamuxShell shell;
    private final boolean initiator;
    private final FrameReader reader = new FrameReader(this);
    private final KeepAlive keepAlive;
    private final OpenQueue opens;
    /**
     * By {@link #key}. Peers choose the ids, but the streams they may have are few, so what they can make a probe cost is too.
     */
    private final IntObjectHashMap<YamuxStream> streams = new IntObjectHashMap<>(FIRST_TABLE_CAPACITY);

    private final NumberQueue pongs = new NumberQueue();
    private final NumberQueue resets = new NumberQueue();
    private final StreamRing control = new StreamRing(StreamRing.CONTROL);
    private final StreamRing ready = new StreamRing(StreamRing.READY);
    private final StreamRing writable = new StreamRing(StreamRing.WRITABLE);
    private final StreamRing lingering = new StreamRing(StreamRing.LINGERING);

    private @Nullable Consumer<MuxedStream> acceptor;
    private int inbound;
    private long growthLeft;
    private boolean socketWritable = true;
    private long now;

    /** The stream whose payload is arriving, and whether it ends with it. */
    private @Nullable YamuxStream receiving;

    private boolean receivingLast;

    private @Nullable ConnectionClosedException closeCause;
    private long goAwayCode = NO_GOODBYE;

    YamuxSession(YamuxOptions options, boolean initiator, YamuxShell shell, long nowNanos) {
        this(options, initiator, shell, nowNanos, initiator ? 1 : 2);
    }

    YamuxSession(YamuxOptions options, boolean initiator, YamuxShell shell, long nowNanos, long firstId) {
        this.options = options;
        this.shell = shell;
        this.initiator = initiator;
        this.now = nowNanos;
        this.growthLeft = options.maxWindowGrowth();
        this.keepAlive = new KeepAlive(
                options.pingInterval().toNanos(), options.pingTimeout().toNanos(), nowNanos);
        this.opens = new OpenQueue(this, options.maxOutboundStreams(), firstId);
    }

    // ---- what the shell calls

    void acceptStreams(Consumer<MuxedStream> consumer) {
        this.acceptor = consumer;
    }

    int streamCount() {
        return streams.size();
    }

    long rttNanos() {
        return keepAlive.rttNanos();
    }

    /** Why the session is over; {@code null} while it is not. */
    @Nullable
    ConnectionClosedException closeCause() {
        return closeCause;
    }

    /** What to say in the GoAway that ends the session, negative for nothing. */
    long goAwayCode() {
        return goAwayCode;
    }

    void open(Request request, long nowNanos) {
        now = nowNanos;
        if (closeCause != null) {
            request.onFailed(closeCause);
        } else {
            opens.open(request);
        }
    }

    void cancelOpen(Request request) {
        opens.leave(request);
    }

    /** Takes what arrived, and releases it. */
    void onBytes(ByteBuf in, long nowNanos) {
        if (closeCause != null) {
            in.release();
            return;
        }
        now = nowNanos;
        keepAlive.onRead(nowNanos);
        try {
            reader.read(in);
        } catch (YamuxException e) {
            fail(e);
        }
    }

    void onSocketWritable(boolean isWritable) {
        socketWritable = isWritable;
    }

    /** Tells the streams that may write again. */
    void notifyWritable() {
        while (socketWritable) {
            YamuxStream stream = writable.poll();
            if (stream == null) {
                return;
            }
            stream.onWritable();
        }
    }

    boolean hasOutput() {
        return closeCause == null
                && !(pongs.isEmpty()
                        && resets.isEmpty()
                        && control.isEmpty()
                        && ready.isEmpty()
                        && !keepAlive.pingDue());
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
        if (!pongs.isEmpty()) {
            out.header(PING, ACK, 0, (int) pongs.poll());
            return true;
        }
        if (keepAlive.pingDue()) {
            out.header(PING, SYN, 0, keepAlive.takePing(nowNanos));
            return true;
        }
        if (!resets.isEmpty()) {
            long reset = resets.poll();
            out.header(WINDOW_UPDATE, RST, (int) (reset >>> 32), (int) reset);
            return true;
        }
        YamuxStream stream = control.poll();
        while (stream != null) {
            if (stream.emitControl(out)) {
                return true;
            }
            stream = control.poll();
        }
        stream = ready.poll();
        if (stream == null) {
            return false;
        }
        stream.emitData(out);
        return true;
    }

    /** When {@link #onTimeout} wants to be called; {@link KeepAlive#NEVER} for not at all. */
    long nextTimeoutNanos() {
        long next = keepAlive.nextTimeoutNanos();
        YamuxStream oldest = lingering.peek();
        if (oldest == null) {
            return next;
        }
        return next == KeepAlive.NEVER || oldest.lingerDeadline - next < 0 ? oldest.lingerDeadline : next;
    }

    void onTimeout(long nowNanos) {
        now = nowNanos;
        if (closeCause != null) {
            return;
        }
        if (keepAlive.onTimeout(nowNanos)) {
            YamuxException silence = YamuxException.connection(
                    "the peer left a ping unanswered and was silent for " + options.pingTimeout());
            close(new ConnectionClosedException(ErrorCode.NONE, false, silence), NO_GOODBYE);
            return;
        }
        YamuxStream oldest = lingering.peek();
        while (oldest != null && nowNanos - oldest.lingerDeadline >= 0) {
            abandon(oldest, ErrorCode.GARBAGE_COLLECTED);
            oldest = lingering.peek();
        }
    }

    /** We end it. */
    void close(ErrorCode code) {
        close(new ConnectionClosedException(code, false), code.value());
    }

    /** The channel is gone, or about to. */
    void onTransportClosed(ConnectionClosedException cause) {
        close(cause, NO_GOODBYE);
    }

    private void fail(YamuxException offence) {
        close(new ConnectionClosedException(ErrorCode.PROTOCOL_VIOLATION, false, offence), offence.code());
    }

    private void close(ConnectionClosedException cause, long goodbye) {
        if (closeCause != null) {
            return;
        }
        closeCause = cause;
        goAwayCode = goodbye;
        reader.stop();
        shell.onClosing(cause);
        YamuxStream[] ended = streams.values().toArray(new YamuxStream[0]);
        streams.clear();
        for (YamuxStream stream : ended) {
            leaveRings(stream);
            stream.onFailed(cause);
        }
        opens.fail(cause);
    }

    // ---- what the reader calls

    @Override
    public void onHeader(long head, int length) throws YamuxException {
        receiving = null;
        int flags = YamuxFrameCodec.flags(head);
        switch (YamuxFrameCodec.type(head)) {
            case DATA, WINDOW_UPDATE -> onStreamFrame(head, flags, length);
            case PING -> onPing(flags, length);
            default -> onGoAway(length & 0xFFFF_FFFFL);
        }
    }

    @Override
    public boolean wantsPayload() {
        return receiving != null && receiving.wantsData();
    }

    @Override
    public void onPayload(ByteBuf piece) {
        YamuxStream stream = receiving;
        if (stream == null) {
            piece.release();
        } else {
            stream.onData(piece);
        }
    }

    @Override
    public void onPayloadEnd() {
        YamuxStream stream = receiving;
        receiving = null;
        if (stream != null && receivingLast) {
            stream.onRemoteEnd();
        }
    }

    private void onPing(int flags, int value) throws YamuxException {
        if ((flags & SYN) == 0) {
            keepAlive.onPong(value, now);
            return;
        }
        if (pongs.size() >= MAX_PENDING_PONGS) {
            throw YamuxException.connection("more than " + MAX_PENDING_PONGS + " pings wait to be answered");
        }
        pongs.add(value);
    }

    /** As in go, rust and js: whatever the reason, the connection ends with it. */
    private void onGoAway(long code) {
        ErrorCode reason =
                code == YamuxFrameCodec.GO_AWAY_PROTOCOL_ERROR ? ErrorCode.PROTOCOL_VIOLATION : ErrorCode.of(code);
        close(new ConnectionClosedException(reason, true), NO_GOODBYE);
    }

    private void onStreamFrame(long head, int flags, int length) throws YamuxException {
        int id = YamuxFrameCodec.streamId(head);
        boolean isData = YamuxFrameCodec.type(head) == DATA;
        long value = length & 0xFFFF_FFFFL;
        // Before anything else, known stream or not: no window was ever wider (CVE-2026-73568, CVE-2026-32314).
        if (isData && value > ((flags & SYN) != 0 ? YamuxFrameCodec.INITIAL_WINDOW : options.maxStreamWindow())) {
            throw YamuxException.connection("oversized frame " + YamuxFrameCodec.frame(head, length));
        }
        YamuxStream stream = streams.get(key(id));
        if ((flags & SYN) != 0) {
            if ((id & 1) == (initiator ? 1 : 0) || stream != null) {
                throw YamuxException.connection(
                        (stream != null ? "SYN for a known stream: " : "SYN for an id that is ours to use: ")
                                + YamuxFrameCodec.frame(head, length));
            }
            stream = (flags & RST) != 0 ? null : accept(id);
        }
        if (stream == null) {
            return; // Frames in flight when a stream ended; their payload is skipped.
        }
        stream.onAcknowledged();
        if ((flags & RST) != 0) {
            remove(stream);
            stream.onFailed(new StreamResetException(ErrorCode.of(isData ? 0 : value), true));
        } else if (isData) {
            try {
                onData(stream, flags, value);
            } catch (YamuxException e) {
                if (e.scope() == YamuxException.Scope.CONNECTION) {
                    throw e;
                }
                abandon(stream, ErrorCode.of(e.code()));
            }
        } else {
            stream.onCredit(value);
            if ((flags & FIN) != 0) {
                stream.onRemoteEnd();
            }
        }
    }

    private void onData(YamuxStream stream, int flags, long length) throws YamuxException {
        if (length > 0 && stream.remoteEnded()) {
            throw YamuxException.stream("data after the end of stream " + stream.id());
        }
        stream.receiveWindow.onReceive(length);
        boolean last = (flags & FIN) != 0;
        if (length > 0) {
            receiving = stream;
            receivingLast = last;
        } else if (last) {
            stream.onRemoteEnd();
        }
    }

    private @Nullable YamuxStream accept(int id) {
        Consumer<MuxedStream> taker = acceptor;
        if (taker == null || inbound >= options.maxInboundStreams()) {
            queueReset(id, taker == null ? ErrorCode.NONE : ErrorCode.RESOURCE_LIMIT_EXCEEDED);
            return null;
        }
        inbound++;
        YamuxStream stream = new YamuxStream(this, id, false, options.initialWindow(), now);
        streams.put(key(id), stream);
        control.add(stream);
        stream.offerTo(taker);
        return stream;
    }

    // ---- what the streams call

    YamuxShell shell() {
        return shell;
    }

    boolean socketWritable() {
        return socketWritable;
    }

    YamuxStream createOutbound(int id) {
        YamuxStream stream = new YamuxStream(this, id, true, options.initialWindow(), now);
        streams.put(key(id), stream);
        control.add(stream);
        shell.requestFlush();
        return stream;
    }

    void acknowledged() {
        opens.onAcknowledged();
    }

    void queueData(YamuxStream stream) {
        ready.add(stream);
    }

    /** The stream has its turn now, so it does not wait for one. */
    void takeTurn(YamuxStream stream) {
        ready.remove(stream);
    }

    void queueControl(YamuxStream stream) {
        control.add(stream);
    }

    void queueWritable(YamuxStream stream) {
        writable.add(stream);
    }

    /** Returns credit, and grows the window as far as the connection's budget goes. */
    int takeUpdate(ReceiveWindow window) {
        int before = window.size();
        int delta = window.takeUpdate(
                now, keepAlive.rttNanos(), (int) Math.min(options.maxStreamWindow(), before + growthLeft));
        growthLeft -= window.size() - before;
        return delta;
    }

    /** Gives the remote peer until then to end what we have ended. */
    void linger(YamuxStream stream) {
        stream.lingerDeadline = now + options.lingerTime().toNanos();
        lingering.add(stream);
        shell.requestFlush();
    }

    /** Forgets a stream; nothing of it is left in the session. */
    void remove(YamuxStream stream) {
        if (streams.remove(key(stream.id)) == null) {
            return;
        }
        leaveRings(stream);
        growthLeft += stream.receiveWindow.size() - options.initialWindow();
        if (stream.isOutbound()) {
            opens.onClosed(stream.acknowledged());
        } else {
            inbound--;
        }
    }

    void queueReset(int id, ErrorCode code) {
        long limit = (long) MAX_EXTRA_RESETS + options.maxInboundStreams() + options.maxOutboundStreams();
        if (resets.size() >= limit) {
            fail(YamuxException.connection("more than " + limit + " resets wait to be sent"));
        } else {
            resets.add(((long) id << 32) | code.value());
        }
    }

    /** Resets a stream on nobody's demand: its listener must hear of it. */
    private void abandon(YamuxStream stream, ErrorCode code) {
        remove(stream);
        queueReset(stream.id, code);
        stream.onFailed(new StreamResetException(code, false));
    }

    /**
     * Spreads ids over the table, one to one. Unspread, consecutive ids lie side by side, and new streams that wrap around into a run of
     * old ones are probed for along all of it.
     */
    private static int key(int id) {
        int product = id * 0x9E37_79B1;
        return product ^ (product >>> 15);
    }

    private void leaveRings(YamuxStream stream) {
        control.remove(stream);
        ready.remove(stream);
        writable.remove(stream);
        lingering.remove(stream);
    }
}
