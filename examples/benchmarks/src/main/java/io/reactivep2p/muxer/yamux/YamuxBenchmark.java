package io.reactivep2p.muxer.yamux;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.reactivep2p.muxer.MuxedStream;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Headers, and two sessions in memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class YamuxBenchmark {

    private static final int BLOCK = 64 * 1024;
    private static final int MESSAGE = 100;

    private final ByteBuf header = Unpooled.buffer(YamuxFrameCodec.HEADER_BYTES);
    private final ByteBuf block = Unpooled.directBuffer(BLOCK).writeZero(BLOCK);
    private final SessionPair bulk = new SessionPair(stream -> stream.attach(new SessionPair.Drain(stream)));
    private final MuxedStream sender = bulk.open();
    private final SessionPair calls = new SessionPair(stream -> stream.attach(new SessionPair.Echo(stream)));

    @Benchmark
    public int writeHeader() {
        header.clear();
        YamuxFrameCodec.writeHeader(header, YamuxFrameCodec.DATA, YamuxFrameCodec.FIN, 7, MESSAGE);
        return header.writerIndex();
    }

    @Benchmark
    public int readHeader() throws YamuxException {
        header.setIndex(0, 0);
        YamuxFrameCodec.writeHeader(header, YamuxFrameCodec.DATA, YamuxFrameCodec.FIN, 7, MESSAGE);
        long head = header.readLong();
        int length = header.readInt();
        YamuxFrameCodec.check(head, length);
        return YamuxFrameCodec.streamId(head) + length;
    }

    /** 64 KiB from one session to the other, with the credit that comes back, and one copy in between as a socket makes. */
    @Benchmark
    public void transfer64KiB() {
        sender.write(block.retainedDuplicate());
        bulk.talk();
    }

    /** A new stream, 100 bytes there and back, both ways ended. */
    @Benchmark
    public long call() {
        MuxedStream stream = calls.open();
        SessionPair.Drain drain = new SessionPair.Drain(stream);
        stream.attach(drain);
        stream.write(ByteBufAllocator.DEFAULT.buffer(MESSAGE).writeZero(MESSAGE));
        stream.closeWrite();
        calls.talk();
        return drain.received();
    }

    /** Streams that calls have left open: none. */
    int streamsLeft() {
        return calls.streams();
    }

    @TearDown
    public void close() {
        bulk.close();
        calls.close();
        block.release();
    }
}
