package io.reactivep2p.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.RawConnection;
import io.reactivep2p.transport.RawTransport;
import io.reactivep2p.transport.TransportException;
import io.reactivep2p.transport.tcp.FirstBytes;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** WebSocket over TCP, with and without TLS. See the package. */
public final class WebSocket implements RawTransport {

    /** go-libp2p's for a listener. */
    public static final Duration DEFAULT_HANDSHAKE_TIMEOUT = Duration.ofSeconds(15);

    /** Ours: nothing is buffered, but nobody sends so much in one frame. rust-libp2p takes 256 MiB, go-libp2p any length. */
    public static final int DEFAULT_MAX_FRAME = 16 << 20;

    private final WebSocketOptions options;
    private final ClientTls clientTls;

    private WebSocket(WebSocketOptions options) {
        this.options = options;
        this.clientTls = new ClientTls(options.clientTls());
    }

    /** With the defaults of {@link WebSocketSpec}: it dials with and without TLS, and listens without. */
    public static WebSocket create() {
        return create(spec -> {});
    }

    public static WebSocket create(Consumer<WebSocketSpec> configuration) {
        WebSocketSpec spec = new WebSocketSpec();
        configuration.accept(spec);
        return new WebSocket(spec.options());
    }

    /** An IP or a name with {@code ws}, {@code tls/ws}, {@code tls/sni/.../ws} or {@code wss}; with or without {@code /p2p/...}. */
    @Override
    public boolean canDial(Multiaddr address) {
        return WebSocketAddress.of(address).isPresent();
    }

    /** As {@link #canDial}, but an IP only; port 0 takes a free one, or that of a TCP listener on the same IP which asked for 0 too. */
    @Override
    public boolean canListen(Multiaddr address) {
        return WebSocketAddress.of(address).filter(WebSocketAddress::isConcrete).isPresent();
    }

    /**
     * {@inheritDoc}
     *
     * <p>The IPs behind a name are tried one after the other, the first that answers wins.
     */
    @Override
    public Mono<RawConnection> dial(Multiaddr address) {
        return Mono.defer(() -> {
            WebSocketAddress parsed = WebSocketAddress.of(address).orElse(null);
            if (parsed == null) {
                return Mono.error(new TransportException(address, "no WebSocket address to dial: " + address, null));
            }
            HostName host;
            try {
                host = HostName.of(parsed);
            } catch (IllegalArgumentException e) {
                return Mono.error(new TransportException(address, "cannot dial " + address + ": " + e.getMessage(), e));
            }
            Mono<Optional<SslContext>> tls =
                    parsed.tls() ? clientTls.context().map(Optional::of) : Mono.just(Optional.empty());
            return tls.onErrorMap(e -> new TransportException(address, "cannot dial " + address + ": no TLS: " + e, e))
                    .flatMap(context -> dial(address, parsed, host, context.orElse(null)));
        });
    }

    private Mono<RawConnection> dial(
            Multiaddr address, WebSocketAddress parsed, HostName host, @Nullable SslContext tls) {
        Supplier<ChannelHandler> layer = () -> new UpgradeHandler(
                new ClientOpening(host.header(parsed), nonce()),
                ctx -> tls == null ? null : limited(ClientTls.handler(tls, ctx.alloc(), host, parsed.port())),
                this::clientFrames,
                options.handshakeTimeout());
        return options.tcp()
                .dial(address, parsed.tcp(), layer)
                .map(raw -> new RawConnection(
                        raw.channel(),
                        parsed.over(raw.localAddress()),
                        parsed.namedOver(raw.remoteAddress()),
                        raw.direction()));
    }

    @Override
    public Mono<Listener> listen(Multiaddr address, Consumer<RawConnection> acceptor) {
        return Mono.defer(() -> {
            WebSocketAddress parsed = WebSocketAddress.of(address)
                    .filter(WebSocketAddress::isConcrete)
                    .orElse(null);
            if (parsed == null) {
                return Mono.error(
                        new TransportException(address, "no WebSocket address to listen on: " + address, null));
            }
            SslContext tls = parsed.tls() ? options.serverTls() : null;
            if (parsed.tls() && tls == null) {
                return Mono.error(new TransportException(
                        address, "cannot listen on " + address + ": no certificate, see WebSocketSpec", null));
            }
            return options.tcp()
                    .listen(
                            address,
                            parsed.tcp(),
                            tls == null ? FirstBytes.HTTP : FirstBytes.TLS,
                            () -> accepting(tls),
                            raw -> acceptor.accept(accepted(parsed, raw)))
                    .map(socket -> new WebSocketListener(socket, parsed.namedOver(socket.address())));
        });
    }

    private ChannelHandler accepting(@Nullable SslContext tls) {
        return new UpgradeHandler(
                new ServerOpening(),
                ctx -> tls == null ? null : limited(tls.newHandler(ctx.alloc())),
                this::serverFrames,
                options.handshakeTimeout());
    }

    private static RawConnection accepted(WebSocketAddress parsed, RawConnection raw) {
        return new RawConnection(
                raw.channel(), parsed.namedOver(raw.localAddress()), parsed.over(raw.remoteAddress()), raw.direction());
    }

    /** The time limit of the whole handshake holds for TLS, and ours for a close. */
    private static SslHandler limited(SslHandler handler) {
        handler.setHandshakeTimeoutMillis(0);
        handler.setCloseNotifyFlushTimeoutMillis(WebSocketHandler.CLOSE_TIME.toMillis());
        return handler;
    }

    private byte[] nonce() {
        byte[] nonce = new byte[ClientOpening.KEY_LENGTH];
        options.random().nextBytes(nonce);
        return nonce;
    }

    private WebSocketHandler clientFrames(ChannelHandlerContext ctx, @Nullable ByteBuf behind) {
        return new WebSocketHandler(
                new FrameReader(false, options.maxFrame()),
                new FrameWriter(ctx.alloc(), new MaskingKeys(options.random())),
                behind);
    }

    private WebSocketHandler serverFrames(ChannelHandlerContext ctx, @Nullable ByteBuf behind) {
        return new WebSocketHandler(
                new FrameReader(true, options.maxFrame()), new FrameWriter(ctx.alloc(), null), behind);
    }
}
