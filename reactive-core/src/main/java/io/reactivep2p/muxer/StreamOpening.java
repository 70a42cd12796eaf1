package io.reactivep2p.muxer;

import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** The {@code Mono} of {@link MuxedConnection#openStream}: each subscriber gets a stream of its own, on the event loop. */
public final class StreamOpening extends Mono<MuxedStream> {

    /** Who opens streams. Called on {@link #executor}. */
    public interface Opener {

        /** The connection's event loop. Any thread. */
        EventExecutor executor();

        /** Answers with one call of {@code request}, now or later; with none after {@link #cancelOpen}. */
        void open(Request request);

        /** Nobody waits for the stream any more. The request may not have come yet, or may have been answered. */
        void cancelOpen(Request request);
    }

    /** One subscriber. */
    public interface Request {

        /** The stream is the subscriber's. */
        void onOpened(MuxedStream stream);

        void onFailed(Libp2pException cause);
    }

    private final Opener opener;

    public StreamOpening(Opener opener) {
        this.opener = opener;
    }

    @Override
    public void subscribe(CoreSubscriber<? super MuxedStream> actual) {
        actual.onSubscribe(new Waiting(opener, actual));
    }

    private static final class Waiting implements Subscription, Request, Runnable {

        private final Opener opener;
        private final CoreSubscriber<? super MuxedStream> actual;
        private final AtomicBoolean requested = new AtomicBoolean();
        private volatile boolean cancelled;

        Waiting(Opener opener, CoreSubscriber<? super MuxedStream> actual) {
            this.opener = opener;
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
            if (opener.executor().inEventLoop()) {
                run();
                return;
            }
            try {
                opener.executor().execute(this);
            } catch (RejectedExecutionException e) {
                onFailed(new ConnectionClosedException(ErrorCode.NONE, false, e));
            }
        }

        @Override
        public void run() {
            if (cancelled) {
                opener.cancelOpen(this);
            } else {
                opener.open(this);
            }
        }

        @Override
        public void onOpened(MuxedStream stream) {
            if (cancelled) {
                // From another thread, and its task has not run yet. Nobody has the stream, and the peer does not know
                // it.
                stream.reset(ErrorCode.NONE);
                return;
            }
            actual.onNext(stream);
            actual.onComplete();
        }

        @Override
        public void onFailed(Libp2pException cause) {
            if (!cancelled) {
                actual.onError(cause);
            }
        }
    }
}
