package io.reactivep2p.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Multiaddr.Component;
import io.reactivep2p.multiformats.Protocol;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.RawConnection;
import io.reactivep2p.transport.RawTransport;
import io.reactivep2p.transport.TransportException;
import io.reactivep2p.transport.tcp.Tcp;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/** TCP, WebSocket and WebSocket with TLS on one port. */
class SharedPortTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Multiaddr ANY = Multiaddr.of("/ip4/127.0.0.1/tcp/0");

    private final Tcp tcp = Tcp.create();
    private final WebSocket webSocket = WebSocket.create(spec -> {
        TestCertificates.node(spec);
        spec.tcp(tcp).trust(TestCertificates.AUTHORITY);
    });
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final List<RawConnection> open = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();

    @AfterEach
    void closeAll() {
        listeners.forEach(listener -> listener.close().block(PATIENCE));
        synchronized (open) {
            open.forEach(raw -> raw.channel().close().syncUninterruptibly());
        }
    }

    @Test
    void eachListenerHearsItsOwnKind() throws Exception {
        Listener plain = listen(tcp, ANY, "plain");
        Listener ws = listen(webSocket, plain.address().with(Protocol.WS), "ws");
        Listener wss = listen(webSocket, plain.address().with(Protocol.TLS).with(Protocol.WS), "wss");
        assertThat(ws.address()).hasToString(plain.address() + "/ws");
        assertThat(wss.address()).hasToString(plain.address() + "/tls/ws");

        for (int round = 0; round < 3; round++) {
            say(tcp, plain.address(), "\u0013/multistream/1.0.0\n");
            assertThat(next()).isEqualTo("plain: \u0013/multistream/1.0.0\n");
            say(webSocket, ws.address(), "over ws");
            assertThat(next()).isEqualTo("ws: over ws");
            say(webSocket, wss.address(), "over wss");
            assertThat(next()).isEqualTo("wss: over wss");
        }
    }

    @Test
    void portZeroIsOnePortForAllKinds() {
        Listener ws = listen(webSocket, ANY.with(Protocol.WS), "ws");
        Listener plain = listen(tcp, ANY, "plain");
        Listener more = listen(tcp, ANY, "more");
        assertThat(ws.address()).hasToString(plain.address() + "/ws");
        assertThat(more.address()).isNotEqualTo(plain.address());
    }

    @Test
    void bothKindsCanBeBoundAtTheSameTime() {
        for (int i = 0; i < 10; i++) {
            List<Listener> both = Objects.requireNonNull(Flux.merge(
                            tcp.listen(ANY, RawConnection::close),
                            webSocket.listen(ANY.with(Protocol.WS), RawConnection::close))
                    .collectList()
                    .block(PATIENCE));
            listeners.addAll(both);
            assertThat(both).hasSize(2);
            assertThat(both.get(0).address().port(Protocol.TCP))
                    .isEqualTo(both.get(1).address().port(Protocol.TCP));
            both.forEach(listener -> listener.close().block(PATIENCE));
        }
    }

    @Test
    void cancelledAtAnyMomentListeningLeavesThePortFree() throws Exception {
        Listener first = listen(tcp, ANY, "first");
        Multiaddr address = first.address();
        first.close().block(PATIENCE);
        for (int i = 0; i < 100; i++) {
            Closing plain = new Closing();
            Closing ws = new Closing();
            tcp.listen(address, RawConnection::close).subscribe(plain);
            webSocket.listen(address.with(Protocol.WS), RawConnection::close).subscribe(ws);
            for (int turn = 0; turn < i * 10; turn++) {
                Thread.onSpinWait();
            }
            plain.cancel();
            ws.cancel();
        }
        await().atMost(PATIENCE).ignoreExceptions().until(() -> listen(Tcp.create(), address, "last") != null);
    }

    @Test
    void oneKindIsListenedForOnceOnly() {
        Listener ws = listen(webSocket, ANY.with(Protocol.WS), "ws");
        assertThatThrownBy(() -> webSocket.listen(ws.address(), raw -> {}).block(PATIENCE))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining(ws.address().toString());
        assertThatThrownBy(
                        () -> WebSocket.create().listen(ws.address(), raw -> {}).block(PATIENCE))
                .as("another transport has another socket")
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("is in use");
    }

    @Test
    void aListenerThatClosesLeavesThePortToTheOther() throws Exception {
        Listener plain = listen(tcp, ANY, "plain");
        Listener ws = listen(webSocket, plain.address().with(Protocol.WS), "ws");
        plain.close().block(PATIENCE);
        say(webSocket, ws.address(), "alone");
        assertThat(next()).isEqualTo("ws: alone");

        Listener again = listen(tcp, plain.address(), "again");
        ws.close().block(PATIENCE);
        assertThat(ws.isDisposed()).isTrue();
        say(tcp, again.address(), "hello");
        assertThat(next()).isEqualTo("again: hello");

        again.close().block(PATIENCE);
        assertThatThrownBy(() -> tcp.dial(plain.address()).block(PATIENCE)).hasMessageContaining("refused");
    }

    @Test
    void aListenerHearsOfTheEndOfTheSocketWhoeverEndsIt() {
        Listener plain = listen(tcp, ANY, "plain");
        Listener ws = listen(webSocket, plain.address().with(Protocol.WS), "ws");
        plain.dispose();
        plain.onDispose().block(PATIENCE);
        assertThat(ws.isDisposed()).isFalse();
        ws.dispose();
        ws.onDispose().block(PATIENCE);
    }

    @Test
    void aConnectionThatNobodyListensForIsClosed() throws Exception {
        Listener ws = listen(webSocket, ANY.with(Protocol.WS), "ws");
        Listener wss = listen(
                webSocket, ws.address().replace(2, Component.of(Protocol.TLS), Component.of(Protocol.WS)), "wss");
        assertThat(wss.address().port(Protocol.TCP)).isEqualTo(ws.address().port(Protocol.TCP));
        try (Socket socket = socket(ws)) {
            socket.getOutputStream().write("\u0013/multistream/1.0.0\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        say(webSocket, wss.address(), "still here");
        assertThat(next()).isEqualTo("wss: still here");
    }

    @Test
    void connectionsThatSayNothingKeepNobodyOut() throws Exception {
        Listener plain = listen(tcp, ANY, "plain");
        Listener ws = listen(webSocket, plain.address().with(Protocol.WS), "ws");
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                silent.add(socket(plain));
            }
            say(tcp, plain.address(), "a word");
            assertThat(next()).isEqualTo("plain: a word");
            say(webSocket, ws.address(), "another");
            assertThat(next()).isEqualTo("ws: another");
            // One more than are waited for closes the one that waited longest.
            assertThat(silent.get(0).getInputStream().read()).isEqualTo(-1);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void aListenerThatClosesClosesWhatItHasNotAccepted() throws Exception {
        Listener plain = listen(tcp, ANY, "plain");
        Listener ws = listen(webSocket, plain.address().with(Protocol.WS), "ws");
        try (Socket silent = socket(plain)) {
            say(tcp, plain.address(), "x"); // behind the silent one
            assertThat(next()).isEqualTo("plain: x");
            plain.close().block(PATIENCE);
            ws.close().block(PATIENCE);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
    }

    /** Closes what arrives, and hears of errors also after it cancelled. */
    private static final class Closing implements CoreSubscriber<Listener> {

        private volatile Subscription subscription = Operators.emptySubscription();

        @Override
        public void onSubscribe(Subscription given) {
            subscription = given;
            given.request(1);
        }

        @Override
        public void onNext(Listener listener) {
            listener.dispose();
        }

        @Override
        public void onError(Throwable inUse) {
            // by the one before, which is still closing
        }

        @Override
        public void onComplete() {
            // disposed already
        }

        void cancel() {
            subscription.cancel();
        }
    }

    private Listener listen(RawTransport transport, Multiaddr address, String name) {
        Listener listener = transport
                .listen(address, raw -> {
                    keep(raw);
                    raw.channel().pipeline().addLast(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelRead(ChannelHandlerContext ctx, Object message) {
                            ByteBuf bytes = (ByteBuf) message;
                            heard.add(name + ": " + bytes.toString(StandardCharsets.US_ASCII));
                            bytes.release();
                        }
                    });
                    raw.channel().config().setAutoRead(true);
                })
                .block(PATIENCE);
        listeners.add(listener);
        return Objects.requireNonNull(listener);
    }

    private void say(RawTransport transport, Multiaddr address, String words) {
        RawConnection raw = Objects.requireNonNull(transport.dial(address).block(PATIENCE));
        keep(raw);
        raw.channel().writeAndFlush(Unpooled.copiedBuffer(words, StandardCharsets.US_ASCII));
    }

    private void keep(RawConnection raw) {
        synchronized (open) {
            open.add(raw);
        }
    }

    private String next() throws InterruptedException {
        return String.valueOf(heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }

    private static Socket socket(Listener listener) throws IOException {
        Socket socket =
                new Socket("127.0.0.1", listener.address().port(Protocol.TCP).orElseThrow());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }
}
