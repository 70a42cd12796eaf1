package io.reactivep2p.muxer.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.muxer.RecordingListener;
import io.reactivep2p.muxer.StreamOpening;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Two sessions that talk in memory; time is a number. */
final class YamuxPair implements AutoCloseable {

    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000 * MILLI;

    private record Packet(ByteBuf bytes, long arrival) {}

    /** One end: a session, its shell and the wire that leads away from it. */
    final class End implements YamuxShell, FrameOutput {
        final YamuxSession session;
        final List<MuxedStream> accepted = new ArrayList<>();
        final List<RecordingListener> listeners = new ArrayList<>();
        /** Headers sent. */
        final List<YamuxFrame> sent = new ArrayList<>();

        final ArrayDeque<Packet> wire = new ArrayDeque<>();
        End other;
        boolean socketWritable = true;
        int flushes;
        private ByteBuf turn = tracked(Unpooled.buffer());
        private boolean saidGoodbye;

        End(YamuxOptions options, boolean initiator, long firstId) {
            session = new YamuxSession(options, initiator, this, now, firstId);
            session.acceptStreams(stream -> {
                accepted.add(stream);
                listeners.add(new RecordingListener(stream));
            });
        }

        MuxedStream open() {
            return open(new Opened()).stream;
        }

        Opened open(Opened opened) {
            session.open(opened, now);
            return opened;
        }

        /** Sends what the session has, as one packet. */
        void drain() {
            session.notifyWritable();
            while (socketWritable && session.poll(this, now)) {
                session.notifyWritable();
            }
            if (session.closeCause() != null && session.goAwayCode() >= 0 && !saidGoodbye) {
                saidGoodbye = true;
                header(YamuxFrameCodec.GO_AWAY, 0, 0, (int) session.goAwayCode());
            }
            if (turn.isReadable()) {
                wire.add(new Packet(turn, now + latency));
                turn = tracked(Unpooled.buffer());
            }
        }

        /** Takes the packets that have arrived at the other end. */
        boolean deliver() {
            boolean any = false;
            while (!wire.isEmpty() && wire.peek().arrival <= now) {
                other.session.onBytes(wire.remove().bytes, now);
                any = true;
            }
            return any;
        }

        void socketWritable(boolean writable) {
            socketWritable = writable;
            session.onSocketWritable(writable);
        }

        /** Hands raw bytes to this end, as if its peer had sent them. */
        void receive(YamuxFrame... frames) {
            ByteBuf bytes = tracked(Unpooled.buffer());
            for (YamuxFrame frame : frames) {
                YamuxFrameCodec.write(bytes, frame);
                if (frame instanceof YamuxFrame.Data data && data.length() <= 1 << 20) {
                    bytes.writeZero((int) data.length());
                }
            }
            session.onBytes(bytes, now);
        }

        List<YamuxFrame> takeSent() {
            List<YamuxFrame> frames = List.copyOf(sent);
            sent.clear();
            return frames;
        }

        @Override
        public void header(int type, int flags, int streamId, int length) {
            YamuxFrameCodec.writeHeader(turn, type, flags, streamId, length);
            sent.add(YamuxFrameCodec.frame(turn.getLong(turn.writerIndex() - 12), length));
        }

        @Override
        public void payload(ByteBuf piece) {
            turn.writeBytes(piece);
            piece.release();
        }

        @Override
        public EventExecutor executor() {
            return ImmediateEventExecutor.INSTANCE;
        }

        @Override
        public void flush() {
            flushes++;
        }

        @Override
        public void requestFlush() {
            flushes++;
        }

        @Override
        public void onClosing(ConnectionClosedException cause) {}
    }

    /** Who asked for a stream. */
    static class Opened implements StreamOpening.Request {
        MuxedStream stream;
        Libp2pException failure;

        @Override
        public void onOpened(MuxedStream opened) {
            stream = opened;
        }

        @Override
        public void onFailed(Libp2pException cause) {
            failure = cause;
        }
    }

    private final List<ByteBuf> buffers = new ArrayList<>();
    final End client;
    final End server;
    long now = 5 * SECOND;
    /** One way. */
    long latency;

    YamuxPair() {
        this(spec -> spec.pingInterval(Duration.ZERO));
    }

    YamuxPair(Consumer<YamuxSpec> configurer) {
        this(configurer, configurer, 1);
    }

    YamuxPair(Consumer<YamuxSpec> forClient, Consumer<YamuxSpec> forServer, long firstClientId) {
        client = new End(options(forClient), true, firstClientId);
        server = new End(options(forServer), false, 2);
        client.other = server;
        server.other = client;
    }

    /** Remembers a buffer; whoever has not released it when the pair is closed fails the test. */
    ByteBuf tracked(ByteBuf buffer) {
        buffers.add(buffer);
        return buffer;
    }

    ByteBuf zeros(int bytes) {
        return tracked(Unpooled.buffer(Math.max(1, bytes)).writeZero(bytes));
    }

    static YamuxOptions options(Consumer<YamuxSpec> configurer) {
        YamuxSpec spec = new YamuxSpec();
        configurer.accept(spec);
        return spec.options();
    }

    /** Lets both talk until neither has anything more to say, without time passing. */
    YamuxPair talk() {
        boolean any = true;
        while (any) {
            client.drain();
            any = client.deliver();
            server.drain();
            any |= server.deliver();
        }
        return this;
    }

    /** Lets {@code nanos} pass in steps of a millisecond, with timers and packets on their way. */
    YamuxPair pass(long nanos) {
        long end = now + nanos;
        talk();
        while (now < end) {
            now = Math.min(end, now + MILLI);
            for (End one : List.of(client, server)) {
                long next = one.session.nextTimeoutNanos();
                if (next != KeepAlive.NEVER && next - now <= 0) {
                    one.session.onTimeout(now);
                }
            }
            talk();
        }
        return this;
    }

    @Override
    public void close() {
        for (End end : List.of(client, server)) {
            end.session.onTransportClosed(new ConnectionClosedException(ErrorCode.NONE, false));
            end.wire.forEach(packet -> packet.bytes.release());
            end.wire.clear();
            if (end.turn.refCnt() > 0) {
                end.turn.release();
            }
        }
        assertThat(buffers).as("buffers left").noneMatch(buffer -> buffer.refCnt() != 0);
        buffers.clear();
    }
}
