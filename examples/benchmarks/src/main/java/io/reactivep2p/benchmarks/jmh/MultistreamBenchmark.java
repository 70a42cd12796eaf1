package io.reactivep2p.benchmarks.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.multistream.Multistream;
import io.reactivep2p.multistream.NegotiationSession;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.muxer.yamux.SessionPair;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

/** Agreeing on the protocol of a stream: the conversation alone, and lazily with a request and its answer on a yamux session. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MultistreamBenchmark {

    private static final ProtocolId PROTOCOL = ProtocolId.of("/benchmarks/call/1.0.0");
    private static final List<ProtocolId> PROTOCOLS = List.of(PROTOCOL);
    private static final int BYTES = 100;

    private final SessionPair lazy =
            new SessionPair(stream -> Multistream.respond(stream, PROTOCOL::equals, new Echoing()));

    @Benchmark
    public @Nullable ProtocolId negotiate() {
        NegotiationSession initiator = NegotiationSession.initiator(PROTOCOLS);
        NegotiationSession responder = NegotiationSession.responder(PROTOCOL::equals);
        boolean moved;
        do {
            moved = move(initiator, responder) | move(responder, initiator);
        } while (moved);
        return initiator.selected();
    }

    private static boolean move(NegotiationSession from, NegotiationSession to) {
        ByteBuf bytes = from.pollOutput();
        if (bytes == null) {
            return false;
        }
        to.onData(bytes);
        bytes.release();
        return true;
    }

    /** A new stream, 100 bytes with the proposal, the responder's answer and the 100 bytes back, both ways ended. */
    @Benchmark
    public long lazySelectAndRespond() {
        MuxedStream stream = Multistream.selectLazily(lazy.open(), PROTOCOL);
        SessionPair.Drain drain = new SessionPair.Drain(stream);
        stream.write(ByteBufAllocator.DEFAULT.buffer(BYTES).writeZero(BYTES));
        stream.attach(drain);
        stream.closeWrite();
        lazy.talk();
        return drain.received();
    }

    @TearDown
    public void close() {
        lazy.close();
    }

    /** The responder: serves each stream with an echo. */
    private static final class Echoing implements Multistream.Outcome {

        @Override
        public void selected(ProtocolId protocol, MuxedStream stream) {
            stream.attach(new SessionPair.Echo(stream));
        }

        @Override
        public void failed(Libp2pException cause) {
            throw cause;
        }
    }
}
