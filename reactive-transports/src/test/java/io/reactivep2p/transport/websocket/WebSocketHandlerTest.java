package io.reactivep2p.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ProtocolViolationException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A listener's end of an open WebSocket. What the dialer sends is written in hex, masked with zeros. */
class WebSocketHandlerTest {

    private static final int MAX_FRAME = 1 << 20;
    private static final String NO_MASK = "00000000";

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final Socket socket = new Socket();
    private final Above above = new Above();
    private final EmbeddedChannel channel = new EmbeddedChannel();

    @AfterEach
    void nothingIsLeft() {
        channel.finishAndReleaseAll();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    @Test
    void nothingGoesUpBeforeItIsAskedFor() {
        open(buffer("8285" + NO_MASK + hex("Hello")));
        receive("8281" + NO_MASK + hex("!"));
        assertThat(above.text()).isEmpty();

        channel.pipeline().read();
        assertThat(above.text()).isEmpty();
        channel.runPendingTasks();
        assertThat(above.text()).isEqualTo("Hello!");
    }

    @Test
    void whatIsHeldIsReleasedWhenTheChannelCloses() {
        open(buffer("8285" + NO_MASK + hex("Hello")));
        channel.pipeline().read();
        channel.pipeline().close();
        channel.runPendingTasks();
        assertThat(above.text()).isEmpty();
    }

    @Test
    void aReadThatGaveNothingToThoseAboveIsRepeated() {
        open(null);
        channel.pipeline().read();
        socket.reads = 0;
        receive("8A80" + NO_MASK); // a pong
        assertThat(socket.reads).isEqualTo(1);
        receive("82"); // half a header
        assertThat(socket.reads).isEqualTo(2);
        receive("81" + NO_MASK + hex("x"));
        assertThat(socket.reads).as("demand is met").isEqualTo(2);
        assertThat(above.text()).isEqualTo("x");
    }

    @Test
    void writesBecomeFramesAndPromisesAreKept() {
        open(null);
        byte[] large = new byte[WebSocketHandler.MAX_CHUNK * 2 + 5];
        new Random(1).nextBytes(large);
        ChannelFuture small = channel.writeAndFlush(data("Hello".getBytes(StandardCharsets.US_ASCII)));
        ChannelFuture whole = channel.writeAndFlush(data(large));
        ChannelFuture empty = channel.writeAndFlush(data(new byte[0]));
        assertThat(small.isSuccess() && whole.isSuccess() && empty.isSuccess()).isTrue();

        FrameReaderTest.Read read = new FrameReaderTest.Read(false, MAX_FRAME);
        read.take(sent());
        byte[] expected = Arrays.copyOf("Hello".getBytes(StandardCharsets.US_ASCII), 5 + large.length);
        System.arraycopy(large, 0, expected, 5, large.length);
        assertThat(read.data.toByteArray()).isEqualTo(expected);
    }

    @Test
    void theDialersEndMasksWhatItWrites() {
        byte[] large = new byte[WebSocketHandler.MAX_CHUNK + 1];
        new Random(2).nextBytes(large);
        byte[] original = large.clone();
        channel.pipeline()
                .addLast(
                        socket,
                        new WebSocketHandler(
                                new FrameReader(false, MAX_FRAME),
                                new FrameWriter(allocator, new MaskingKeys(new SecureRandom())),
                                null));
        channel.writeAndFlush(Unpooled.wrappedBuffer(large));
        FrameReaderTest.Read read = new FrameReaderTest.Read(true, MAX_FRAME);
        read.take(sent());
        assertThat(read.data.toByteArray()).isEqualTo(original).isEqualTo(large);
    }

    @Test
    void aPingIsAnsweredWithItsPayload() {
        open(null);
        channel.pipeline().read();
        receive("8983" + NO_MASK + hex("abc"));
        assertThat(ByteBufUtil.hexDump(sent())).isEqualTo("8a03" + hex("abc"));
    }

    @Test
    void aFloodOfPingsThatNobodyTakesTheAnswersOfFillsNoMemory() {
        open(null);
        channel.pipeline().read();
        socket.stopped = true;
        for (int i = 0; i < 10_000; i++) {
            receive("8982" + NO_MASK + String.format("%04x", i));
        }
        assertThat(socket.stalled).hasSize(1);
        assertThat(allocator.metric().usedDirectMemory()).isLessThan(1_000);

        socket.letGo(channel);
        assertThat(ByteBufUtil.hexDump(sent())).as("first and last").isEqualTo("8a020000" + "8a02270f");
    }

    @Test
    void closingSaysSoAndClosesWhenThatHasLeft() {
        open(null);
        ChannelFuture closed = channel.pipeline().close();
        assertThat(closed.isSuccess()).isTrue();
        assertThat(ByteBufUtil.hexDump(sent())).isEqualTo("880203e8");
        assertThat(above.inactive).isTrue();
    }

    @Test
    void aCloseThatNobodyTakesHasItsTimeOnly() {
        open(null);
        socket.stopped = true;
        channel.writeAndFlush(data(new byte[100]));
        ChannelFuture closed = channel.pipeline().close();
        ChannelFuture again = channel.pipeline().close();
        assertThat(closed.isDone()).isFalse();
        channel.advanceTimeBy(WebSocketHandler.CLOSE_TIME.toMillis() - 1, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(closed.isSuccess()).isTrue();
        assertThat(again.isSuccess()).isTrue();
        assertThat(channel.isOpen()).isFalse();
        socket.drop();
    }

    @Test
    void aCloseFrameIsAnsweredBehindTheDataBeforeIt() {
        open(null);
        channel.pipeline().read();
        receive("8281" + NO_MASK + hex("x") + "8882" + NO_MASK + "0fa1" + "8281" + NO_MASK + hex("y"));
        assertThat(above.text()).as("nothing that came behind it").isEqualTo("x");
        assertThat(ByteBufUtil.hexDump(sent())).isEqualTo("88020fa1");
        assertThat(channel.isOpen()).isFalse();
        assertThat(above.failures).isEmpty();
    }

    @Test
    void aCloseFrameWithoutACodeGetsOneWithout() {
        open(null);
        channel.pipeline().read();
        receive("8880" + NO_MASK);
        assertThat(ByteBufUtil.hexDump(sent())).isEqualTo("8800");
    }

    @Test
    void aBrokenRuleIsToldToBothSides() {
        for (String[] broken : new String[][] {
            {"8205" + hex("Hello"), "03ea", "not masked"},
            {"8185" + NO_MASK + hex("Hello"), "03eb", "text"},
            {"82ff" + "0000000000100001" + NO_MASK, "03f1", "1048577 bytes"}
        }) {
            EmbeddedChannel own = new EmbeddedChannel();
            Above seen = new Above();
            own.pipeline().addLast(server(null), seen);
            own.pipeline().read();
            own.writeInbound(buffer(broken[0]));
            ByteBuf told = own.readOutbound();
            assertThat(ByteBufUtil.hexDump(told)).isEqualTo("8802" + broken[1]);
            told.release();
            assertThat(seen.failures)
                    .singleElement()
                    .isInstanceOf(ProtocolViolationException.class)
                    .extracting(Throwable::getMessage)
                    .asString()
                    .startsWith("websocket: ")
                    .contains(broken[2]);
            assertThat(own.isOpen()).isFalse();
            own.finishAndReleaseAll();
        }
    }

    @Test
    void nothingIsWrittenBehindTheCloseFrame() {
        open(null);
        socket.stopped = true;
        channel.pipeline().close();
        ChannelFuture late = channel.writeAndFlush(data(new byte[10]));
        assertThat(late.cause()).isInstanceOf(ConnectionClosedException.class);
        socket.letGo(channel);
        assertThat(ByteBufUtil.hexDump(sent())).isEqualTo("880203e8");
    }

    @Test
    void theEndOfTlsIsTheEnd() {
        open(null);
        channel.pipeline().fireUserEventTriggered(SslCloseCompletionEvent.SUCCESS);
        assertThat(channel.isOpen()).isFalse();
        assertThat(above.inactive).isTrue();
    }

    private void open(@Nullable ByteBuf behind) {
        channel.freezeTime();
        channel.config().setAutoRead(false);
        channel.pipeline().addLast(socket, server(behind), above);
    }

    private WebSocketHandler server(@Nullable ByteBuf behind) {
        return new WebSocketHandler(new FrameReader(true, MAX_FRAME), new FrameWriter(allocator, null), behind);
    }

    private void receive(String hex) {
        channel.writeInbound(buffer(hex));
    }

    private ByteBuf buffer(String hex) {
        return data(ByteBufUtil.decodeHexDump(hex));
    }

    private ByteBuf data(byte[] bytes) {
        return allocator.directBuffer(Math.max(1, bytes.length)).writeBytes(bytes);
    }

    private byte[] sent() {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf one = channel.readOutbound(); one != null; one = channel.readOutbound()) {
            all.writeBytes(one);
            one.release();
        }
        return ByteBufUtil.getBytes(all);
    }

    private static String hex(String text) {
        return ByteBufUtil.hexDump(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Stands for the socket: counts reads, and can take nothing for a while. */
    private static final class Socket extends ChannelOutboundHandlerAdapter {

        private record Write(Object message, ChannelPromise promise) {}

        final List<Write> stalled = new ArrayList<>();
        boolean stopped;
        int reads;

        @Override
        public void read(ChannelHandlerContext ctx) {
            reads++;
            ctx.read();
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            if (stopped) {
                stalled.add(new Write(message, promise));
            } else {
                ctx.write(message, promise);
            }
        }

        void letGo(EmbeddedChannel channel) {
            stopped = false;
            List<Write> now = List.copyOf(stalled);
            stalled.clear();
            ChannelHandlerContext ctx = channel.pipeline().context(this);
            now.forEach(write -> ctx.writeAndFlush(write.message(), write.promise()));
        }

        void drop() {
            stalled.forEach(write -> ReferenceCountUtil.release(write.message()));
        }
    }

    /** The layer above. */
    private static final class Above extends ChannelInboundHandlerAdapter {

        private final StringBuilder text = new StringBuilder();
        final List<Throwable> failures = new ArrayList<>();
        boolean inactive;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            text.append(bytes.toString(StandardCharsets.US_ASCII));
            bytes.release();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            inactive = true;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failures.add(cause);
        }

        String text() {
            return text.toString();
        }
    }
}
