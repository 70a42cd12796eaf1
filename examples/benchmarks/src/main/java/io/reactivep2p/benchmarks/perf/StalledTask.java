package io.reactivep2p.benchmarks.perf;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.SynchronousSink;

/** The child of {@link StalledRow}. */
final class StalledTask implements ChildTask {

    private static final ProtocolId PROTOCOL = ProtocolId.of("/benchmarks/stall/1.0.0");
    private static final int BLOCK = 64 * 1024;

    /** So long without a byte taken, and the sender stands still. */
    private static final int STILL_MILLIS = 500;

    private static final double KIB = 1_024;
    private static final double MIB = 1_024 * 1_024;

    private final Supplier<HostPair> pair;

    StalledTask(Supplier<HostPair> pair) {
        this.pair = pair;
    }

    @Override
    public double[] measure(Scale scale) {
        try (HostPair hosts = pair.get()) {
            Gate gate = new Gate();
            hosts.listener().handle(PROTOCOL, gate::listen);
            ProtocolStream stream = HostPair.await(hosts.connectNow().open(PROTOCOL));
            long before = UsedHeap.settled();

            AtomicLong accepted = new AtomicLong();
            Sinks.Empty<Void> sent = Sinks.empty();
            stream.send(blocks(scale.streamBytes(), accepted))
                    .then(stream.closeWrite())
                    .subscribe(null, sent::tryEmitError, sent::tryEmitEmpty);
            long atStall = awaitStall(accepted);

            long growth = 0;
            long end = System.nanoTime() + scale.window().toNanos();
            do {
                growth = Math.max(growth, UsedHeap.afterCollection() - before);
                Pause.millis(100);
            } while (System.nanoTime() - end < 0);
            if (accepted.get() != atStall) {
                throw new IllegalStateException("it went on from " + atStall + " to " + accepted + " without demand");
            }

            gate.open();
            gate.ended.asMono().then(sent.asMono()).block(HostPair.PATIENCE);
            return new double[] {atStall / KIB, growth / MIB, gate.received / 1e6};
        }
    }

    private static long awaitStall(AtomicLong accepted) {
        Pause.until(() -> accepted.get() > 0, "the first block to be sent");
        long last;
        do {
            last = accepted.get();
            Pause.millis(STILL_MILLIS);
        } while (accepted.get() != last);
        return last;
    }

    /** Each block has memory of its own, so that those held anywhere show on the heap. */
    private static Flux<ByteBuf> blocks(long count, AtomicLong accepted) {
        return Flux.generate((SynchronousSink<ByteBuf> sink) -> {
            int size = (int) Math.min(BLOCK, count - accepted.get());
            if (size == 0) {
                sink.complete();
            } else {
                accepted.addAndGet(size);
                sink.next(Unpooled.wrappedBuffer(new byte[size]));
            }
        });
    }

    /** A subscriber that requests nothing until it is told to. */
    private static final class Gate extends BaseSubscriber<ByteBuf> {

        final Sinks.Empty<Void> ended = Sinks.empty();
        volatile long received;

        Mono<Void> listen(ProtocolStream stream) {
            stream.receive().subscribe(this);
            return ended.asMono();
        }

        void open() {
            requestUnbounded();
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // Nothing is requested.
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // only the event loop writes
        protected void hookOnNext(ByteBuf bytes) {
            received += bytes.readableBytes();
        }

        @Override
        protected void hookOnComplete() {
            ended.tryEmitEmpty();
        }

        @Override
        protected void hookOnError(Throwable cause) {
            ended.tryEmitError(cause);
        }
    }
}
