package io.reactivep2p.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.security.HandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whatever the first bytes of a connection are, at either end and with a good handshake before them or without: the layer above hears of
 * one refusal or of an open WebSocket, in time, is given no more than came, and nothing is left.
 */
class FirstBytesFuzzTest {

    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final int MAX_FRAME = 5_000;

    /** What a refusal with its headers comes to, at most; and a close frame. */
    private static final int MAX_ANSWER = 400;

    private static final byte[] REQUEST = ascii(opening(false).request());
    private static final byte[] ANSWER = ascii(answer());

    /** How an end is driven. */
    private record Case(boolean server, boolean greeted, boolean demand, int cut) {}

    @FuzzTest
    void anyFirstBytesEndInAWebSocketOrInARefusal(FuzzedDataProvider data) {
        Case way =
                new Case(data.consumeBoolean(), data.consumeBoolean(), data.consumeBoolean(), data.consumeInt(1, 300));
        check(way, data.consumeRemainingAsBytes());
    }

    @Test
    void randomFirstBytesEndInAWebSocketOrInARefusal() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try {
            for (int round = 0; round < 3_000; round++) {
                boolean server = random.nextBoolean();
                boolean greeted = random.nextBoolean();
                byte[] bytes = greeted ? frames(server, random) : damaged(server ? REQUEST : ANSWER, random);
                check(new Case(server, greeted, random.nextBoolean(), 1 + random.nextInt(200)), bytes);
            }
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    @Test
    void aGoodHandshakeOpensAWebSocket() {
        for (boolean server : new boolean[] {true, false}) {
            assertThat(check(new Case(server, true, true, 7), new byte[0]).active)
                    .isTrue();
        }
    }

    private static byte[] frames(boolean masked, Random random) {
        ByteBuf frames = Unpooled.buffer();
        for (int count = random.nextInt(6); count > 0; count--) {
            int length = random.nextInt(126);
            frames.writeByte(new int[] {0x82, 0x02, 0x80, 0x00, 0x89, 0x8a, 0x88, 0x81, 0xf2}[random.nextInt(9)]);
            frames.writeByte((masked == (random.nextInt(20) > 0) ? 0x80 : 0) + length);
            byte[] rest = new byte[(masked ? 4 : 0) + length];
            random.nextBytes(rest);
            frames.writeBytes(rest, 0, random.nextInt(10) == 0 ? random.nextInt(rest.length + 1) : rest.length);
        }
        return Arrays.copyOf(frames.array(), frames.readableBytes());
    }

    private static byte[] damaged(byte[] valid, Random random) {
        byte[] damaged = Arrays.copyOf(valid, valid.length - (random.nextInt(4) == 0 ? random.nextInt(90) : 0));
        for (int flips = random.nextInt(4); flips > 0; flips--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        return damaged;
    }

    private static Above check(Case way, byte[] bytes) {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.config().setAutoRead(false);
        channel.config().setAllocator(allocator);
        Above above = new Above(way.demand);
        channel.pipeline()
                .addLast(
                        new UpgradeHandler(
                                opening(way.server),
                                ctx -> null,
                                (ctx, behind) -> new WebSocketHandler(
                                        new FrameReader(way.server, MAX_FRAME),
                                        new FrameWriter(allocator, null),
                                        behind),
                                LIMIT),
                        above);
        channel.pipeline().fireChannelActive();

        byte[] input = way.greeted ? joined(way.server ? REQUEST : ANSWER, bytes) : bytes;
        for (int from = 0; from < input.length && channel.isOpen(); from += way.cut) {
            channel.writeInbound(
                    allocator.directBuffer().writeBytes(input, from, Math.min(way.cut, input.length - from)));
        }
        channel.advanceTimeBy(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();

        if (!above.active) {
            assertThat(channel.isOpen()).as("a handshake has its time").isFalse();
            assertThat(above.failure).isInstanceOf(HandshakeException.class).hasMessageStartingWith("websocket: ");
        } else if (above.failure != null) {
            assertThat(above.failure).isInstanceOf(ProtocolViolationException.class);
            assertThat(channel.isOpen()).isFalse();
        }
        assertThat(above.received).isLessThanOrEqualTo(bytes.length);
        assertThat(written(channel)).as("no amplifier").isLessThanOrEqualTo(MAX_ANSWER + input.length);
        channel.finishAndReleaseAll();
        assertThat(above.inactives).isEqualTo(1);
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
        return above;
    }

    private static int written(EmbeddedChannel channel) {
        int bytes = 0;
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            bytes += out.readableBytes();
            out.release();
        }
        return bytes;
    }

    private static Opening opening(boolean server) {
        return server ? new ServerOpening() : new ClientOpening("node.example", new byte[16]);
    }

    private static @Nullable String answer() {
        HttpHead request = new HttpHeadReader().read(Unpooled.wrappedBuffer(REQUEST));
        return new ServerOpening().onHead(request).send();
    }

    private static byte[] ascii(@Nullable String text) {
        assertThat(text).isNotNull();
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] joined(byte[] head, byte[] rest) {
        byte[] all = Arrays.copyOf(head, head.length + rest.length);
        System.arraycopy(rest, 0, all, head.length, rest.length);
        return all;
    }

    /** The layer above: it may ask for bytes or not, and what it hears must make sense. */
    private static final class Above extends ChannelInboundHandlerAdapter {

        private final boolean demand;
        private boolean active;
        private int inactives;
        private int received;
        private @Nullable Throwable failure;

        Above(boolean demand) {
            this.demand = demand;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            assertThat(active).as("active once").isFalse();
            assertThat(failure).isNull();
            active = true;
            if (demand) {
                ctx.read();
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            received += bytes.readableBytes();
            bytes.release();
            assertThat(active && demand && failure == null && inactives == 0).isTrue();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            assertThat(cause).isNotInstanceOf(ConnectionClosedException.class);
            assertThat(failure).as("one failure").isNull();
            failure = cause;
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            inactives++;
        }
    }
}
