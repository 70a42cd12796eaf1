package io.reactivep2p.multistream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.muxer.MuxedStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A muxed stream that a test writes the other end of. */
final class FakeStream implements MuxedStream {

    final List<String> writes = new ArrayList<>();
    final List<String> calls = new ArrayList<>();
    Listener listener;
    int consumed;
    int flushes;
    ErrorCode reset;
    private final List<ByteBuf> buffers = new ArrayList<>();
    private final List<ByteBuf> held = new ArrayList<>();
    private final EmbeddedChannel loop = new EmbeddedChannel();

    /** Bytes of the remote peer. */
    void receive(ByteBuf content) {
        ByteBuf data = ByteBufAllocator.DEFAULT.buffer().writeBytes(content);
        buffers.add(data);
        if (reset != null) {
            data.release();
        } else if (listener == null) {
            held.add(data);
        } else {
            listener.onData(data);
        }
    }

    /** A buffer to write, watched for a leak. */
    ByteBuf data(String text) {
        ByteBuf data = ByteBufAllocator.DEFAULT.buffer().writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        buffers.add(data);
        return data;
    }

    void endTurn() {
        loop.runPendingTasks();
    }

    String written() {
        return String.join("", writes);
    }

    void assertNothingLeaked() {
        assertThat(buffers).allMatch(buffer -> buffer.refCnt() == 0, "released");
        assertThat(held).isEmpty();
    }

    @Override
    public long id() {
        return 7;
    }

    @Override
    public Direction direction() {
        return Direction.OUTBOUND;
    }

    @Override
    public EventExecutor executor() {
        return loop.eventLoop();
    }

    @Override
    public void attach(Listener newListener) {
        listener = newListener;
        calls.add("attach");
        List<ByteBuf> waiting = List.copyOf(held);
        held.clear();
        waiting.forEach(listener::onData);
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void write(ByteBuf data) {
        if (reset == null) {
            writes.add(data.toString(StandardCharsets.ISO_8859_1));
            calls.add("write");
        }
        data.release();
        assertThat(data.refCnt()).isZero();
    }

    @Override
    public void flush() {
        flushes++;
        calls.add("flush");
    }

    @Override
    public void consumed(int bytes) {
        consumed += bytes;
    }

    @Override
    public void closeWrite() {
        calls.add("closeWrite");
    }

    @Override
    public void closeRead() {
        calls.add("closeRead");
    }

    @Override
    public void reset(ErrorCode code) {
        if (reset == null) {
            reset = code;
        }
    }
}
