package io.reactivep2p.protocol.ping;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.NonBlockingRandom;
import io.reactivep2p.host.HandlerOptions;
import io.reactivep2p.host.Host;
import io.reactivep2p.host.HostService;
import io.reactivep2p.wire.Codecs;
import io.reactivep2p.wire.MessageCodec;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Measures round trips, and answers those of others. */
public final class Ping implements HostService {

    public static final ProtocolId PROTOCOL = ProtocolId.of("/ipfs/ping/1.0.0");

    /** Bytes of one ping. */
    public static final int BYTES = 32;

    /** The specification lets a peer have two inbound streams, so that one may close while the next one opens. */
    static final HandlerOptions LIMITS = new HandlerOptions(4_096, 2);

    static final MessageCodec<byte[]> CODEC = Codecs.fixed(BYTES);

    private final RandomGenerator random;
    private final LongSupplier nanoClock;

    private Ping(RandomGenerator random, LongSupplier nanoClock) {
        this.random = random;
        this.nanoClock = nanoClock;
    }

    public static Ping create() {
        return new Ping(NonBlockingRandom.create(), System::nanoTime);
    }

    /** With the randomness and the clock (monotonic nanoseconds) given. */
    public static Ping create(RandomGenerator random, LongSupplier nanoClock) {
        return new Ping(random, nanoClock);
    }

    @Override
    public Mono<Void> start(Host host) {
        return Mono.fromRunnable(
                () -> host.handle(PROTOCOL, LIMITS, stream -> stream.send(CODEC, stream.receive(CODEC))));
    }

    /**
     * Round-trip times over one stream.
     *
     * <p><b>Completion</b>: never by itself. <b>Errors</b>: those of {@code open}; {@code ProtocolViolationException} when the answer is not
     * what was sent. No time limit: add {@code timeout}.
     *
     * <p><b>Backpressure</b>: a ping is sent for each element requested, one at a time; slow the subscriber down to ping now and then.
     *
     * <p><b>Cancellation</b>: closes the stream.
     */
    public Flux<Duration> pings(Connection connection) {
        return connection.open(PROTOCOL).flatMapMany(stream -> new PingFlux(stream, random, nanoClock));
    }

    /** One round-trip time. As {@link #pings}. */
    public Mono<Duration> ping(Connection connection) {
        return pings(connection).next();
    }
}
