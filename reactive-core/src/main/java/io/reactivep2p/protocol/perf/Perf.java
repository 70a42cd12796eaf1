package io.reactivep2p.protocol.perf;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.host.Host;
import io.reactivep2p.host.HostService;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.publisher.SynchronousSink;

/** Measures throughput, and lets others measure it. Not among a host's default services: it sends what it is asked for. */
public final class Perf implements HostService {

    public static final ProtocolId PROTOCOL = ProtocolId.of("/perf/1.0.0");

    /** Bytes of one element of the data sent, as in go-libp2p. */
    static final int BLOCK = 64 * 1024;

    private static final int HEADER = 8;

    /** Zeros, shared by all who send; only ever read. */
    private static final ByteBuf ZEROS =
            Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(new byte[BLOCK]).asReadOnly());

    private final LongSupplier nanoClock;

    private Perf(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    public static Perf create() {
        return new Perf(System::nanoTime);
    }

    /** With the clock given, in monotonic nanoseconds. */
    public static Perf create(LongSupplier nanoClock) {
        return new Perf(nanoClock);
    }

    @Override
    public Mono<Void> start(Host host) {
        return Mono.fromRunnable(() -> host.handle(PROTOCOL, Perf::serve));
    }

    private static Mono<Void> serve(ProtocolStream stream) {
        PerfHeader header = new PerfHeader();
        return stream.receive()
                .doOnNext(header::read)
                .then(Mono.defer(() -> header.isComplete()
                        ? stream.send(zeros(header.value(), sent -> {}))
                        : Mono.error(new ProtocolViolationException(
                                "a perf stream begins with " + HEADER + " bytes, and this one ended before"))));
    }

    /**
     * Sends {@code upload} bytes, asks for {@code download} bytes and counts them, on one new stream.
     *
     * <p><b>Completion</b>: when all is received. <b>Errors</b>: those of {@code open} and of the stream; {@link
     * ProtocolViolationException} when another number of bytes comes back. <b>Cancellation</b>: resets the stream.
     *
     * @param download an unsigned number
     */
    public Mono<PerfResult> measure(Connection connection, long upload, long download, PerfListener listener) {
        return connection.open(PROTOCOL).flatMap(stream -> measure(stream, upload, download, listener));
    }

    private Mono<PerfResult> measure(ProtocolStream stream, long upload, long download, PerfListener listener) {
        Stopwatch watch = new Stopwatch(nanoClock, listener, download);
        Flux<ByteBuf> data = Flux.concat(
                Mono.fromSupplier(() -> Unpooled.buffer(HEADER).writeLong(download)),
                zeros(upload, listener::onUploaded));
        return Mono.fromRunnable(watch::start)
                .then(stream.send(data))
                .then(stream.closeWrite())
                .then(Mono.fromRunnable(watch::uploaded))
                .thenMany(stream.receive())
                .doOnNext(watch::received)
                .then(Mono.fromCallable(() -> watch.result(upload)))
                .doFinally(end -> {
                    if (end != SignalType.ON_COMPLETE) {
                        stream.dispose(); // behind the signal, so that the reset is not an error that nobody waits for
                    }
                });
    }

    /** {@code count} bytes, in blocks; {@code onSent} hears the sum as each block is taken. */
    static Flux<ByteBuf> zeros(long count, LongConsumer onSent) {
        return Flux.generate(() -> 0L, (Long sent, SynchronousSink<ByteBuf> sink) -> {
            long left = count - sent;
            if (left == 0) {
                sink.complete();
                return sent;
            }
            int size = Long.compareUnsigned(left, BLOCK) < 0 ? (int) left : BLOCK;
            onSent.accept(sent + size);
            sink.next(ZEROS.retainedSlice(0, size));
            return sent + size;
        });
    }

    /** The figures of one run. Confined to the event loop, but for its start. */
    private static final class Stopwatch {

        private final LongSupplier nanoClock;
        private final PerfListener listener;
        private final long asked;
        private volatile long started;
        private volatile long uploaded;
        private boolean answered;
        private long received;

        Stopwatch(LongSupplier nanoClock, PerfListener listener, long asked) {
            this.nanoClock = nanoClock;
            this.listener = listener;
            this.asked = asked;
        }

        void start() {
            started = nanoClock.getAsLong();
        }

        void uploaded() {
            uploaded = nanoClock.getAsLong();
        }

        /** The server answers when it has everything, so its first byte dates the end of the upload best. */
        void received(ByteBuf data) {
            if (!answered) {
                answered = true;
                uploaded();
            }
            received += data.readableBytes();
            if (Long.compareUnsigned(received, asked) > 0) {
                throw miscounted(); // no need to wait for the end of what may have none
            }
            listener.onDownloaded(received);
        }

        PerfResult result(long upload) {
            if (received != asked) {
                throw miscounted();
            }
            long now = nanoClock.getAsLong();
            if (!answered) {
                uploaded = now;
            }
            return new PerfResult(upload, uploaded - started, received, now - uploaded);
        }

        private ProtocolViolationException miscounted() {
            return new ProtocolViolationException(
                    "asked for " + Long.toUnsignedString(asked) + " bytes, and " + received + " came back");
        }
    }

    /** The first eight bytes of a stream, in whatever pieces they come. */
    private static final class PerfHeader {

        private long value;
        private int bytes;

        void read(ByteBuf data) {
            while (bytes < HEADER && data.isReadable()) {
                value = value << Byte.SIZE | data.readUnsignedByte();
                bytes++;
            }
        }

        boolean isComplete() {
            return bytes == HEADER;
        }

        long value() {
            return value;
        }
    }
}
