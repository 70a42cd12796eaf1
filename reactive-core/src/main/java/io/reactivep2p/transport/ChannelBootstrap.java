package io.reactivep2p.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.reactivep2p.multiformats.Multiaddr;
import java.net.SocketAddress;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Connects and binds Netty channels as {@link RawTransport} promises it: what the transports on stream channels share.
 *
 * <p>A channel is handed over in its {@code channelActive}, on its event loop, with {@code autoRead} off. The event ends there:
 * handlers that the layers above add find the channel active in {@code handlerAdded} and are not told again, whether the
 * connection was dialed or accepted.
 */
public final class ChannelBootstrap {

    private static final Logger log = LoggerFactory.getLogger(ChannelBootstrap.class);

    private ChannelBootstrap() {}

    /**
     * Connects. Each subscriber gets its own channel.
     *
     * <p><b>Completion</b>: with the active channel on its event loop; the attempt begins with the first request.
     *
     * <p><b>Errors</b>: the cause as Netty gives it.
     *
     * <p><b>Cancellation</b>: closes the channel, connected or not, unless the subscriber has got it; see {@link
     * RawTransport#dial}.
     *
     * @param template without a handler
     * @param local to connect from, {@code null} for any
     * @param pipeline adds its handlers first, next to the socket; one that keeps {@code channelActive} back puts off the completion, and
     *     an exception that it fires is the error
     */
    public static Mono<Channel> connect(
            Bootstrap template,
            SocketAddress remote,
            @Nullable SocketAddress local,
            Consumer<ChannelPipeline> pipeline) {
        return new ChannelConnect(template, remote, local, pipeline);
    }

    /**
     * Binds, and hands each accepted channel to {@code acceptor}; if that throws, the channel is closed and the listener lives on.
     *
     * <p><b>Completion</b>: with the listener, on its event loop.
     *
     * <p><b>Errors</b>: the cause as Netty gives it.
     *
     * <p><b>Cancellation</b>: the socket is closed, also if it is bound only afterwards, unless the subscriber has got the listener.
     *
     * @param template without a child handler
     * @param pipeline adds its handlers to each accepted channel first, next to the socket; one that keeps {@code channelActive} back
     *     puts off the handover, and an exception that it fires closes the channel
     * @param address of the bound socket
     */
    public static Mono<Listener> bind(
            ServerBootstrap template,
            SocketAddress local,
            Consumer<ChannelPipeline> pipeline,
            Function<SocketAddress, Multiaddr> address,
            Consumer<Channel> acceptor) {
        ServerBootstrap bootstrap = template.clone()
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(accepting(pipeline, acceptor));
        return new ChannelBind(bootstrap, local, address);
    }

    private static ChannelInitializer<Channel> accepting(
            Consumer<ChannelPipeline> pipeline, Consumer<Channel> acceptor) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                try {
                    pipeline.accept(channel.pipeline());
                    channel.pipeline()
                            .addLast(new Handover(
                                    accepted -> accept(accepted, acceptor), cause -> ended(channel, cause)));
                } catch (Throwable e) {
                    refuse(channel, e);
                }
            }
        };
    }

    /** Anybody can bring that about as often as they like: no more than a word for who looks for it. */
    private static void ended(Channel channel, Throwable cause) {
        log.debug("{} ended before it was accepted: {}", channel, cause.toString());
    }

    private static void accept(Channel channel, Consumer<Channel> acceptor) {
        try {
            acceptor.accept(channel);
        } catch (Throwable e) {
            refuse(channel, e);
        }
    }

    private static void refuse(Channel channel, Throwable cause) {
        log.warn("closing {}: its acceptor failed", channel, cause);
        channel.close();
    }
}
