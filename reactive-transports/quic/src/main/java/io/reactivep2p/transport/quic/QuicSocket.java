package io.reactivep2p.transport.quic;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicConnectionAddress;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.peer.PeerId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Schedulers;

/**
 * One bound socket and all connections on it, dialed and accepted, which share an event loop. It closes when nobody uses it any more: a
 * listener, a dial and a connection count one each.
 */
final class QuicSocket {

    private static final Logger log = LoggerFactory.getLogger(QuicSocket.class);

    private static final AttributeKey<ClientHandshake> CLIENT = AttributeKey.valueOf(QuicSocket.class, "client");

    private static final int CLOSED = -1;

    /** Whom a dial presents and expects. */
    record ClientHandshake(QuicIdentity identity, @Nullable PeerId expected) {}

    /** What becomes of who knocks. */
    record Accepting(QuicIdentity identity, Consumer<MuxedConnection> acceptor) {}

    private final QuicOptions options;
    private final Channel channel;
    private final InetSocketAddress local;
    private final DatagramRouter router;
    private final HandshakeGate gate;
    private final SegmentedDatagramPacketAllocator segments;
    private final AtomicInteger users = new AtomicInteger(1);

    private QuicSocket(QuicOptions options, Channel channel, Halves halves) {
        this.options = options;
        this.channel = channel;
        this.local = (InetSocketAddress) channel.localAddress();
        this.gate = halves.gate;
        this.router = new DatagramRouter(gate);
        this.segments = DatagramOptions.segments(channel);
        halves.install(this, channel.pipeline());
    }

    /**
     * Binds. The result is told on the socket's event loop, before it reads, and counts one user.
     *
     * @param accepting {@code null} for a socket that dials only
     */
    static void bind(
            QuicOptions options,
            InetSocketAddress address,
            @Nullable Accepting accepting,
            Consumer<QuicSocket> bound,
            Consumer<Throwable> failed) {
        try {
            // The codec reads random bytes when it is made, for which it waits.
            Schedulers.boundedElastic().schedule(() -> {
                try {
                    bind(options, address, new Halves(options, accepting), bound, failed);
                } catch (Throwable e) {
                    failed.accept(e);
                }
            });
        } catch (RejectedExecutionException e) {
            failed.accept(e);
        }
    }

    private static void bind(
            QuicOptions options,
            InetSocketAddress address,
            Halves halves,
            Consumer<QuicSocket> bound,
            Consumer<Throwable> failed) {
        InetAddress ip = address.getAddress();
        Bootstrap bootstrap = new Bootstrap()
                .group(options.loops().connections())
                .channelFactory(options.loops().datagrams(ip))
                .option(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel made) {
                        DatagramOptions.apply(made, options.loops().datagramOptions(ip));
                    }
                });
        ChannelFuture binding = bootstrap.bind(address);
        binding.addListener(done -> {
            if (!done.isSuccess()) {
                failed.accept(done.cause());
                return;
            }
            try {
                QuicSocket socket = new QuicSocket(options, binding.channel(), halves);
                bound.accept(socket);
                binding.channel().config().setAutoRead(true);
            } catch (Throwable e) {
                binding.channel().close();
                failed.accept(e);
            }
        });
    }

    /** The codec of a socket that is yet to be bound. */
    private static final class Halves {

        private static final String SERVER = "quic-server";

        private final HandshakeGate gate;
        private final @Nullable ChannelHandler server;
        private final ChannelHandler client;
        private @Nullable QuicSocket socket;

        Halves(QuicOptions options, @Nullable Accepting accepting) {
            gate = new HandshakeGate(options.retryAbove(), options.maxHandshakes());
            gate.listening(accepting != null);
            server = accepting == null
                    ? null
                    : QuicCodecs.server(
                            options,
                            gate,
                            opened -> accepting.identity().serverEngine(opened.alloc()),
                            new ChannelInitializer<QuicChannel>() {
                                @Override
                                protected void initChannel(QuicChannel opened) {
                                    Objects.requireNonNull(socket).accept(opened, accepting);
                                }
                            });
            client = QuicCodecs.client(options, opened -> {
                ClientHandshake handshake = opened.attr(CLIENT).get();
                return handshake.identity().clientEngine(opened.alloc(), handshake.expected());
            });
        }

        void install(QuicSocket socket, ChannelPipeline pipeline) {
            this.socket = socket;
            pipeline.addLast(socket.router);
            ChannelHandlerContext beforeClient = pipeline.context(socket.router);
            if (server != null) {
                pipeline.addLast(SERVER, server);
                beforeClient = pipeline.context(SERVER);
            }
            pipeline.addLast(client);
            socket.router.start(beforeClient);
        }
    }

    QuicOptions options() {
        return options;
    }

    EventExecutor executor() {
        return channel.eventLoop();
    }

    InetSocketAddress local() {
        return local;
    }

    /** Used on the event loop. */
    HandshakeGate gate() {
        return gate;
    }

    boolean isReading() {
        return router.isReading();
    }

    void afterReading(Runnable task) {
        router.afterReading(task);
    }

    // ---- users

    /** Counts a user more, unless the socket is closed. Any thread. */
    boolean acquire() {
        return users.updateAndGet(count -> count == CLOSED ? CLOSED : count + 1) != CLOSED;
    }

    /** Any thread. */
    void release() {
        if (users.updateAndGet(count -> count <= 1 ? CLOSED : count - 1) == CLOSED) {
            channel.close();
        }
    }

    /** The connection has ended. */
    void release(QuicHandler connection) {
        if (connection.routedId() != null) {
            router.remove(connection.routedId());
        }
        release();
    }

    boolean isClosed() {
        return users.get() == CLOSED;
    }

    void onClosed(Runnable task) {
        channel.closeFuture().addListener(done -> task.run());
    }

    /** Accepts nobody from here on; whose handshake is under way is cut off. On the event loop. */
    void stopListening() {
        gate.listening(false);
    }

    // ---- connections

    private void accept(QuicChannel opened, Accepting accepting) {
        opened.config().setOption(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, segments);
        gate.began();
        users.incrementAndGet();
        opened.pipeline().addLast(new QuicHandler(this, Direction.INBOUND, new QuicHandler.Outcome() {
            @Override
            public void onEstablished(QuicHandler connection, PeerProof proof) {
                gate.ended();
                handOver(connection, proof, accepting);
            }

            @Override
            public void onFailed(Throwable cause) {
                gate.ended();
                log.debug("{} was not accepted", opened, cause);
            }
        }));
    }

    private void handOver(QuicHandler connection, PeerProof proof, Accepting accepting) {
        QuicConnection accepted = connection(connection, proof, accepting.identity());
        try {
            accepting.acceptor().accept(accepted);
        } catch (Throwable e) {
            log.warn("closing {}: its acceptor failed", accepted, e);
            connection.close(ErrorCode.NONE);
        }
    }

    /** On the event loop. The one who dials has acquired the socket, and the connection releases it. */
    QuicHandler dial(InetSocketAddress remote, ClientHandshake handshake, QuicHandler.Outcome outcome) {
        long id;
        do {
            id = options.random().nextLong();
        } while (router.knows(id));
        QuicHandler connection = new QuicHandler(this, Direction.OUTBOUND, outcome);
        connection.routedBy(id);
        router.add(id, connection);
        QuicChannel.newBootstrap(channel)
                .handler(connection)
                .attr(CLIENT, handshake)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, segments)
                .remoteAddress(remote)
                .localConnectionAddress(new QuicConnectionAddress(QuicPacket.idBytes(id)))
                .connect()
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        connection.onConnectFailed(done.cause());
                    }
                });
        return connection;
    }

    /** The connection as the layers above see it; its channel is active. */
    QuicConnection connection(QuicHandler connection, PeerProof proof, QuicIdentity identity) {
        InetSocketAddress remote =
                (InetSocketAddress) Objects.requireNonNull(connection.channel().remoteSocketAddress());
        return new QuicConnection(
                connection,
                identity.peer(),
                Objects.requireNonNull(proof.key()),
                QuicAddress.of(SourceAddress.of(local, remote)),
                QuicAddress.of(remote));
    }
}
