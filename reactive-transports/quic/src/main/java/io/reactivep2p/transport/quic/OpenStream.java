package io.reactivep2p.transport.quic;

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

/** The {@code Mono} of {@link QuicConnection#openStream}: each subscriber gets a stream of its own, on the event loop. */
final class OpenStream extends Mono<MuxedStream> {

    private final QuicHandler handler;

    OpenStream(QuicHandler handler) {
        this.handler = handler;
    }

    @Override
    public void subscribe(CoreSubscriber<? super MuxedStream> actual) {
        actual.onSubscribe(new Request(handler, actual));
    }

    /** One who wants a stream; told once, unless cancelled. */
    static final class Request implements Subscription, Runnable {

        private final QuicHandler handler;
        private final CoreSubscriber<? super MuxedStream> actual;
        private final AtomicBoolean requested = new AtomicBoolean();
        private volatile boolean cancelled;

        private Request(QuicHandler handler, CoreSubscriber<? super MuxedStream> actual) {
            this.handler = handler;
            this.actual = actual;
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n) && requested.compareAndSet(false, true)) {
                onLoop();
            }
        }

        @Override
        public void cancel() {
            if (!cancelled) {
                cancelled = true;
                if (requested.get()) {
                    onLoop();
                }
            }
        }

        private void onLoop() {
            if (handler.executor().inEventLoop()) {
                run();
                return;
            }
            try {
                handler.executor().execute(this);
            } catch (RejectedExecutionException e) {
                onFailed(new ConnectionClosedException(ErrorCode.NONE, false, e));
            }
        }

        @Override
        public void run() {
            if (cancelled) {
                handler.cancelOpen(this);
            } else {
                handler.open(this);
            }
        }

        void onOpened(MuxedStream stream) {
            if (cancelled) {
                // From another thread, and its task has not run yet. Nobody has the stream.
                stream.reset(ErrorCode.NONE);
                return;
            }
            actual.onNext(stream);
            actual.onComplete();
        }

        void onFailed(Libp2pException cause) {
            if (!cancelled) {
                actual.onError(cause);
            }
        }
    }
}
