package io.reactivep2p.transport.quic;

import io.reactivep2p.transport.Delivery;
import io.reactivep2p.transport.Listener;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** Binds a socket that accepts connections for each subscriber. A listener that meets a cancel is closed. */
final class QuicBind extends Mono<Listener> {

    private final QuicOptions options;
    private final SocketTable sockets;
    private final InetSocketAddress local;
    private final QuicSocket.Accepting accepting;

    QuicBind(QuicOptions options, SocketTable sockets, InetSocketAddress local, QuicSocket.Accepting accepting) {
        this.options = options;
        this.sockets = sockets;
        this.local = local;
        this.accepting = accepting;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Listener> subscriber) {
        subscriber.onSubscribe(new Attempt(subscriber));
    }

    private final class Attempt implements Subscription {

        private final Delivery<Listener> delivery;
        private final AtomicBoolean started = new AtomicBoolean();

        Attempt(CoreSubscriber<? super Listener> subscriber) {
            this.delivery = new Delivery<>(subscriber, Listener::dispose);
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n) && started.compareAndSet(false, true)) {
                QuicSocket.bind(options, local, accepting, this::onBound, delivery::fail);
            }
        }

        /** In the table first: the subscriber may dial from it. */
        private void onBound(QuicSocket socket) {
            sockets.addListening(socket);
            delivery.succeed(new QuicListener(socket, sockets));
        }

        @Override
        public void cancel() {
            delivery.cancel();
        }
    }
}
