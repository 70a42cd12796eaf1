package io.reactivep2p.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** Connects a channel for each subscriber; see {@link ChannelBootstrap#connect}. */
final class ChannelConnect extends Mono<Channel> {

    private final Bootstrap template;
    private final SocketAddress remote;
    private final @Nullable SocketAddress local;
    private final Consumer<ChannelPipeline> pipeline;

    ChannelConnect(
            Bootstrap template,
            SocketAddress remote,
            @Nullable SocketAddress local,
            Consumer<ChannelPipeline> pipeline) {
        this.template = template;
        this.remote = remote;
        this.local = local;
        this.pipeline = pipeline;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Channel> subscriber) {
        subscriber.onSubscribe(new Attempt(subscriber));
    }

    /** One connect: its channel is either delivered or closed. */
    private final class Attempt implements Subscription {

        private final Delivery<Channel> delivery;
        private final AtomicBoolean started = new AtomicBoolean();
        private volatile @Nullable ChannelFuture connecting;

        Attempt(CoreSubscriber<? super Channel> subscriber) {
            this.delivery = new Delivery<>(subscriber, Channel::close);
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n) && !delivery.isCancelled() && started.compareAndSet(false, true)) {
                try {
                    start();
                } catch (RuntimeException e) {
                    delivery.fail(e);
                }
            }
        }

        private void start() {
            ChannelFuture future = template.clone()
                    .option(ChannelOption.AUTO_READ, false)
                    .handler(initializer())
                    .connect(remote, local);
            connecting = future;
            if (delivery.isCancelled()) {
                close(future);
            }
            future.addListener(done -> {
                if (!done.isSuccess()) {
                    delivery.fail(done.cause());
                }
            });
        }

        private ChannelInitializer<Channel> initializer() {
            return new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    try {
                        pipeline.accept(channel.pipeline());
                        channel.pipeline().addLast(new Handover(delivery::succeed, delivery::fail));
                    } catch (Throwable e) {
                        delivery.fail(e);
                        channel.close();
                    }
                }
            };
        }

        @Override
        public void cancel() {
            if (!delivery.cancel()) {
                return;
            }
            // Not there yet: another thread is in start(), and closes it.
            ChannelFuture future = connecting;
            if (future != null) {
                close(future);
            }
        }

        /** A channel that could not even be registered is closed already, and would refuse. */
        private static void close(ChannelFuture connecting) {
            if (connecting.channel().isRegistered() || !connecting.isDone()) {
                connecting.channel().close();
            }
        }
    }
}
