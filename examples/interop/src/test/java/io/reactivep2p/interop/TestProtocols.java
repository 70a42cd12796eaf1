package io.reactivep2p.interop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.host.Host;
import io.reactivep2p.host.HostService;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Our side of the protocols below {@code /interop/}, as {@code peers/README.md} has them. */
final class TestProtocols implements HostService {

    static final ProtocolId HALF_CLOSE = ProtocolId.of("/interop/half-close/1.0.0");
    static final ProtocolId RESET = ProtocolId.of("/interop/reset/1.0.0");
    static final ProtocolId RESET_ME = ProtocolId.of("/interop/reset-me/1.0.0");
    static final ProtocolId SOURCE = ProtocolId.of("/interop/source/1.0.0");
    static final ProtocolId SINK = ProtocolId.of("/interop/sink/1.0.0");

    /** Sent by the openers of the two reset protocols. */
    static final int RESET_BYTES = 1_024;

    static final byte ACKNOWLEDGEMENT = 0x06;
    static final int ANSWER_SEED = 2;
    static final int ANSWER_BYTES = 64 * 1024;
    static final int SOURCE_SEED = 1;
    /** The pattern that our sink expects. */
    static final int SINK_SEED = 9;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EventLog<StreamEnd> resets = new EventLog<>("our reset streams", PATIENCE);
    private final EventLog<PatternSource> sources = new EventLog<>("our source streams", PATIENCE);
    private final EventLog<PatternReader> sinks = new EventLog<>("our sink streams", PATIENCE);

    /** How an inbound {@code /interop/reset/1.0.0} stream ended after how many bytes; without an error it was closed. */
    record StreamEnd(long bytes, Optional<Throwable> error) {}

    @Override
    public Mono<Void> start(Host host) {
        return Mono.fromRunnable(() -> {
            host.handle(HALF_CLOSE, TestProtocols::serveHalfClose);
            host.handle(RESET, this::serveReset);
            host.handle(RESET_ME, TestProtocols::serveResetMe);
            host.handle(SOURCE, this::serveSource);
            host.handle(SINK, this::serveSink);
        });
    }

    /** The ends of the inbound reset streams. */
    EventLog<StreamEnd> resets() {
        return resets;
    }

    /** What our inbound source streams send. */
    EventLog<PatternSource> sources() {
        return sources;
    }

    /** The readers of our inbound sink streams; each waits to be told to read. */
    EventLog<PatternReader> sinks() {
        return sinks;
    }

    private static Mono<Void> serveHalfClose(ProtocolStream stream) {
        return stream.receive()
                .map(data -> (long) data.readableBytes())
                .reduce(0L, Long::sum)
                .flatMap(seen -> stream.send(Flux.just(
                        Unpooled.copiedBuffer("bytes seen: " + seen + "\n", StandardCharsets.US_ASCII),
                        Unpooled.wrappedBuffer(new Pattern(ANSWER_SEED).bytes(ANSWER_BYTES)))));
    }

    /** The acknowledgement shows that the stream is negotiated: a reset may overtake a negotiation. */
    private Mono<Void> serveReset(ProtocolStream stream) {
        AtomicLong bytes = new AtomicLong();
        Sinks.Empty<Void> complete = Sinks.empty();
        Mono<Void> read = stream.receive()
                .doOnNext(data -> {
                    if (bytes.addAndGet(data.readableBytes()) >= RESET_BYTES) {
                        complete.tryEmitEmpty();
                    }
                })
                .doOnError(cause -> resets.add(new StreamEnd(bytes.get(), Optional.of(cause))))
                .doOnComplete(() -> resets.add(new StreamEnd(bytes.get(), Optional.empty())))
                .then();
        Mono<Void> acknowledge = complete.asMono()
                .then(stream.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(new byte[] {ACKNOWLEDGEMENT}))));
        return Mono.when(acknowledge, read);
    }

    private static Mono<Void> serveResetMe(ProtocolStream stream) {
        return stream.receive()
                .next()
                .doOnNext(first -> stream.reset(ErrorCode.NONE))
                .then();
    }

    private Mono<Void> serveSource(ProtocolStream stream) {
        ByteBuf header = Unpooled.buffer(Long.BYTES);
        return stream.receive()
                .doOnNext(header::writeBytes)
                .takeUntil(data -> header.readableBytes() >= Long.BYTES)
                .then(Mono.defer(() -> {
                    PatternSource source = PatternSource.of(SOURCE_SEED, header.readLong());
                    sources.add(source);
                    return stream.send(source.chunks());
                }));
    }

    private Mono<Void> serveSink(ProtocolStream stream) {
        PatternReader reader = new PatternReader(SINK_SEED);
        stream.receive().subscribe(reader);
        sinks.add(reader);
        return reader.end().then();
    }
}
