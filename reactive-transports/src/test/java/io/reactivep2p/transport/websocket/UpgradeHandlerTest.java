package io.reactivep2p.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.reactivep2p.security.HandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The handshake in memory; bytes move only when a test says so. */
class UpgradeHandlerTest {

    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final End client = new End(new ClientOpening("node.example", new byte[16]), false);
    private final End server = new End(new ServerOpening(), true);

    @AfterEach
    void nothingIsLeft() {
        client.channel.finishAndReleaseAll();
        server.channel.finishAndReleaseAll();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    @Test
    void bothEndsOpenWhereverTheBytesAreCut() {
        String request = client.sent();
        for (int i = 0; i < request.length(); i++) {
            assertThat(server.events).isEmpty();
            server.receive(request.substring(i, i + 1));
        }
        assertThat(server.events).containsExactly("active");
        String answer = server.sent();
        assertThat(answer).startsWith("HTTP/1.1 101 ");
        client.receive(answer.substring(0, 20));
        assertThat(client.events).isEmpty();
        client.receive(answer.substring(20));
        assertThat(client.events).containsExactly("active");
        assertThat(client.channel.pipeline().get(UpgradeHandler.class)).isNull();
        assertThat(client.channel.pipeline().get(WebSocketHandler.class)).isNotNull();
    }

    @Test
    void framesBehindTheHandshakeAreNotLost() {
        server.receive(client.sent() + "\u0082\u0081\0\0\0\0x");
        assertThat(server.events).containsExactly("active");
        server.channel.pipeline().read();
        server.channel.runPendingTasks();
        assertThat(server.events).containsExactly("active", "x");
        client.receive(server.sent() + "\u0082\u0001y");
        client.channel.pipeline().read();
        client.channel.runPendingTasks();
        assertThat(client.events).containsExactly("active", "y");
    }

    @Test
    void aRefusedRequestGetsItsAnswerAndTheChannelCloses() {
        server.receive("POST / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(server.sent()).startsWith("HTTP/1.1 405 Method Not Allowed\r\n");
        assertThat(server.channel.isOpen()).isFalse();
        server.failedWith("websocket: a request that is no GET");
    }

    @Test
    void whatIsNoHttpGetsAnAnswerToo() {
        server.receive("\u0013/multistream/1.0.0\n");
        assertThat(server.sent()).startsWith("HTTP/1.1 400 ");
        server.failedWith("websocket: a head that begins with byte 19");
    }

    @Test
    void endlessHeadersAreCutOff() {
        server.receive("GET / HTTP/1.1\r\n");
        int fed = 0;
        while (server.channel.isOpen() && fed < 1 << 20) {
            server.receive("X: " + "y".repeat(995) + "\r\n");
            fed += 1_000;
        }
        assertThat(fed).isLessThanOrEqualTo(HttpHeadReader.MAX_BYTES + 1_000);
        assertThat(server.sent()).startsWith("HTTP/1.1 431 ");
        server.failedWith("websocket: more than 16384 bytes of head");
    }

    @Test
    void aHandshakeHasItsTime() {
        server.receive("GET / HTTP/1.1\r\n");
        for (End end : List.of(client, server)) {
            end.channel.advanceTimeBy(LIMIT.toMillis() - 1, TimeUnit.MILLISECONDS);
            end.channel.runScheduledPendingTasks();
            assertThat(end.channel.isOpen()).isTrue();
            end.channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
            end.channel.runScheduledPendingTasks();
            assertThat(end.channel.isOpen()).isFalse();
            end.failedWith("websocket: not done within 15000 ms");
        }
    }

    @Test
    void anOpenWebSocketHasNoTimer() {
        server.receive(client.sent());
        client.receive(server.sent());
        for (End end : List.of(client, server)) {
            end.channel.advanceTimeBy(LIMIT.toMillis() * 2, TimeUnit.MILLISECONDS);
            assertThat(end.channel.runScheduledPendingTasks()).isEqualTo(-1);
            assertThat(end.channel.isOpen()).isTrue();
        }
    }

    @Test
    void aCutHandshakeSaysWhatWasAwaited() {
        server.receive("GET / HTT");
        for (End end : List.of(client, server)) {
            end.channel.close();
            end.failedWith("websocket: closed before HTTP was done");
        }
    }

    @Test
    void anAnswerThatIsNoneEndsTheDial() {
        client.receive("SSH-2.0-OpenSSH_9.6\r\n\r\n");
        client.failedWith("websocket: the answer is not HTTP/1.1: SSH-2.0-OpenSSH_9.6");
        assertThat(client.channel.isOpen()).isFalse();
    }

    @Test
    void aBrokenSocketEndsTheHandshake() {
        client.channel.pipeline().fireExceptionCaught(new java.io.IOException("reset by the test"));
        client.failedWith("websocket: reset by the test");
    }

    @Test
    void aTlsThatCannotBeginEndsTheHandshake() {
        EmbeddedChannel channel = new EmbeddedChannel();
        List<String> events = new ArrayList<>();
        channel.pipeline()
                .addLast(
                        new UpgradeHandler(
                                new ServerOpening(),
                                ctx -> {
                                    throw new IllegalStateException("no engine");
                                },
                                (ctx, behind) -> {
                                    throw new AssertionError();
                                },
                                LIMIT),
                        new Above(events));
        channel.pipeline().fireChannelActive();
        assertThat(events).containsExactly("websocket: TLS cannot begin: no engine", "inactive");
    }

    private final class End {

        final List<String> events = new ArrayList<>();
        final EmbeddedChannel channel = new EmbeddedChannel();

        End(Opening opening, boolean fromClient) {
            channel.freezeTime();
            channel.config().setAutoRead(false);
            channel.config().setAllocator(allocator);
            channel.pipeline()
                    .addLast(
                            new UpgradeHandler(
                                    opening, ctx -> null, (ctx, behind) -> frames(fromClient, behind), LIMIT),
                            new Above(events));
            channel.pipeline().fireChannelActive();
        }

        private WebSocketHandler frames(boolean fromClient, @Nullable ByteBuf behind) {
            return new WebSocketHandler(new FrameReader(fromClient, 1_000), new FrameWriter(allocator, null), behind);
        }

        void receive(String text) {
            channel.writeInbound(
                    allocator.directBuffer(text.length()).writeBytes(text.getBytes(StandardCharsets.ISO_8859_1)));
        }

        String sent() {
            StringBuilder all = new StringBuilder();
            for (ByteBuf one = channel.readOutbound(); one != null; one = channel.readOutbound()) {
                all.append(one.toString(StandardCharsets.ISO_8859_1));
                one.release();
            }
            return all.toString();
        }

        void failedWith(String message) {
            assertThat(events).first().isEqualTo(message);
            assertThat(events).doesNotContain("active");
        }
    }

    /** The layer above: what it is told, in words. */
    private static final class Above extends ChannelInboundHandlerAdapter {

        private final List<String> events;

        Above(List<String> events) {
            this.events = events;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            events.add("active");
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            events.add(bytes.toString(StandardCharsets.US_ASCII));
            bytes.release();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            events.add("inactive");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            assertThat(cause).isInstanceOf(HandshakeException.class);
            events.add(String.valueOf(cause.getMessage()));
        }
    }
}
