package io.reactivep2p.benchmarks.perf;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.protocol.echo.Echo;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Sinks;

/** Sends 100 bytes to an echo and waits for them, over and over, on one stream. */
final class RoundTrips {

    private static final int BYTES = 100;

    /** The first message of a measurement comes from another thread, which may not quite have left the sink when the answer is there. */
    private static final Sinks.EmitFailureHandler PATIENTLY =
            Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(10));

    private final Sinks.Many<ByteBuf> out = Sinks.many().unicast().onBackpressureBuffer();
    private int missing;
    private int left;
    private long started;
    private CompletableFuture<Double> result = new CompletableFuture<>();

    private RoundTrips() {}

    static RoundTrips open(Connection connection) {
        ProtocolStream stream = HostPair.await(connection.open(Echo.PROTOCOL));
        RoundTrips trips = new RoundTrips();
        stream.receive().subscribe(trips::received, trips::failed);
        stream.send(trips.out.asFlux()).subscribe(null, trips::failed);
        return trips;
    }

    /** The mean of {@code count} round trips in nanoseconds. Blocks. */
    double measure(int count) {
        result = new CompletableFuture<>();
        left = count + 1; // the first one begins with a change of threads and does not count
        started = 0;
        send();
        double nanos = result.orTimeout(HostPair.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        return nanos / count;
    }

    private void received(ByteBuf bytes) {
        missing -= bytes.readableBytes();
        if (missing > 0) {
            return;
        }
        if (started == 0) {
            started = System.nanoTime();
        }
        left--;
        if (left == 0) {
            result.complete((double) (System.nanoTime() - started));
        } else {
            send();
        }
    }

    private void send() {
        missing = BYTES;
        out.emitNext(Unpooled.wrappedBuffer(new byte[BYTES]), PATIENTLY);
    }

    private void failed(Throwable cause) {
        result.completeExceptionally(cause);
    }
}
