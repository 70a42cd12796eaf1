package io.reactivep2p.muxer.yamux;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.muxer.StreamOpening;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Two yamux sessions that talk in memory, on the caller's thread. */
public final class SessionPair implements AutoCloseable {

    /** More than all windows together. */
    private static final int MAX_TURN_BYTES = 128 << 20;

    private final End client;
    private final End server;

    /** @param acceptor of the streams that the client opens */
    public SessionPair(Consumer<MuxedStream> acceptor) {
        YamuxOptions options = new YamuxSpec().pingInterval(Duration.ZERO).options();
        client = new End(options, true);
        server = new End(options, false);
        client.session.acceptStreams(stream -> stream.reset(ErrorCode.NONE));
        server.session.acceptStreams(acceptor);
    }

    /** A new stream of the client's. */
    public MuxedStream open() {
        Opened opened = new Opened();
        client.session.open(opened, System.nanoTime());
        MuxedStream stream = opened.stream;
        if (stream == null) {
            throw new IllegalStateException("no stream: the acknowledgements of others are missing");
        }
        return stream;
    }

    /** Moves what either end has to say, until both are silent. */
    public void talk() {
        boolean moved;
        do {
            moved = client.moveTo(server) | server.moveTo(client);
        } while (moved);
    }

    /** Streams that the client still knows. */
    public int streams() {
        return client.session.streamCount();
    }

    @Override
    public void close() {
        ConnectionClosedException over = new ConnectionClosedException(ErrorCode.NONE, false);
        client.session.onTransportClosed(over);
        server.session.onTransportClosed(over);
    }

    private static final class End implements YamuxShell, FrameOutput {

        final YamuxSession session;
        private @Nullable ByteBuf turn;

        End(YamuxOptions options, boolean initiator) {
            session = new YamuxSession(options, initiator, this, System.nanoTime());
        }

        boolean moveTo(End other) {
            long now = System.nanoTime();
            do {
                session.notifyWritable();
            } while (session.poll(this, now));
            ByteBuf bytes = turn;
            turn = null;
            if (bytes == null) {
                return false;
            }
            other.session.onBytes(bytes, now);
            return true;
        }

        private ByteBuf turn() {
            ByteBuf bytes = turn;
            if (bytes == null) {
                bytes = ByteBufAllocator.DEFAULT.buffer(256, MAX_TURN_BYTES);
                turn = bytes;
            }
            return bytes;
        }

        @Override
        public void header(int type, int flags, int streamId, int length) {
            YamuxFrameCodec.writeHeader(turn(), type, flags, streamId, length);
        }

        @Override
        public void payload(ByteBuf piece) {
            turn().writeBytes(piece);
            piece.release();
        }

        @Override
        public EventExecutor executor() {
            return ImmediateEventExecutor.INSTANCE;
        }

        @Override
        public void flush() {}

        @Override
        public void requestFlush() {}

        @Override
        public void onClosing(ConnectionClosedException cause) {}
    }

    private static final class Opened implements StreamOpening.Request {

        @Nullable
        MuxedStream stream;

        @Override
        public void onOpened(MuxedStream opened) {
            stream = opened;
        }

        @Override
        public void onFailed(Libp2pException cause) {
            throw cause;
        }
    }

    /** Counts what comes, and asks for more. */
    public static final class Drain implements MuxedStream.Listener {

        private final MuxedStream stream;
        private long received;

        public Drain(MuxedStream stream) {
            this.stream = stream;
        }

        public long received() {
            return received;
        }

        @Override
        public void onData(ByteBuf data) {
            int bytes = data.readableBytes();
            received += bytes;
            data.release();
            stream.consumed(bytes);
        }

        @Override
        public void onEnd() {}

        @Override
        public void onError(Libp2pException cause) {}

        @Override
        public void onWritable() {}

        @Override
        public void onClosed() {}
    }

    /** Sends back what comes, and ends when the other side does. */
    public static final class Echo implements MuxedStream.Listener {

        private final MuxedStream stream;

        public Echo(MuxedStream stream) {
            this.stream = stream;
        }

        @Override
        public void onData(ByteBuf data) {
            int bytes = data.readableBytes();
            stream.write(data);
            stream.consumed(bytes);
        }

        @Override
        public void onEnd() {
            stream.closeWrite();
        }

        @Override
        public void onError(Libp2pException cause) {}

        @Override
        public void onWritable() {}

        @Override
        public void onClosed() {}
    }
}
