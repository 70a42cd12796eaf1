package io.reactivep2p.muxer.mplex;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.muxer.RecordingListener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Two sessions that talk in memory; time is a number. A session that wants no bytes is given none: they wait on the wire. */
final class MplexPair implements AutoCloseable {

    static final long SECOND = 1_000_000_000L;

    /** One end: a session, its shell and the wire that leads away from it. */
    final class End implements MplexShell, FrameOutput {
        final MplexSession session;
        final List<RecordingListener> accepted = new ArrayList<>();
        /** Heads sent. */
        final List<MplexFrame> sent = new ArrayList<>();

        final ArrayDeque<ByteBuf> wire = new ArrayDeque<>();
        End other;
        boolean socketWritable = true;
        int flushes;
        private ByteBuf turn = tracked(Unpooled.buffer());

        End(MplexOptions options, long firstId) {
            session = new MplexSession(options, this, now, firstId);
            session.acceptStreams(stream -> accepted.add(new RecordingListener(stream)));
        }

        RecordingListener open() {
            return new RecordingListener(session.open());
        }

        /** Sends what the session has, as one packet. */
        void drain() {
            session.notifyWritable();
            while (socketWritable && session.poll(this, now)) {
                session.notifyWritable();
            }
            if (turn.isReadable()) {
                wire.add(turn);
                turn = tracked(Unpooled.buffer());
            }
        }

        /** Takes the packets that have arrived at the other end, as far as that end wants them. */
        boolean deliver() {
            boolean any = false;
            while (!wire.isEmpty() && other.session.wantsBytes()) {
                other.session.onBytes(wire.remove(), now);
                any = true;
            }
            return any;
        }

        void socketWritable(boolean writable) {
            socketWritable = writable;
            session.onSocketWritable(writable);
        }

        /** Hands raw frames to this end, as if its peer had sent them, their data all zeros. */
        void receive(MplexFrame... frames) {
            ByteBuf bytes = tracked(Unpooled.buffer());
            for (MplexFrame frame : frames) {
                MplexFrameCodec.write(frame.flag(), frame.id(), frame.length(), bytes);
                bytes.writeZero(frame.length());
            }
            session.onBytes(bytes, now);
        }

        List<MplexFrame> takeSent() {
            List<MplexFrame> frames = List.copyOf(sent);
            sent.clear();
            return frames;
        }

        @Override
        public void head(int flag, long id, int length) {
            MplexFrameCodec.write(flag, id, length, turn);
            sent.add(new MplexFrame(flag, id, length));
        }

        @Override
        public void data(ByteBuf piece) {
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

    private final List<ByteBuf> buffers = new ArrayList<>();
    final End client;
    final End server;
    long now = 5 * SECOND;

    MplexPair() {
        this(spec -> {});
    }

    MplexPair(Consumer<MplexSpec> configurer) {
        this(configurer, 0);
    }

    MplexPair(Consumer<MplexSpec> configurer, long firstId) {
        client = new End(options(configurer), firstId);
        server = new End(options(configurer), firstId);
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

    static MplexOptions options(Consumer<MplexSpec> configurer) {
        MplexSpec spec = new MplexSpec();
        configurer.accept(spec);
        return spec.options();
    }

    /** Lets both talk until neither has anything more to say or to hear, without time passing. */
    MplexPair talk() {
        boolean any = true;
        while (any) {
            client.drain();
            any = client.deliver();
            server.drain();
            any |= server.deliver();
        }
        return this;
    }

    /** Lets time pass, with timers, then talks. */
    MplexPair pass(long nanos) {
        now += nanos;
        for (End one : List.of(client, server)) {
            long next = one.session.nextTimeoutNanos();
            if (next != MplexSession.NEVER && next - now <= 0) {
                one.session.onTimeout(now);
            }
        }
        return talk();
    }

    /** A stream that both ends know. */
    RecordingListener[] both() {
        int before = server.accepted.size();
        MuxedStream stream = client.session.open();
        talk();
        return new RecordingListener[] {new RecordingListener(stream), server.accepted.get(before)};
    }

    @Override
    public void close() {
        for (End end : List.of(client, server)) {
            end.session.close(new ConnectionClosedException(ErrorCode.NONE, false));
            end.wire.forEach(ByteBuf::release);
            end.wire.clear();
            if (end.turn.refCnt() > 0) {
                end.turn.release();
            }
        }
        assertThat(buffers).as("buffers left").noneMatch(buffer -> buffer.refCnt() != 0);
        buffers.clear();
    }
}
