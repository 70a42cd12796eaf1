package io.reactivep2p.testing;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.muxer.SecuredMuxedConnection;
import io.reactivep2p.muxer.StreamOpening;
import io.reactivep2p.transport.RawConnection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The {@link TestMuxer} on one connection. */
final class TestMuxing extends ByteToMessageDecoder implements SecuredMuxedConnection.Muxing {

    static final int OPEN = 1;
    static final int DATA = 2;
    static final int END = 3;
    static final int RESET = 4;
    static final int CREDIT = 5;
    static final int GOODBYE = 6;

    static final int MAX_FRAME = 64 * 1024;
    private static final int HEADER = 9;
    private static final int MAX_STREAMS = 100_000;

    private final int window;
    private final Channel channel;
    private final Map<Integer, TestMuxedStream> streams = new LinkedHashMap<>();
    private final Sinks.Empty<Void> disposed = Sinks.empty();
    private volatile int open;
    private volatile ConnectionClosedException closeCause;
    private Consumer<MuxedStream> acceptor;
    private int nextId;

    TestMuxing(RawConnection raw, int window) {
        this.window = window;
        this.channel = raw.channel();
        this.nextId = raw.direction().isInitiator() ? 1 : 2;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        while (closeCause == null && in.readableBytes() >= HEADER) {
            int at = in.readerIndex();
            int kind = in.getByte(at);
            int id = in.getInt(at + 1);
            int value = in.getInt(at + 5);
            if (kind == DATA) {
                if (value <= 0 || value > MAX_FRAME) {
                    close(ErrorCode.PROTOCOL_VIOLATION);
                    return;
                }
                if (in.readableBytes() < HEADER + value) {
                    return;
                }
            }
            in.skipBytes(HEADER);
            onFrame(kind, id, value, in);
        }
        if (closeCause != null) {
            in.skipBytes(in.readableBytes());
        }
    }

    private void onFrame(int kind, int id, int value, ByteBuf in) {
        if (kind == GOODBYE) {
            finish(new ConnectionClosedException(ErrorCode.of(value & 0xFFFF_FFFFL), true));
            channel.close();
            return;
        }
        if (kind == OPEN) {
            accept(id);
            return;
        }
        TestMuxedStream stream = streams.get(id);
        if (stream == null) {
            if (kind == DATA) {
                in.skipBytes(value); // on its way when we reset the stream
            }
            return;
        }
        switch (kind) {
            case DATA -> stream.dataArrived(in.readRetainedSlice(value));
            case END -> stream.endArrived();
            case RESET -> stream.resetArrived(ErrorCode.of(value & 0xFFFF_FFFFL));
            case CREDIT -> stream.creditArrived(value);
            default -> close(ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    private void accept(int id) {
        if (acceptor == null || open >= MAX_STREAMS) {
            send(RESET, id, 0);
            return;
        }
        TestMuxedStream stream = new TestMuxedStream(this, id, Direction.INBOUND, window);
        add(stream);
        acceptor.accept(stream);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        super.channelReadComplete(ctx);
        ctx.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        List.copyOf(streams.values()).forEach(TestMuxedStream::pump);
        ctx.flush();
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        super.channelInactive(ctx);
        finish(new ConnectionClosedException(ErrorCode.NONE, true));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        finish(new ConnectionClosedException(ErrorCode.NONE, false, cause));
        ctx.close();
    }

    void send(int kind, int id, int value) {
        if (channel.isActive()) {
            write(frame(kind, id, value));
        }
    }

    void send(int id, ByteBuf data) {
        write(frame(DATA, id, data.readableBytes()));
        write(data);
    }

    private void write(ByteBuf bytes) {
        // from this handler's place in the pipeline, so that the secure channel below sees it
        channel.pipeline().context(this).write(bytes, channel.voidPromise());
    }

    private ByteBuf frame(int kind, int id, int value) {
        return channel.alloc().buffer(HEADER).writeByte(kind).writeInt(id).writeInt(value);
    }

    void flush() {
        channel.flush();
    }

    boolean isChannelWritable() {
        return channel.isActive() && channel.isWritable();
    }

    void remove(TestMuxedStream stream) {
        if (streams.remove((int) stream.id()) != null) {
            open = streams.size();
        }
    }

    private void add(TestMuxedStream stream) {
        streams.put((int) stream.id(), stream);
        open = streams.size();
    }

    private void finish(ConnectionClosedException cause) {
        if (closeCause != null) {
            return;
        }
        closeCause = cause;
        List.copyOf(streams.values()).forEach(stream -> stream.connectionClosed(cause));
        streams.clear();
        open = 0;
        disposed.tryEmitEmpty();
    }

    @Override
    public EventExecutor executor() {
        return channel.eventLoop();
    }

    @Override
    public void open(StreamOpening.Request request) {
        if (closeCause != null) {
            request.onFailed(closeCause);
            return;
        }
        TestMuxedStream stream = new TestMuxedStream(this, nextId, Direction.OUTBOUND, window);
        nextId += 2;
        add(stream);
        send(OPEN, (int) stream.id(), 0);
        request.onOpened(stream);
    }

    @Override
    public void cancelOpen(StreamOpening.Request request) {
        // None waits.
    }

    @Override
    public void acceptStreams(Consumer<MuxedStream> newAcceptor) {
        acceptor = newAcceptor;
    }

    @Override
    public int streamCount() {
        return open;
    }

    @Override
    public void close(ErrorCode code) {
        if (closeCause == null) {
            finish(new ConnectionClosedException(code, false));
            send(GOODBYE, 0, (int) code.value());
            channel.flush();
            channel.close();
        }
    }

    @Override
    public Mono<Void> onClosed() {
        return disposed.asMono();
    }

    @Override
    public ConnectionClosedException closeCause() {
        return closeCause;
    }
}
