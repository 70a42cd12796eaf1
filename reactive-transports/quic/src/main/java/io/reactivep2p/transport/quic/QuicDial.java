package io.reactivep2p.transport.quic;

import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.muxer.MuxedConnection;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** Dials for each subscriber; the connection is told on its event loop. */
final class QuicDial extends Mono<MuxedConnection> {

    private final SocketTable sockets;
    private final InetSocketAddress remote;
    private final QuicSocket.ClientHandshake handshake;

    QuicDial(SocketTable sockets, InetSocketAddress remote, QuicSocket.ClientHandshake handshake) {
        this.sockets = sockets;
        this.remote = remote;
        this.handshake = handshake;
    }

    @Override
    public void subscribe(CoreSubscriber<? super MuxedConnection> subscriber) {
        subscriber.onSubscribe(new Attempt(subscriber));
    }

    private enum State {
        WAITING,
        DIALING,
        SETTLED,
        CANCELLED
    }

    /** Whoever ends {@code DIALING}, the handshake or the subscriber's cancel, decides whether the connection is told or closed. */
    private final class Attempt implements Subscription, QuicHandler.Outcome {

        private final CoreSubscriber<? super MuxedConnection> subscriber;
        private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
        private volatile @Nullable QuicHandler dialing;

        Attempt(CoreSubscriber<? super MuxedConnection> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n) && state.compareAndSet(State.WAITING, State.DIALING)) {
                sockets.acquire(remote, this::onSocket, this::onFailed);
            }
        }

        private void onSocket(QuicSocket socket) {
            if (socket.executor().inEventLoop()) {
                dial(socket);
                return;
            }
            try {
                socket.executor().execute(() -> dial(socket));
            } catch (RejectedExecutionException e) {
                socket.release();
                onFailed(e);
            }
        }

        private void dial(QuicSocket socket) {
            if (state.get() == State.CANCELLED) {
                socket.release();
                return;
            }
            QuicHandler connection = socket.dial(remote, handshake, this);
            dialing = connection;
            if (state.get() == State.CANCELLED) {
                connection.abort(new CancelledDialException());
            }
        }

        @Override
        public void cancel() {
            if (state.compareAndSet(State.WAITING, State.CANCELLED)
                    || !state.compareAndSet(State.DIALING, State.CANCELLED)) {
                return;
            }
            QuicHandler connection = dialing;
            if (connection != null) {
                try {
                    connection.executor().execute(() -> connection.abort(new CancelledDialException()));
                } catch (RejectedExecutionException e) {
                    // The event loop is shut down, and has closed the socket.
                }
            }
        }

        @Override
        public void onEstablished(QuicHandler connection, PeerProof proof) {
            if (state.compareAndSet(State.DIALING, State.SETTLED)) {
                subscriber.onNext(connection.socket().connection(connection, proof, handshake.identity()));
                subscriber.onComplete();
            } else {
                connection.closeSoon(ErrorCode.NONE);
            }
        }

        @Override
        public void onFailed(Throwable cause) {
            if (state.compareAndSet(State.DIALING, State.SETTLED)) {
                subscriber.onError(cause);
            }
        }
    }

    /** Told to nobody. */
    private static final class CancelledDialException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        CancelledDialException() {
            super("the dial was cancelled", null, false, false);
        }
    }
}
