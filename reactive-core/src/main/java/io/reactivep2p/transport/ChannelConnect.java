package io.reactivep2p.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicReference;
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

    private enum State {
        WAITING,
        CONNECTING,
        SETTLED,
        CANCELLED
    }

    /**
     * One connect. Whoever ends {@code CONNECTING}, the channel's loop or the subscriber's cancel, decides what becomes of the channel:
     * it is either delivered or closed. Reactor's sink would drop it where the two meet, and it would stay open unseen. A cancel after
     * that closes nothing: operators and {@code block()} cancel when they have what they want.
     */
    private final class Attempt implements Subscription {

        private final CoreSubscriber<? super Channel> subscriber;
        private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
        private volatile @Nullable ChannelFuture connecting;

        Attempt(CoreSubscriber<? super Channel> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n) && state.compareAndSet(State.WAITING, State.CONNECTING)) {
                try {
                    start();
                } catch (RuntimeException e) {
                    failed(e);
                }
            }
        }

        private void start() {
            ChannelFuture future = template.clone()
                    .option(ChannelOption.AUTO_READ, false)
                    .handler(initializer())
                    .connect(remote, local);
            connecting = future;
            if (state.get() == State.CANCELLED) {
                close(future);
            }
            future.addListener(done -> {
                if (!done.isSuccess()) {
                    failed(done.cause());
                }
            });
        }

        private ChannelInitializer<Channel> initializer() {
            return new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    try {
                        pipeline.accept(channel.pipeline());
                        channel.pipeline()
                                .addLast(new Handover(
                                        Attempt.this::connected, () -> failed(new ClosedChannelException())));
                    } catch (Throwable e) {
                        failed(e);
                        channel.close();
                    }
                }
            };
        }

        @Override
        public void cancel() {
            if (state.compareAndSet(State.WAITING, State.CANCELLED)
                    || !state.compareAndSet(State.CONNECTING, State.CANCELLED)) {
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

        private void connected(Channel channel) {
            if (state.compareAndSet(State.CONNECTING, State.SETTLED)) {
                subscriber.onNext(channel);
                subscriber.onComplete();
            } else {
                channel.close();
            }
        }

        private void failed(Throwable cause) {
            if (state.compareAndSet(State.CONNECTING, State.SETTLED)) {
                subscriber.onError(cause);
            }
        }
    }
}
