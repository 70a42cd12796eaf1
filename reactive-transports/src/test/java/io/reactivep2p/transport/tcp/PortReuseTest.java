package io.reactivep2p.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Protocol;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.RawConnection;
import io.reactivep2p.transport.TransportException;
import io.reactivep2p.transport.netty.EventLoops;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.BaseSubscriber;
import reactor.netty.resources.LoopResources;
import reactor.test.StepVerifier;

/** On loopback. */
class PortReuseTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final LoopResources RESOURCES = LoopResources.create("reuse-test", 2, 2, true, false);
    private static final EventLoops LOOPS = EventLoops.of(RESOURCES);
    private static final String LOCAL = "/ip4/127.0.0.1/tcp/0";

    private final BlockingQueue<RawConnection> accepted = new LinkedBlockingQueue<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final List<RawConnection> connections = new ArrayList<>();
    private final Tcp tcp = tcp(spec -> {});
    private final Tcp other = tcp(spec -> {});

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

    @ParameterizedTest
    @CsvSource({
        "/ip4/127.0.0.1/tcp/0, /ip4/127.0.0.1/tcp/0",
        "/ip4/0.0.0.0/tcp/0,   /ip4/127.0.0.1/tcp/0",
        "/ip6/::1/tcp/0,       /ip6/::1/tcp/0",
        "/ip6/::/tcp/0,        /ip6/::1/tcp/0",
    })
    void aDialComesFromThePortThatIsListenedOn(String own, String target) throws Exception {
        assumePortsCanBeShared();
        assumeIp6(own);
        Listener ours = listen(tcp, own);
        RawConnection near = dial(tcp, listen(other, target).address());

        assertThat(port(near.localAddress())).isEqualTo(port(ours.address()));
        assertThat(accepted().remoteAddress()).isEqualTo(near.localAddress());
        // And the listener still listens.
        dial(other, reachable(ours));
        assertThat(port(accepted().localAddress())).isEqualTo(port(ours.address()));
    }

    @Test
    void aSecondConnectionToTheSameAddressTakesAnotherPort() throws Exception {
        assumePortsCanBeShared();
        Listener ours = listen(tcp, LOCAL);
        Multiaddr target = listen(other, LOCAL).address();
        RawConnection first = dial(tcp, target);
        RawConnection second = dial(tcp, target);

        assertThat(port(first.localAddress())).isEqualTo(port(ours.address()));
        assertThat(port(second.localAddress())).isNotEqualTo(port(ours.address()));
        assertThat(first.channel().isActive()).isTrue();
        assertThat(second.channel().isActive()).isTrue();
        accepted();
        accepted();
    }

    @Test
    void twoAddressesAreDialedFromTheSamePort() throws Exception {
        assumePortsCanBeShared();
        Listener ours = listen(tcp, LOCAL);
        RawConnection first = dial(tcp, listen(other, LOCAL).address());
        RawConnection second = dial(tcp, listen(other, LOCAL).address());

        assertThat(List.of(port(first.localAddress()), port(second.localAddress())))
                .containsOnly(port(ours.address()));
        accepted();
        accepted();
    }

    @Test
    void oneThatWasClosedAMomentAgoCanBeMadeAgain() throws Exception {
        listen(tcp, LOCAL);
        Multiaddr target = listen(other, LOCAL).address();
        for (int i = 0; i < 20; i++) {
            RawConnection near = dial(tcp, target);
            RawConnection far = accepted();
            (i % 2 == 0 ? near : far).channel().close().sync();
            (i % 2 == 0 ? far : near).channel().close().sync();
        }
    }

    @Test
    void ourOwnListenerIsDialedFromAnotherPort() throws Exception {
        Listener ours = listen(tcp, LOCAL);
        RawConnection near = dial(tcp, ours.address());

        assertThat(near.localAddress()).isNotEqualTo(near.remoteAddress());
        assertThat(accepted().remoteAddress()).isEqualTo(near.localAddress());
    }

    @Test
    void aPortThatIsListenedOnCannotBeListenedOnAgain() {
        Listener ours = listen(tcp, LOCAL);
        for (Tcp again : List.of(tcp, other)) {
            StepVerifier.create(again.listen(ours.address(), accepted::add))
                    .expectErrorSatisfies(e -> assertThat(e).hasMessageContaining("in use"))
                    .verify(PATIENCE);
        }
    }

    @Test
    void whereItIsOffOrNothingIsListenedOnAnyPortIsTaken() throws Exception {
        Tcp off = tcp(spec -> spec.portReuse(false));
        Listener notLent = listen(off, LOCAL);
        Multiaddr target = listen(other, LOCAL).address();
        assertThat(port(dial(off, target).localAddress())).isNotEqualTo(port(notLent.address()));
        accepted();

        Listener closed = listen(tcp, LOCAL);
        closed.close().block(PATIENCE);
        assertThat(port(dial(tcp, target).localAddress())).isNotEqualTo(port(closed.address()));
        accepted();
    }

    @Test
    void withoutNativeChannelsAnyPortIsTaken() throws Exception {
        Tcp nio = tcp(spec -> spec.loops(EventLoops.of(RESOURCES, false)));
        Listener ours = listen(nio, LOCAL);
        RawConnection near = dial(nio, listen(other, LOCAL).address());

        assertThat(port(near.localAddress())).isNotEqualTo(port(ours.address()));
        accepted();
    }

    @Test
    void aDialThatIsRefusedSaysSo() throws Exception {
        listen(tcp, LOCAL);
        Listener gone = listen(other, LOCAL);
        gone.close().block(PATIENCE);

        StepVerifier.create(tcp.dial(gone.address()))
                .expectErrorSatisfies(e ->
                        assertThat(e).isInstanceOf(TransportException.class).hasMessageContaining("refused"))
                .verify(PATIENCE);
    }

    @Test
    void aDialThatNobodyAnswersIsNotRepeatedFromAnotherPort() throws Exception {
        Set<Channel> made = ConcurrentHashMap.newKeySet();
        Tcp quick = tcp(
                spec -> spec.connectTimeout(Duration.ofMillis(200)).pipeline(pipeline -> made.add(pipeline.channel())));
        listen(quick, LOCAL);
        // Linux drops the SYN once the backlog of one is full.
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                Socket first = new Socket("127.0.0.1", full.getLocalPort());
                Socket second = new Socket("127.0.0.1", full.getLocalPort())) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            StepVerifier.create(quick.dial(Multiaddr.of("/ip4/127.0.0.1/tcp/" + full.getLocalPort())))
                    .expectErrorSatisfies(e -> assertThat(e).hasMessageContaining("no answer within 200 ms"))
                    .verify(PATIENCE);
        }
        assertThat(made).hasSize(1);
    }

    @Test
    void cancelledAtOnceADialIsDeliveredOrClosedFromWhicheverPort() throws Exception {
        Set<Channel> made = ConcurrentHashMap.newKeySet();
        Set<Channel> delivered = ConcurrentHashMap.newKeySet();
        Tcp dialing = tcp(spec -> spec.pipeline(pipeline -> made.add(pipeline.channel())));
        Multiaddr target = listen(other, LOCAL).address();
        listeners.add(dialing.listen(Multiaddr.of(LOCAL), accepted::add).block(PATIENCE));
        connections.add(dialing.dial(target).block(PATIENCE)); // so that the others need two attempts
        for (int i = 0; i < 100; i++) {
            BaseSubscriber<RawConnection> dial = new BaseSubscriber<>() {
                @Override
                protected void hookOnNext(RawConnection connection) {
                    delivered.add(connection.channel());
                }
            };
            dialing.dial(target).subscribe(dial);
            for (int turn = 0; turn < 10 * i; turn++) {
                Thread.onSpinWait();
            }
            dial.cancel();
        }
        // What a loop has begun before this runs is done after it.
        for (EventExecutor loop : LOOPS.connections()) {
            loop.submit(() -> {}).sync();
        }
        made.remove(connections.get(0).channel());
        for (Channel channel : made) {
            if (delivered.contains(channel)) {
                channel.close().sync();
            }
            assertThat(channel.closeFuture().await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "8.8.8.8,   0.0.0.0:1,                    0.0.0.0:1",
        "8.8.8.8,   127.0.0.1:1,                  none",
        "8.8.8.8,   127.0.0.1:1 192.168.1.1:2,    0.0.0.0:2",
        "8.8.8.8,   192.168.1.1:2 0.0.0.0:3,      0.0.0.0:3",
        "8.8.8.8,   192.168.1.1:2 192.168.1.1:3,  0.0.0.0:2",
        "8.8.8.8,   :::1,                         none",
        "127.0.0.2, 0.0.0.0:1 127.0.0.1:2,        127.0.0.1:2",
        "127.0.0.2, 0.0.0.0:1,                    0.0.0.0:1",
        "127.0.0.2, 192.168.1.1:2,                none",
        "2a00::1,   0.0.0.0:1 :::2,               :::2",
        "2a00::1,   fd00::1:2,                    :::2",
        "::1,       :::1 ::1:2,                   ::1:2",
        "::1,       fd00::1:2,                    none",
        "127.0.0.1, 0.0.0.0:9 127.0.0.1:9,        none",
        "10.0.0.1,  10.0.0.1:9,                   none",
        "10.0.0.1,  10.0.0.2:9,                   0.0.0.0:9",
    })
    void thePortIsOneAtWhichTheRemoteSideCouldReachUs(String remote, String listening, String expected)
            throws Exception {
        List<InetSocketAddress> bound =
                Arrays.stream(listening.split(" ")).map(PortReuseTest::socket).toList();

        assertThat(PortReuse.localFor(new InetSocketAddress(InetAddress.getByName(remote), 9), bound))
                .isEqualTo(expected.equals("none") ? null : socket(expected));
    }

    private static InetSocketAddress socket(String text) {
        int colon = text.lastIndexOf(':');
        return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    private static Tcp tcp(Consumer<TcpSpec> configuration) {
        return Tcp.create(spec -> configuration.accept(spec.loops(LOOPS)));
    }

    private Listener listen(Tcp on, String address) {
        Listener listener = on.listen(Multiaddr.of(address), accepted::add).block(PATIENCE);
        listeners.add(listener);
        return listener;
    }

    private RawConnection dial(Tcp from, Multiaddr address) {
        RawConnection connection = from.dial(address).block(PATIENCE);
        connections.add(connection);
        return connection;
    }

    private RawConnection accepted() throws InterruptedException {
        RawConnection connection = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(connection).isNotNull();
        connections.add(connection);
        return connection;
    }

    private static Multiaddr reachable(Listener listener) {
        return Multiaddr.of(listener.address()
                .toString()
                .replace("/0.0.0.0/", "/127.0.0.1/")
                .replace("/::/", "/::1/"));
    }

    private static int port(Multiaddr address) {
        return address.port(Protocol.TCP).orElseThrow();
    }

    private static void assumePortsCanBeShared() {
        assumeThat(LOOPS.portSharing()).as("native channels that share ports").isNotEmpty();
    }

    private static void assumeIp6(String address) throws Exception {
        assumeThat(address.startsWith("/ip4/")
                        || NetworkInterface.networkInterfaces()
                                .flatMap(NetworkInterface::inetAddresses)
                                .anyMatch(ip -> ip instanceof java.net.Inet6Address && ip.isLoopbackAddress()))
                .as("IPv6 on this machine's loopback")
                .isTrue();
    }
}
