package io.reactivep2p.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.Transport;
import io.reactivep2p.transport.TransportProvider;
import io.reactivep2p.transport.netty.EventLoops;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ServiceLoader;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.netty.resources.LoopResources;

class QuicTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final KeyPair server = KeyPair.generate();
    private final KeyPair client = KeyPair.generate();
    private final BlockingQueue<MuxedConnection> accepted = new LinkedBlockingQueue<>();

    private Listener listen(Quic quic, String address) {
        return quic.listen(Multiaddr.of(address), server, accepted::add)
                .blockOptional(PATIENCE)
                .orElseThrow();
    }

    private MuxedConnection dial(Quic quic, Multiaddr address) {
        return quic.dial(address, client, null).blockOptional(PATIENCE).orElseThrow();
    }

    private void close(MuxedConnection dialed) throws InterruptedException {
        MuxedConnection other = accepted.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        dialed.dispose();
        dialed.onDispose().block(PATIENCE);
        assertThat(other).isNotNull();
        other.onDispose().block(PATIENCE);
    }

    @Test
    void aDialLeavesFromTheSocketThatListens() throws InterruptedException {
        Quic there = Quic.create();
        Quic here = Quic.create();
        Listener far = listen(there, "/ip4/127.0.0.1/udp/0/quic-v1");
        Listener near = here.listen(Multiaddr.of("/ip4/127.0.0.1/udp/0/quic-v1"), client, accepted::add)
                .blockOptional(PATIENCE)
                .orElseThrow();
        MuxedConnection dialed = dial(here, far.address());
        assertThat(dialed.localAddress()).isEqualTo(near.address());
        Awaitility.await().atMost(PATIENCE).until(() -> !accepted.isEmpty());
        assertThat(accepted.element().remoteAddress()).isEqualTo(near.address());
        close(dialed);
        near.close().block(PATIENCE);
        far.close().block(PATIENCE);
    }

    @Test
    void ip6IsServedBesideIp4OnOnePort() throws InterruptedException {
        Quic quic = Quic.create();
        Listener four = listen(quic, "/ip4/0.0.0.0/udp/0/quic-v1");
        int port = four.address().components().get(1).port().orElseThrow();
        Listener six = listen(quic, "/ip6/::/udp/" + port + "/quic-v1");
        MuxedConnection overFour = dial(Quic.create(), Multiaddr.of("/ip4/127.0.0.1/udp/" + port + "/quic-v1"));
        assertThat(overFour.localAddress().toString()).startsWith("/ip4/127.0.0.1/udp/");
        close(overFour);
        MuxedConnection overSix = dial(Quic.create(), Multiaddr.of("/ip6/::1/udp/" + port + "/quic-v1"));
        assertThat(overSix.localAddress().toString()).startsWith("/ip6/::1/udp/");
        close(overSix);
        four.close().block(PATIENCE);
        six.close().block(PATIENCE);
    }

    @Test
    void itWorksWithoutNativeChannels() throws InterruptedException {
        LoopResources resources = LoopResources.create("quic-nio", 1, true);
        EventLoops nio = EventLoops.of(resources, false);
        Quic quic = Quic.create(spec -> spec.loops(nio));
        Listener listener = listen(quic, "/ip4/127.0.0.1/udp/0/quic-v1");
        close(dial(Quic.create(spec -> spec.loops(nio)), listener.address()));
        listener.close().block(PATIENCE);
        resources.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(PATIENCE);
    }

    @Test
    void aNameIsResolved() throws InterruptedException {
        Listener listener = listen(Quic.create(), "/ip4/127.0.0.1/udp/0/quic-v1");
        int port = listener.address().components().get(1).port().orElseThrow();
        close(dial(Quic.create(), Multiaddr.of("/dns4/localhost/udp/" + port + "/quic-v1")));
        listener.close().block(PATIENCE);
    }

    /** A cancel from another thread: nobody can say whether the listener was taken. */
    @Test
    void aListenerThatMeetsACancelIsClosed() throws Exception {
        CompletableFuture<Listener> bound = new CompletableFuture<>();
        CompletableFuture<Void> cancelled = new CompletableFuture<>();
        BaseSubscriber<Listener> subscriber = new BaseSubscriber<>() {
            @Override
            @SuppressWarnings("EmptyBlock")
            protected void hookOnNext(Listener listener) {
                bound.complete(listener);
                // Blocking is not allowed here.
                while (!cancelled.isDone()) {}
            }
        };
        Quic.create()
                .listen(Multiaddr.of("/ip4/127.0.0.1/udp/0/quic-v1"), server, accepted::add)
                .subscribe(subscriber);
        Listener listener = bound.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(listener.isDisposed()).isFalse();
        subscriber.cancel();
        cancelled.complete(null);
        listener.onDispose().block(PATIENCE);
        listen(Quic.create(), listener.address().toString()).close().block(PATIENCE);
    }

    @Test
    void theStandardStackFindsIt() {
        assertThat(ServiceLoader.load(TransportProvider.class))
                .extracting(TransportProvider::create)
                .singleElement()
                .isInstanceOf(Quic.class);
        Transport found = new QuicProvider().create();
        assertThat(found.canListen(Multiaddr.of("/ip4/0.0.0.0/udp/4001/quic-v1")))
                .isTrue();
        assertThat(found.canListen(Multiaddr.of("/ip4/0.0.0.0/udp/4001/quic-v1/webtransport")))
                .isFalse();
        assertThat(found.canListen(Multiaddr.of("/ip4/0.0.0.0/udp/4001"))).isFalse();
    }

    @Test
    void whatCannotBeSetIsRefused() {
        assertThatThrownBy(() -> Quic.create(spec -> spec.streamWindow(0)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Quic.create(spec -> spec.connectionWindow(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Quic.create(spec -> spec.handshakeTimeout(Duration.ZERO)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Quic.create(spec -> spec.maxHandshakes(0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSocketIsUsedForWhatItReaches() {
        InetSocketAddress remote = new InetSocketAddress("192.0.2.1", 4001);
        InetSocketAddress home = new InetSocketAddress("127.0.0.1", 4001);
        assertThat(SocketTable.reaches(new InetSocketAddress("0.0.0.0", 4002), remote))
                .isTrue();
        assertThat(SocketTable.reaches(new InetSocketAddress("0.0.0.0", 4001), home))
                .isFalse();
        assertThat(SocketTable.reaches(new InetSocketAddress("127.0.0.1", 4002), remote))
                .isFalse();
        assertThat(SocketTable.reaches(new InetSocketAddress("127.0.0.1", 4002), home))
                .isTrue();
        assertThat(SocketTable.reaches(home, home)).isFalse();
        assertThat(SocketTable.reaches(new InetSocketAddress("::", 4002), remote))
                .isFalse();
    }
}
