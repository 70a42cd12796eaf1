package io.reactivep2p.muxer.mplex;

import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.muxer.MuxedStream;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** The {@code Mono} of {@link MplexConnection#openStream}: each subscriber gets a stream of its own, on the event loop, without waiting. */
final class OpenMplexStream extends Mono<MuxedStream> {

    private final MplexHandler handler;

    OpenMplexStream(MplexHandler handler) {
        this.handler = handler;
    }

    @Override
    public void subscribe(CoreSubscriber<? super MuxedStream> actual) {
        actual.onSubscribe(new Request(handler, actual));
    }

    private static final class Request implements Subscription, Runnable {

        private final MplexHandler handler;
        private final CoreSubscriber<? super MuxedStream> actual;
        private final AtomicBoolean requested = new AtomicBoolean();
        private volatile boolean cancelled;

        Request(MplexHandler handler, CoreSubscriber<? super MuxedStream> actual) {
            this.handler = handler;
            this.actual = actual;
        }

        @Override
        public void request(long n) {
            if (!Operators.validate(n) || !requested.compareAndSet(false, true)) {
                return;
            }
            EventExecutor executor = handler.executor();
            if (executor.inEventLoop()) {
                run();
                return;
            }
            try {
                executor.execute(this);
            } catch (RejectedExecutionException e) {
                fail(new ConnectionClosedException(ErrorCode.NONE, false, e));
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public void run() {
            if (cancelled) {
                return;
            }
            MuxedStream stream;
            try {
                stream = handler.session().open();
            } catch (Libp2pException e) {
                fail(e);
                return;
            }
            actual.onNext(stream);
            actual.onComplete();
        }

        private void fail(Libp2pException cause) {
            if (!cancelled) {
                actual.onError(cause);
            }
        }
    }
}
