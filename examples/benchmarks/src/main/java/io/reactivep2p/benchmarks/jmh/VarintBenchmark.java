package io.reactivep2p.benchmarks.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.multiformats.Varint;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Varints of one, two and nine bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class VarintBenchmark {

    @Param({"100", "1000", "9223372036854775807"})
    public long value;

    private final ByteBuf written = Unpooled.buffer(Varint.MAX_BYTES);
    private final ByteBuf out = Unpooled.buffer(Varint.MAX_BYTES);

    @Setup
    public void encode() {
        written.clear();
        Varint.write(value, written);
    }

    @Benchmark
    public ByteBuf write() {
        out.clear();
        Varint.write(value, out);
        return out;
    }

    @Benchmark
    public long read() {
        written.readerIndex(0);
        return Varint.read(written);
    }
}
