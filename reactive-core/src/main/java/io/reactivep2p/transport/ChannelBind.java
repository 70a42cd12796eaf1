package io.reactivep2p.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.reactivep2p.multiformats.Multiaddr;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** Binds a channel for each subscriber; see {@link ChannelBootstrap#bind}. */
final class ChannelBind extends Mono<Listener> {

    private final ServerBootstrap bootstrap;
    private final SocketAddress local;
    private final Function<SocketAddress, Multiaddr> address;

    /** Takes a bootstrap that is complete. */
    ChannelBind(ServerBootstrap bootstrap, SocketAddress local, Function<SocketAddress, Multiaddr> address) {
        this.bootstrap = bootstrap;
        this.local = local;
        this.address = address;
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
                try {
                    ChannelFuture bound = bootstrap.clone().bind(local);
                    bound.addListener(done -> bound(bound));
                } catch (RuntimeException e) {
                    delivery.fail(e);
                }
            }
        }

        private void bound(ChannelFuture bound) {
            if (!bound.isSuccess()) {
                delivery.fail(bound.cause());
                return;
            }
            Channel channel = bound.channel();
            try {
                delivery.succeed(new ChannelListener(channel, address.apply(channel.localAddress())));
            } catch (RuntimeException e) {
                channel.close();
                delivery.fail(e);
            }
        }

        @Override
        public void cancel() {
            delivery.cancel();
        }
    }
}
