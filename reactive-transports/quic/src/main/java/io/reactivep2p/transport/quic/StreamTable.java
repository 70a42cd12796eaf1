package io.reactivep2p.transport.quic;

import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The streams of one connection: those in use, those that wait for the peer's end, and how many were left behind.
 *
 * <p>A stream whose peer was told to stop stays with QUIC for good in most cases: quiche drops the peer's answer without looking whether
 * the stream is complete by that, so it never gives the peer credit for another. Half of what a peer may have open left behind like that
 * ends the connection, whose successor begins anew.
 */
final class StreamTable {

    /** More, and the oldest are told to stop. */
    static final int MAX_LINGERING = 256;

    /** Of our own streams, left behind; some 3 KB each. */
    static final int MAX_LEFT_BEHIND = 1_024;

    private final QuicHandler connection;
    private final int maxInboundLeftBehind;
    private final Set<QuicStream> live = new LinkedHashSet<>();
    /** Since before the last tick, and since. */
    private Set<QuicStream> lingering = new LinkedHashSet<>();

    private Set<QuicStream> lingeringAnew = new LinkedHashSet<>();
    private int outboundLeftBehind;
    private int inboundLeftBehind;

    StreamTable(QuicHandler connection, int maxInboundStreams) {
        this.connection = connection;
        this.maxInboundLeftBehind = Math.max(1, maxInboundStreams / 2);
    }

    int size() {
        return live.size();
    }

    void add(QuicStream stream) {
        live.add(stream);
    }

    void remove(QuicStream stream) {
        live.remove(stream);
    }

    /** Nobody here reads it any more, and the peer has not ended it. */
    void linger(QuicStream stream) {
        if (lingering.contains(stream) || !lingeringAnew.add(stream)) {
            return;
        }
        if (lingering.size() + lingeringAnew.size() > MAX_LINGERING) {
            Set<QuicStream> oldest = lingering.isEmpty() ? lingeringAnew : lingering;
            oldest.iterator().next().stopSending();
        }
    }

    /** Nothing more will be heard of it. */
    void forget(QuicStream stream) {
        lingering.remove(stream);
        lingeringAnew.remove(stream);
    }

    /** Called at intervals: who has lingered through a whole one is told to stop. */
    void onTick() {
        if (!lingering.isEmpty()) {
            List.copyOf(lingering).forEach(QuicStream::stopSending);
        }
        lingering = lingeringAnew;
        lingeringAnew = new LinkedHashSet<>();
    }

    /** The peer was told to stop. */
    void onStopped(QuicStream stream) {
        forget(stream);
        if (stream.isOurs() ? ++outboundLeftBehind >= MAX_LEFT_BEHIND : ++inboundLeftBehind >= maxInboundLeftBehind) {
            connection.closeSoon(ErrorCode.GARBAGE_COLLECTED);
        }
    }

    /** The peer has reset a stream. */
    void onResetSeen() {
        if (!NettyStreams.canForget() && ++outboundLeftBehind >= MAX_LEFT_BEHIND) {
            connection.closeSoon(ErrorCode.GARBAGE_COLLECTED);
        }
    }

    void flush() {
        new ArrayList<>(live).forEach(QuicStream::flush);
    }

    void fail(Libp2pException cause) {
        new ArrayList<>(live).forEach(stream -> stream.fail(cause));
        lingering.clear();
        lingeringAnew.clear();
    }
}
