package io.reactivep2p.benchmarks.jmh;

import io.reactivep2p.multiformats.Multiaddr;
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

/** Multiaddrs from text and bytes and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MultiaddrBenchmark {

    @Param({
        "/ip4/203.0.113.7/tcp/4001",
        "/ip6/2001:db8::1/udp/4001/quic-v1/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA",
        "/dns4/node.example.org/tcp/443/wss/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA"
    })
    public String text = "";

    private byte[] bytes = {};

    @Setup
    public void encode() {
        bytes = Multiaddr.of(text).toBytes();
    }

    @Benchmark
    public Multiaddr parse() {
        return Multiaddr.of(text);
    }

    @Benchmark
    public Multiaddr decode() {
        return Multiaddr.of(bytes);
    }

    /** With the decoding, since an address may remember its text. */
    @Benchmark
    public String decodeAndPrint() {
        return Multiaddr.of(bytes).toString();
    }
}
