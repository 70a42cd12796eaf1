package io.reactivep2p.protocol.ping;

import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.connection.ProtocolViolationException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** One ping stream as a Flux: a request sends a ping, the echo becomes an element. */
final class PingFlux extends Flux<Duration> {

    private final ProtocolStream stream;
    private final RandomGenerator random;
    private final LongSupplier nanoClock;

    PingFlux(ProtocolStream stream, RandomGenerator random, LongSupplier nanoClock) {
        this.stream = stream;
        this.random = random;
        this.nanoClock = nanoClock;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Duration> actual) {
        stream.receive(Ping.CODEC).subscribe(new Pinger(this, actual));
    }

    /** Subscriber of the echoes and subscription of the round-trip times. At most one ping is under way. */
    private static final class Pinger implements CoreSubscriber<byte[]>, Subscription {

        private final PingFlux parent;
        private final CoreSubscriber<? super Duration> actual;
        private final AtomicLong demand = new AtomicLong();
        private final AtomicBoolean underWay = new AtomicBoolean();
        private final AtomicBoolean ended = new AtomicBoolean();
        private volatile byte[] sent = new byte[0];
        private volatile long sentNanos;
        private volatile @Nullable IllegalArgumentException misrequest;
        private Subscription echoes = Operators.emptySubscription();

        Pinger(PingFlux parent, CoreSubscriber<? super Duration> actual) {
            this.parent = parent;
            this.actual = actual;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            echoes = subscription;
            actual.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                misrequest = new IllegalArgumentException(
                        "Reactive Streams rule 3.9: demand must be positive, but " + n + " was requested");
                parent.stream.dispose(); // comes back as onError, behind what is being emitted
                return;
            }
            demand.accumulateAndGet(n, Operators::addCap);
            sendNext();
        }

        private void sendNext() {
            if (ended.get() || demand.get() == 0 || !underWay.compareAndSet(false, true)) {
                return;
            }
            byte[] payload = new byte[Ping.BYTES];
            parent.random.nextBytes(payload);
            sent = payload;
            echoes.request(1);
            sentNanos = parent.nanoClock.getAsLong();
            parent.stream.send(Ping.CODEC, payload).subscribe(null, this::fail);
        }

        @Override
        public void onNext(byte[] echo) {
            long nanos = parent.nanoClock.getAsLong() - sentNanos;
            if (!underWay.get() || !Arrays.equals(echo, sent)) {
                fail(new ProtocolViolationException("the answer to a ping is not what was sent to "
                        + parent.stream.connection().remotePeer()));
                return;
            }
            underWay.set(false);
            if (!ended.get()) {
                demand.updateAndGet(left -> left == Long.MAX_VALUE ? left : left - 1);
                actual.onNext(Duration.ofNanos(nanos));
                sendNext();
            }
        }

        @Override
        public void onError(Throwable cause) {
            IllegalArgumentException misrequested = misrequest;
            fail(misrequested == null ? cause : misrequested);
        }

        @Override
        public void onComplete() {
            fail(new ProtocolViolationException(
                    parent.stream.connection().remotePeer() + " ended the ping stream while it was in use"));
        }

        private void fail(Throwable cause) {
            if (ended.compareAndSet(false, true)) {
                parent.stream.dispose();
                actual.onError(cause);
            }
        }

        @Override
        public void cancel() {
            if (ended.compareAndSet(false, true)) {
                echoes.cancel();
                parent.stream.close().subscribe();
            }
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }
    }
}
