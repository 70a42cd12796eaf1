package io.reactivep2p.transport.tcp;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.WriteBufferWaterMark;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Protocol;
import io.reactivep2p.transport.ChannelBootstrap;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.RawConnection;
import io.reactivep2p.transport.RawTransport;
import io.reactivep2p.transport.TransportException;
import io.reactivep2p.transport.netty.BindFailure;
import io.reactivep2p.transport.netty.InetEndpoint;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** TCP over IPv4 and IPv6. See the package. */
public final class Tcp implements RawTransport {

    /** First and smallest sizes of a connection's read buffer, which is given back after each read. */
    private static final int MIN_READ = 1024;

    private static final int FIRST_READ = 8 * 1024;

    private final TcpOptions options;
    private final Map<ChannelOption<?>, Object> channelOptions;
    private final PortReuse portReuse;
    private final ListeningSockets listening;

    private Tcp(TcpOptions options) {
        this.options = options;
        this.channelOptions = channelOptions(options);
        this.portReuse = new PortReuse(options.portReuse(), options.loops());
        this.listening = new ListeningSockets(this::bind, Tcp::accepted);
    }

    public static Tcp create() {
        return new Tcp(TcpOptions.DEFAULTS);
    }

    public static Tcp create(Consumer<TcpSpec> configuration) {
        TcpSpec spec = new TcpSpec();
        configuration.accept(spec);
        return new Tcp(spec.options());
    }

    /** An IP or a name with a TCP port, or a {@code dnsaddr}; with or without {@code /p2p/...}. */
    @Override
    public boolean canDial(Multiaddr address) {
        return TcpAddress.endpoint(address).isPresent() || TcpAddress.isName(address);
    }

    /** An IP with a TCP port; 0 takes a free one. */
    @Override
    public boolean canListen(Multiaddr address) {
        return TcpAddress.endpoint(address).isPresent();
    }

    /**
     * {@inheritDoc}
     *
     * <p>The IPs behind a name are tried one after the other, the first that answers wins; to race them, resolve the name before. Of
     * the addresses behind a {@code dnsaddr} those that are not plain TCP are passed over.
     */
    @Override
    public Mono<RawConnection> dial(Multiaddr address) {
        return dial(address, address, null);
    }

    /**
     * Dials for a transport that is a layer over TCP. The connection is handed over when the layer's handler lets {@code channelActive}
     * pass; an exception that the handler fires fails the dial. Otherwise as {@link #dial(Multiaddr)}.
     *
     * @param address that errors name
     * @param tcp where to connect
     * @param layer makes the handler that stands next to the socket; {@code null} for none
     */
    public Mono<RawConnection> dial(
            Multiaddr address, Multiaddr tcp, @Nullable Supplier<? extends ChannelHandler> layer) {
        return Mono.defer(() -> {
            Optional<InetEndpoint> endpoint = TcpAddress.endpoint(tcp);
            if (endpoint.isPresent()) {
                return connect(address, endpoint.get(), layer);
            }
            return TcpAddress.isName(tcp)
                    ? dialName(address, tcp, layer)
                    : Mono.error(new TransportException(address, "no TCP address to dial: " + address, null));
        });
    }

    private Mono<RawConnection> dialName(
            Multiaddr address, Multiaddr tcp, @Nullable Supplier<? extends ChannelHandler> layer) {
        List<Throwable> failures = new ArrayList<>();
        return options.resolver()
                .resolve(tcp)
                .concatMap(
                        concrete -> Mono.justOrEmpty(TcpAddress.endpoint(concrete))
                                .flatMap(endpoint -> connect(concrete, endpoint, layer))
                                .onErrorResume(e -> {
                                    failures.add(e);
                                    return Mono.empty();
                                }),
                        1)
                .next()
                .switchIfEmpty(Mono.error(() -> noneAnswered(address, failures)));
    }

    private static TransportException noneAnswered(Multiaddr address, List<Throwable> failures) {
        if (failures.isEmpty()) {
            return new TransportException(address, "cannot dial " + address + ": no TCP address behind it", null);
        }
        Throwable first = failures.get(0);
        TransportException failure =
                new TransportException(address, "cannot dial " + address + ": " + first.getMessage(), first);
        failures.subList(1, failures.size()).forEach(failure::addSuppressed);
        return failure;
    }

    private Mono<RawConnection> connect(
            Multiaddr address, InetEndpoint endpoint, @Nullable Supplier<? extends ChannelHandler> layer) {
        if (endpoint.port() == 0) {
            return Mono.error(new TransportException(address, "cannot dial " + address + ": port 0", null));
        }
        InetSocketAddress remote;
        try {
            remote = endpoint.socketAddress();
        } catch (UnknownHostException e) {
            return Mono.error(new TransportException(address, "cannot dial " + address + ": " + e.getMessage(), e));
        }
        Bootstrap bootstrap = new Bootstrap()
                .group(options.loops().connections())
                .channelFactory(options.loops().sockets())
                .disableResolver();
        channelOptions.forEach((option, value) -> set(bootstrap, option, value));
        bootstrap.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                options.connectTimeout().toMillis());
        Consumer<ChannelPipeline> pipeline =
                layer == null ? options.pipeline() : options.pipeline().andThen(made -> made.addLast(layer.get()));
        return connect(address, bootstrap, remote, pipeline)
                .onErrorMap(e -> !(e instanceof TransportException), e -> notDialed(address, e));
    }

    /** From a port that is listened on, else from any. */
    private Mono<RawConnection> connect(
            Multiaddr address, Bootstrap bootstrap, InetSocketAddress remote, Consumer<ChannelPipeline> pipeline) {
        Mono<RawConnection> fromAnyPort = connect(address, bootstrap, remote, null, pipeline);
        InetSocketAddress local = portReuse.localFor(remote);
        if (local == null) {
            return fromAnyPort;
        }
        Bootstrap sharing = bootstrap.clone();
        portReuse.options().forEach((option, value) -> set(sharing, option, value));
        return connect(address, sharing, remote, local, pipeline)
                .onErrorResume(PortReuse::mayBeThePort, e -> fromAnyPort);
    }

    private Mono<RawConnection> connect(
            Multiaddr address,
            Bootstrap bootstrap,
            InetSocketAddress remote,
            @Nullable InetSocketAddress local,
            Consumer<ChannelPipeline> pipeline) {
        return ChannelBootstrap.connect(bootstrap, remote, local, pipeline)
                .map(channel -> dialed(address, channel, remote));
    }

    /** {@code remote} and not what the channel says, since the native one forgets the zone. */
    private static RawConnection dialed(Multiaddr address, Channel channel, InetSocketAddress remote) {
        SocketAddress local = channel.localAddress();
        if (local == null || local.equals(channel.remoteAddress())) {
            // A port dialed from the same machine can meet itself: the kernel or our own listener lends it to us as our
            // own.
            channel.close();
            String reason = local == null ? "closed at once" : "nobody but this socket itself";
            throw new TransportException(address, "cannot dial " + address + ": " + reason, null);
        }
        return new RawConnection(channel, multiaddr(local), multiaddr(remote), Direction.OUTBOUND);
    }

    private TransportException notDialed(Multiaddr address, Throwable cause) {
        String reason;
        if (cause instanceof ConnectTimeoutException) {
            reason = "no answer within " + options.connectTimeout().toMillis() + " ms";
        } else if (cause instanceof ConnectException) {
            reason = "connection refused";
        } else {
            reason = String.valueOf(cause.getMessage());
        }
        return new TransportException(address, "cannot dial " + address + ": " + reason, cause);
    }

    @Override
    public Mono<Listener> listen(Multiaddr address, Consumer<RawConnection> acceptor) {
        return listen(address, address, FirstBytes.PLAIN, null, acceptor);
    }

    /**
     * Listens for a transport that is a layer over TCP, on the socket that listens on that address already if there is one. A connection
     * is accepted when the layer's handler lets {@code channelActive} pass; an exception that the handler fires closes it. Otherwise as
     * {@link #listen(Multiaddr, Consumer)}.
     *
     * @param address that errors name
     * @param tcp where to listen
     * @param kind what the layer's connections begin with
     * @param layer makes the handler that stands next to the socket; {@code null} for none
     */
    public Mono<Listener> listen(
            Multiaddr address,
            Multiaddr tcp,
            FirstBytes kind,
            @Nullable Supplier<? extends ChannelHandler> layer,
            Consumer<RawConnection> acceptor) {
        return Mono.defer(() -> {
            InetEndpoint endpoint = TcpAddress.endpoint(tcp).orElse(null);
            return endpoint == null
                    ? Mono.error(new TransportException(address, "no TCP address to listen on: " + address, null))
                    : listening
                            .listen(endpoint, kind, layer, acceptor)
                            .onErrorMap(e -> BindFailure.of(address, endpoint, e));
        });
    }

    private Mono<Listener> bind(InetEndpoint endpoint, Consumer<ChannelPipeline> pipeline, Consumer<Channel> acceptor) {
        return Mono.defer(() -> {
            InetSocketAddress local;
            try {
                local = endpoint.socketAddress();
            } catch (UnknownHostException e) {
                return Mono.error(e);
            }
            return ChannelBootstrap.bind(
                    server(local), local, options.pipeline().andThen(pipeline), Tcp::multiaddr, acceptor);
        });
    }

    private ServerBootstrap server(InetSocketAddress local) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(options.loops().acceptors(), options.loops().connections())
                .channelFactory(options.loops().serverSockets(local.getAddress()))
                .handler(portReuse.lender())
                .option(ChannelOption.SO_BACKLOG, options.backlog());
        options.loops().serverOptions(local.getAddress()).forEach((option, value) -> set(bootstrap, option, value));
        channelOptions.forEach((option, value) -> setChild(bootstrap, option, value));
        return bootstrap;
    }

    private static RawConnection accepted(Channel channel) {
        return new RawConnection(
                channel, multiaddr(channel.localAddress()), multiaddr(channel.remoteAddress()), Direction.INBOUND);
    }

    private static Multiaddr multiaddr(@Nullable SocketAddress socket) {
        if (socket instanceof InetSocketAddress inet) {
            return InetEndpoint.multiaddr(inet, Protocol.TCP);
        }
        throw new IllegalStateException("no IP socket, or closed already: " + socket);
    }

    private static Map<ChannelOption<?>, Object> channelOptions(TcpOptions options) {
        Map<ChannelOption<?>, Object> channel = new HashMap<>();
        channel.put(ChannelOption.TCP_NODELAY, options.noDelay());
        channel.put(ChannelOption.SO_KEEPALIVE, options.keepAlive());
        channel.put(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(options.lowWaterMark(), options.highWaterMark()));
        channel.put(
                ChannelOption.RECVBUF_ALLOCATOR,
                new AdaptiveRecvByteBufAllocator(
                        Math.min(MIN_READ, options.maxRead()),
                        Math.min(FIRST_READ, options.maxRead()),
                        options.maxRead()));
        if (options.receiveBuffer() > 0) {
            channel.put(ChannelOption.SO_RCVBUF, options.receiveBuffer());
        }
        if (options.sendBuffer() > 0) {
            channel.put(ChannelOption.SO_SNDBUF, options.sendBuffer());
        }
        return Map.copyOf(channel);
    }

    @SuppressWarnings("unchecked")
    private static void set(Bootstrap bootstrap, ChannelOption<?> option, Object value) {
        bootstrap.option((ChannelOption<Object>) option, value);
    }

    @SuppressWarnings("unchecked")
    private static void set(ServerBootstrap bootstrap, ChannelOption<?> option, Object value) {
        bootstrap.option((ChannelOption<Object>) option, value);
    }

    @SuppressWarnings("unchecked")
    private static void setChild(ServerBootstrap bootstrap, ChannelOption<?> option, Object value) {
        bootstrap.childOption((ChannelOption<Object>) option, value);
    }
}
