package io.reactivep2p.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Protocol;
import io.reactivep2p.transport.AddressResolver;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.RawConnection;
import io.reactivep2p.transport.TransportException;
import io.reactivep2p.transport.netty.EventLoops;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.netty.resources.LoopResources;
import reactor.test.StepVerifier;

/** On loopback, with the native channels if they are there, and with NIO. */
@ParameterizedClass
@ValueSource(booleans = {true, false})
class TcpTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String PEER = "/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN";
    private static final LoopResources RESOURCES = LoopResources.create("tcp-test", 2, 2, true, false);

    @Parameter
    boolean preferNative;

    private final BlockingQueue<RawConnection> accepted = new LinkedBlockingQueue<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final List<RawConnection> connections = new ArrayList<>();

    @AfterEach
    void closeAll() {
        listeners.forEach(listener -> listener.close().block(PATIENCE));
        connections.forEach(connection -> connection.channel().close().syncUninterruptibly());
        accepted.forEach(connection -> connection.channel().close().syncUninterruptibly());
    }

    @AfterAll
    static void disposeLoops() {
        RESOURCES.disposeLater(Duration.ZERO, Duration.ofSeconds(1)).block(PATIENCE);
    }

    @Test
    void ip4EndsKnowEachOther() throws Exception {
        Listener listener = listen("/ip4/127.0.0.1/tcp/0");
        assertThat(listener.address().toString()).matches("/ip4/127\\.0\\.0\\.1/tcp/[1-9]\\d+");
        RawConnection near = dial(listener.address().encapsulate(PEER));
        RawConnection far = accepted();

        assertThat(near.direction()).isEqualTo(Direction.OUTBOUND);
        assertThat(far.direction()).isEqualTo(Direction.INBOUND);
        assertThat(near.remoteAddress()).isEqualTo(listener.address()).isEqualTo(far.localAddress());
        assertThat(near.localAddress()).isEqualTo(far.remoteAddress());
        assertThat(near.channel().getClass().getSimpleName()).contains(preferNative ? "Epoll" : "Nio");
        roundTrip(near, far);
    }

    @Test
    void ip6EndsKnowEachOther() throws Exception {
        assumeIp6();
        Listener listener = listen("/ip6/::1/tcp/0");
        RawConnection near = dial(listener.address());
        RawConnection far = accepted();
        assertThat(listener.address().toString()).startsWith("/ip6/::1/tcp/");
        assertThat(near.remoteAddress()).isEqualTo(listener.address()).isEqualTo(far.localAddress());
        assertThat(near.localAddress()).isEqualTo(far.remoteAddress());
        roundTrip(near, far);
    }

    @Test
    void unspecifiedIp4StaysUnspecifiedAndTakesNoIp6() throws Exception {
        Listener listener = listen("/ip4/0.0.0.0/tcp/0");
        assertThat(listener.address().toString()).startsWith("/ip4/0.0.0.0/tcp/");
        int port = port(listener);
        assertThat(dial(Multiaddr.of("/ip4/127.0.0.1/tcp/" + port)).remoteAddress())
                .isEqualTo(accepted().localAddress());
        expectFailure(tcp().dial(Multiaddr.of("/ip6/::1/tcp/" + port)), "/ip6/::1");
    }

    @Test
    void unspecifiedIp6ShowsIp4ClientsAsIp4() throws Exception {
        assumeIp6();
        Listener listener = listen("/ip6/::/tcp/0");
        assertThat(listener.address().toString()).startsWith("/ip6/::/tcp/");
        dial(Multiaddr.of("/ip6/::1/tcp/" + port(listener)));
        assertThat(accepted().localAddress().toString()).startsWith("/ip6/::1/");
        Multiaddr ip4 = Multiaddr.of("/ip4/127.0.0.1/tcp/" + port(listener));
        if (preferNative) {
            expectFailure(tcp().dial(ip4), "refused");
            listen("/ip4/0.0.0.0/tcp/" + port(listener));
        } else {
            dial(ip4);
            assertThat(accepted().localAddress()).isEqualTo(ip4);
        }
    }

    @Test
    void linkLocalAddressesCarryTheirZone() throws Exception {
        InetAddress linkLocal = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(ip -> ip instanceof java.net.Inet6Address && ip.isLinkLocalAddress())
                .findFirst()
                .orElse(null);
        assumeThat(linkLocal).as("a link-local IPv6 address on this machine").isNotNull();
        Multiaddr address = Multiaddr.of(new InetSocketAddress(linkLocal, 0), Protocol.TCP);
        assertThat(address.toString()).startsWith("/ip6zone/");
        Listener listener = listen(address.toString());
        assertThat(listener.address().toString()).startsWith("/ip6zone/").contains("/ip6/fe80:");
        RawConnection near = dial(listener.address());
        RawConnection far = accepted();
        assertThat(near.remoteAddress()).isEqualTo(listener.address());
        assertThat(far.remoteAddress().ipAddress())
                .isEqualTo(near.localAddress().ipAddress());
    }

    @Test
    void unknownZoneIsRefused() {
        expectFailure(tcp().dial(Multiaddr.of("/ip6zone/nosuchif0/ip6/fe80::1/tcp/4001")), "nosuchif0");
        expectFailure(tcp().listen(Multiaddr.of("/ip6zone/nosuchif0/ip6/fe80::1/tcp/0"), c -> {}), "nosuchif0");
    }

    @Test
    void localhostByName() throws Exception {
        Listener listener = listen("/ip4/127.0.0.1/tcp/0");
        for (String name : List.of("/dns4/localhost", "/dns/localhost", "/dns4/127.0.0.1", "/dns4/node.LOCALHOST")) {
            RawConnection near = dial(Multiaddr.of(name + "/tcp/" + port(listener) + PEER));
            assertThat(near.remoteAddress()).isEqualTo(listener.address());
            accepted();
        }
    }

    @Test
    void theAddressesBehindANameAreTriedInOrder() throws Exception {
        Listener listener = listen("/ip4/127.0.0.1/tcp/0");
        Multiaddr closed = Multiaddr.of("/ip4/127.0.0.1/tcp/" + freePort());
        AddressResolver fake = name -> Flux.just(
                closed,
                Multiaddr.of("/ip4/127.0.0.1/udp/1/quic-v1"),
                listener.address(),
                Multiaddr.of("/ip4/1.1.1.1/tcp/1"));
        Tcp tcp = tcp(spec -> spec.resolver(fake));
        RawConnection near = tcp.dial(Multiaddr.of("/dnsaddr/nodes.example")).block(PATIENCE);
        connections.add(near);
        assertThat(near.remoteAddress()).isEqualTo(listener.address());
        assertThat(accepted().channel().isActive()).isTrue();
    }

    @Test
    void theFailuresOfAllAddressesBehindANameAreKept() {
        Multiaddr first = Multiaddr.of("/ip4/127.0.0.1/tcp/" + freePort());
        Multiaddr second = Multiaddr.of("/ip4/127.0.0.1/tcp/" + freePort());
        Tcp tcp = tcp(spec -> spec.resolver(name -> Flux.just(first, second)));
        Multiaddr name = Multiaddr.of("/dns4/nodes.example/tcp/1");
        StepVerifier.create(tcp.dial(name))
                .expectErrorSatisfies(e -> {
                    assertThat(((TransportException) e).address()).isEqualTo(name);
                    assertThat(((TransportException) e.getCause()).address()).isEqualTo(first);
                    assertThat(((TransportException) e.getSuppressed()[0]).address())
                            .isEqualTo(second);
                })
                .verify(PATIENCE);
        Tcp quicOnly = tcp(spec -> spec.resolver(n -> Flux.just(Multiaddr.of("/ip4/127.0.0.1/udp/1/quic-v1"))));
        expectFailure(quicOnly.dial(name), "no TCP address behind it");
    }

    @Test
    void refusedPort() {
        Multiaddr address = Multiaddr.of("/ip4/127.0.0.1/tcp/" + freePort());
        expectFailure(tcp().dial(address), "cannot dial " + address + ": connection refused");
    }

    @Test
    void portZeroCannotBeDialed() {
        expectFailure(tcp().dial(Multiaddr.of("/ip4/127.0.0.1/tcp/0")), "port 0");
    }

    @Test
    void busyPort() {
        Listener listener = listen("/ip4/127.0.0.1/tcp/0");
        expectFailure(
                tcp().listen(listener.address(), accepted::add),
                "cannot listen: address " + listener.address() + " is in use");
    }

    @Test
    void anAddressOfAnotherMachineCannotBeListenedOn() {
        expectFailure(tcp().listen(Multiaddr.of("/ip4/192.0.2.77/tcp/0"), accepted::add), "none of this machine");
    }

    @Test
    void otherShapesAreRefused() {
        for (String shape : List.of(
                "/ip4/127.0.0.1/udp/1",
                "/ip4/127.0.0.1",
                "/tcp/1",
                "/ip4/127.0.0.1/tcp/1/ws",
                "/ip4/127.0.0.1/tcp/1/tcp/2",
                "/ip4/127.0.0.1/tcp/1" + PEER + "/p2p-circuit",
                "/ip4/127.0.0.1/tcp/1" + PEER + PEER,
                "/ip6zone/lo/ip4/127.0.0.1/tcp/1",
                "/ip6zone/lo",
                "/dns4/localhost",
                "/dns4/localhost/tcp/1/tls/ws",
                "/memory/1",
                "/unix/tmp")) {
            Multiaddr address = Multiaddr.of(shape);
            assertThat(tcp().canDial(address)).as(shape).isFalse();
            assertThat(tcp().canListen(address)).as(shape).isFalse();
            expectFailure(tcp().dial(address), "no TCP address");
            expectFailure(tcp().listen(address, accepted::add), "no TCP address");
        }
        assertThat(tcp().canDial(Multiaddr.of("/dnsaddr/bootstrap.libp2p.io" + PEER)))
                .isTrue();
        assertThat(tcp().canDial(Multiaddr.of("/dns/localhost/tcp/1" + PEER))).isTrue();
        assertThat(tcp().canListen(Multiaddr.of("/dns4/localhost/tcp/1"))).isFalse();
    }

    @Test
    void nothingIsReadBeforeTheFirstLayerTurnsItOn() throws Exception {
        Listener listener = listen("/ip4/127.0.0.1/tcp/0");
        RawConnection near = dial(listener.address());
        RawConnection far = accepted();
        assertThat(near.channel().config().isAutoRead()).isFalse();
        assertThat(far.channel().config().isAutoRead()).isFalse();
        assertThat(near.channel().pipeline().names()).hasSize(1);
        assertThat(far.channel().pipeline().names()).hasSize(1);
        roundTrip(near, far);
    }

    @Test
    void bothEndsAreHandedOverOnTheirEventLoop() throws Exception {
        CompletableFuture<Boolean> inbound = new CompletableFuture<>();
        CompletableFuture<Boolean> outbound = new CompletableFuture<>();
        Listener listener = tcp().listen(Multiaddr.of("/ip4/127.0.0.1/tcp/0"), connection -> {
                    inbound.complete(connection.channel().eventLoop().inEventLoop());
                    accepted.add(connection);
                })
                .block(PATIENCE);
        listeners.add(listener);
        tcp().dial(listener.address()).subscribe(connection -> {
            connections.add(connection);
            outbound.complete(connection.channel().eventLoop().inEventLoop()
                    && connection.channel().isActive());
        });
        assertThat(inbound.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(outbound.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void handlersAddedOnHandoverSeeAnActiveChannelAndNoEvent() throws Exception {
        List<String> events = Collections.synchronizedList(new ArrayList<>());
        Listener listener = tcp().listen(Multiaddr.of("/ip4/127.0.0.1/tcp/0"), connection -> {
                    connection.channel().pipeline().addLast(new Recorder("in", events));
                    accepted.add(connection);
                })
                .block(PATIENCE);
        listeners.add(listener);
        RawConnection near = tcp().dial(listener.address())
                .doOnNext(connection -> connection.channel().pipeline().addLast(new Recorder("out", events)))
                .block(PATIENCE);
        connections.add(near);
        accepted();
        // Behind the turn of the loop in which the handover happened.
        for (RawConnection connection : connections) {
            connection.channel().eventLoop().submit(() -> {}).sync();
        }
        assertThat(events).containsExactlyInAnyOrder("in added true", "out added true");
    }

    @Test
    void theHookRunsFirstOnEachChannel() throws Exception {
        List<Channel> seen = Collections.synchronizedList(new ArrayList<>());
        Tcp tcp = tcp(spec -> spec.pipeline(pipeline -> {
            seen.add(pipeline.channel());
            pipeline.addLast("hook", new ChannelInboundHandlerAdapter());
        }));
        Listener listener =
                tcp.listen(Multiaddr.of("/ip4/127.0.0.1/tcp/0"), accepted::add).block(PATIENCE);
        listeners.add(listener);
        RawConnection near = tcp.dial(listener.address()).block(PATIENCE);
        connections.add(near);
        RawConnection far = accepted();
        assertThat(seen).containsExactlyInAnyOrder(near.channel(), far.channel());
        assertThat(near.channel().pipeline().names()).startsWith("hook");
        assertThat(far.channel().pipeline().names()).startsWith("hook");
    }

    @Test
    void aHookThatThrowsFailsTheDial() {
        Listener listener = listen("/ip4/127.0.0.1/tcp/0");
        Tcp tcp = tcp(spec -> spec.pipeline(pipeline -> {
            throw new IllegalStateException("on purpose");
        }));
        expectFailure(tcp.dial(listener.address()), "on purpose");
    }

    @Test
    void optionsReachTheSocket() throws Exception {
        Tcp tcp = tcp(spec -> spec.noDelay(false)
                .keepAlive(false)
                .receiveBuffer(20_000)
                .sendBuffer(20_000)
                .waterMarks(1000, 2000)
                .connectTimeout(Duration.ofMillis(1234)));
        Listener listener = listen("/ip4/127.0.0.1/tcp/0");
        RawConnection tuned = tcp.dial(listener.address()).block(PATIENCE);
        connections.add(tuned);
        assertThat(tuned.channel().config().getOption(ChannelOption.TCP_NODELAY))
                .isFalse();
        assertThat(tuned.channel().config().getOption(ChannelOption.SO_KEEPALIVE))
                .isFalse();
        assertThat(tuned.channel().config().getOption(ChannelOption.SO_SNDBUF)).isBetween(20_000, 40_000);
        assertThat(tuned.channel().config().getWriteBufferHighWaterMark()).isEqualTo(2000);
        assertThat(tuned.channel().config().getConnectTimeoutMillis()).isEqualTo(1234);
        RawConnection usual = accepted();
        assertThat(usual.channel().config().getOption(ChannelOption.TCP_NODELAY))
                .isTrue();
        assertThat(usual.channel().config().getOption(ChannelOption.SO_KEEPALIVE))
                .isTrue();
        assertThat(usual.channel().config().getOption(ChannelOption.ALLOW_HALF_CLOSURE))
                .isFalse();
        assertThat(usual.channel().config().getWriteBufferHighWaterMark()).isEqualTo(512 * 1024);
    }

    @Test
    void connectionsAreSpreadOverTheLoops() throws Exception {
        Listener listener = listen("/ip4/127.0.0.1/tcp/0");
        Set<EventLoop> near = new HashSet<>();
        Set<EventLoop> far = new HashSet<>();
        RawConnection first = dial(listener.address());
        far.add(accepted().channel().eventLoop());
        // From within a loop, too.
        for (int i = 0; i < 7; i++) {
            CompletableFuture<RawConnection> dialed = new CompletableFuture<>();
            first.channel().eventLoop().execute(() -> tcp().dial(listener.address())
                    .subscribe(dialed::complete));
            RawConnection connection = dialed.get(10, TimeUnit.SECONDS);
            connections.add(connection);
            near.add(connection.channel().eventLoop());
            far.add(accepted().channel().eventLoop());
        }
        near.addAll(far);
        assertThat(near).hasSize(2);
    }

    @Test
    void anAcceptorThatThrowsLosesThatConnectionOnly() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Listener listener = tcp().listen(Multiaddr.of("/ip4/127.0.0.1/tcp/0"), connection -> {
                    if (calls.getAndIncrement() == 0) {
                        throw new IllegalStateException("on purpose");
                    }
                    accepted.add(connection);
                })
                .block(PATIENCE);
        listeners.add(listener);
        RawConnection lost = dial(listener.address());
        lost.channel().config().setAutoRead(true);
        assertThat(lost.channel().closeFuture().await(10, TimeUnit.SECONDS)).isTrue();
        dial(listener.address());
        assertThat(accepted().channel().isActive()).isTrue();
        assertThat(listener.isDisposed()).isFalse();
    }

    @Test
    void acceptedConnectionsOutliveTheListener() throws Exception {
        Listener listener = listen("/ip4/127.0.0.1/tcp/0");
        RawConnection near = dial(listener.address());
        RawConnection far = accepted();
        listener.dispose();
        listener.onDispose().block(PATIENCE);
        assertThat(listener.isDisposed()).isTrue();
        listener.close().block(PATIENCE);
        roundTrip(near, far);
        expectFailure(tcp().dial(listener.address()), "refused");
    }

    @Test
    void theEndOfTheRemoteDirectionClosesTheChannel() throws Exception {
        Listener listener = listen("/ip4/127.0.0.1/tcp/0");
        try (Socket plain = new Socket("127.0.0.1", port(listener))) {
            RawConnection far = accepted();
            far.channel().config().setAutoRead(true);
            plain.shutdownOutput();
            assertThat(far.channel().closeFuture().await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void cancelledAtOnceADialIsDeliveredOrClosed() throws Exception {
        Set<Channel> made = ConcurrentHashMap.newKeySet();
        Set<Channel> delivered = ConcurrentHashMap.newKeySet();
        Tcp tcp = tcp(spec -> spec.pipeline(pipeline -> made.add(pipeline.channel())));
        Listener listener = listen("/ip4/127.0.0.1/tcp/0");
        for (int i = 0; i < 100; i++) {
            BaseSubscriber<RawConnection> dial = new BaseSubscriber<>() {
                @Override
                protected void hookOnNext(RawConnection connection) {
                    delivered.add(connection.channel());
                }
            };
            tcp.dial(listener.address()).subscribe(dial);
            for (int turn = 0; turn < i; turn++) {
                Thread.onSpinWait();
            }
            dial.cancel();
        }
        // What a loop has begun before this runs is done after it.
        for (EventExecutor loop : EventLoops.of(RESOURCES, preferNative).connections()) {
            loop.submit(() -> {}).sync();
        }
        for (Channel channel : made) {
            if (delivered.contains(channel)) {
                channel.close().sync();
            }
            assertThat(channel.closeFuture().await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anOperatorThatCancelsOnceItHasTheConnectionKeepsIt() throws Exception {
        Listener listener = listen("/ip4/127.0.0.1/tcp/0");
        RawConnection kept = tcp().dial(listener.address()).flux().next().block(PATIENCE);
        connections.add(kept);
        kept.channel().eventLoop().submit(() -> {}).sync();
        assertThat(kept.channel().isOpen()).isTrue();
    }

    @Test
    void aDialThatNobodyAnswersTimesOutAndCanBeCancelled() throws Exception {
        // Linux drops the SYN once the backlog of one is full, so that the dial stays in the air.
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            List<Socket> fillers = new ArrayList<>();
            try {
                for (int i = 0; i < 2; i++) {
                    fillers.add(new Socket("127.0.0.1", full.getLocalPort()));
                }
                Multiaddr address = Multiaddr.of("/ip4/127.0.0.1/tcp/" + full.getLocalPort());
                Tcp quick = tcp(spec -> spec.connectTimeout(Duration.ofMillis(200)));
                expectFailure(quick.dial(address), "no answer within 200 ms");

                CompletableFuture<Channel> made = new CompletableFuture<>();
                Tcp patient = tcp(spec -> spec.pipeline(pipeline -> made.complete(pipeline.channel())));
                Disposable dial = patient.dial(address).subscribe();
                Channel channel = made.get(10, TimeUnit.SECONDS);
                assertThat(channel.isActive()).isFalse();
                dial.dispose();
                assertThat(channel.closeFuture().await(10, TimeUnit.SECONDS)).isTrue();
            } finally {
                for (Socket filler : fillers) {
                    filler.close();
                }
            }
        }
    }

    @Test
    void nothingHappensBeforeTheSubscription() {
        List<Channel> made = Collections.synchronizedList(new ArrayList<>());
        Tcp tcp = tcp(spec -> spec.pipeline(pipeline -> made.add(pipeline.channel())));
        Listener listener = listen("/ip4/127.0.0.1/tcp/0");
        StepVerifier.create(tcp.dial(listener.address()), 0)
                .expectSubscription()
                .then(() -> assertThat(made).isEmpty())
                .thenRequest(1)
                .consumeNextWith(connections::add)
                .verifyComplete();
    }

    private Tcp tcp() {
        return tcp(spec -> {});
    }

    private Tcp tcp(java.util.function.Consumer<TcpSpec> configuration) {
        return Tcp.create(spec -> configuration.accept(spec.loops(EventLoops.of(RESOURCES, preferNative))));
    }

    private Listener listen(String address) {
        Listener listener = tcp().listen(Multiaddr.of(address), accepted::add).block(PATIENCE);
        listeners.add(listener);
        return listener;
    }

    private RawConnection dial(Multiaddr address) {
        RawConnection connection = tcp().dial(address).block(PATIENCE);
        connections.add(connection);
        return connection;
    }

    private RawConnection accepted() throws InterruptedException {
        RawConnection connection = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(connection).isNotNull();
        connections.add(connection);
        return connection;
    }

    private static int port(Listener listener) {
        return listener.address().port(Protocol.TCP).orElseThrow();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void assumeIp6() throws SocketException {
        assumeThat(NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .anyMatch(ip -> ip instanceof java.net.Inet6Address && ip.isLoopbackAddress()))
                .as("IPv6 on this machine's loopback")
                .isTrue();
    }

    private static void expectFailure(reactor.core.publisher.Mono<?> attempt, String part) {
        StepVerifier.create(attempt)
                .expectErrorSatisfies(e ->
                        assertThat(e).isInstanceOf(TransportException.class).hasMessageContaining(part))
                .verify(PATIENCE);
    }

    private static void roundTrip(RawConnection near, RawConnection far) throws Exception {
        CompletableFuture<String> there = receive(far);
        near.channel()
                .writeAndFlush(Unpooled.copiedBuffer("ping", StandardCharsets.UTF_8))
                .sync();
        assertThat(there.get(10, TimeUnit.SECONDS)).isEqualTo("ping");
        CompletableFuture<String> back = receive(near);
        far.channel()
                .writeAndFlush(Unpooled.copiedBuffer("pong", StandardCharsets.UTF_8))
                .sync();
        assertThat(back.get(10, TimeUnit.SECONDS)).isEqualTo("pong");
    }

    private static CompletableFuture<String> receive(RawConnection connection) {
        CompletableFuture<String> received = new CompletableFuture<>();
        connection.channel().eventLoop().execute(() -> {
            connection.channel().pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    ByteBuf bytes = (ByteBuf) message;
                    received.complete(bytes.toString(StandardCharsets.UTF_8));
                    bytes.release();
                }
            });
            connection.channel().config().setAutoRead(true);
        });
        return received;
    }

    private static final class Recorder extends ChannelInboundHandlerAdapter {

        private final String side;
        private final List<String> events;

        Recorder(String side, List<String> events) {
            this.side = side;
            this.events = events;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            events.add(side + " added " + ctx.channel().isActive());
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            events.add(side + " active");
        }
    }
}
