package io.reactivep2p.security.pnet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.UnsupportedMessageTypeException;
import io.reactivep2p.connection.ConnectionClosedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PrivateNetworkHandlerTest {

    private static final JsonNode WIRE = Vectors.named("wire image of one direction");
    private static final PreSharedKey KEY = PreSharedKey.of(Vectors.bytes(WIRE, "key"));
    private static final byte[] NONCE = Vectors.bytes(WIRE, "nonce");
    private static final byte[] PLAINTEXT = Vectors.bytes(WIRE, "plaintext");
    private static final byte[] CIPHERTEXT = Vectors.bytes(WIRE, "wire");

    private final List<ByteBuf> buffers = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final EmbeddedChannel channel = channel();

    private EmbeddedChannel channel() {
        EmbeddedChannel made = new EmbeddedChannel(new PrivateNetworkHandler(KEY, NONCE));
        made.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                failures.add(cause);
            }
        });
        return made;
    }

    @AfterEach
    void everythingIsReleased() {
        channel.close();
        channel.finishAndReleaseAll();
        assertThat(buffers).allMatch(buffer -> buffer.refCnt() == 0);
    }

    @Test
    void theNonceGoesOutAtOnceAndBeforeAnythingElse() {
        assertThat(sent(channel)).isEqualTo(NONCE);
        channel.writeAndFlush(bytes(PLAINTEXT));
        assertThat(concat(NONCE, sent(channel))).isEqualTo(CIPHERTEXT);
    }

    @Test
    void theKeystreamGoesOnFromWriteToWrite() {
        Random random = new Random(1);
        byte[] plaintext = new byte[100_000];
        random.nextBytes(plaintext);
        byte[] expected = plaintext.clone();
        KEY.cipher(NONCE).apply(expected, 0, expected.length);
        sent(channel);
        for (int at = 0; at < plaintext.length; ) {
            int to = Math.min(plaintext.length, at + 2 + random.nextInt(5_000));
            channel.write(kind(random.nextInt(3), Arrays.copyOfRange(plaintext, at, to)));
            at = to;
        }
        channel.flush();
        assertThat(sent(channel)).isEqualTo(expected);
    }

    private ByteBuf kind(int kind, byte[] content) {
        int middle = content.length / 2;
        return kept(
                switch (kind) {
                    case 0 -> channel.alloc().directBuffer(content.length + 1).writeBytes(content);
                    case 1 -> Unpooled.wrappedBuffer(content);
                    default ->
                        Unpooled.wrappedBuffer(
                                Unpooled.wrappedBuffer(content, 0, middle),
                                Unpooled.wrappedBuffer(content, middle, content.length - middle));
                });
    }

    @Test
    void theRemoteNonceMayComeInAnyPieces() {
        for (int first = 0; first <= CIPHERTEXT.length; first++) {
            for (int second = first; second <= CIPHERTEXT.length; second++) {
                EmbeddedChannel other = new EmbeddedChannel(new PrivateNetworkHandler(KEY, new byte[24]));
                other.writeInbound(bytes(Arrays.copyOfRange(CIPHERTEXT, 0, first)));
                other.writeInbound(bytes(Arrays.copyOfRange(CIPHERTEXT, first, second)));
                other.writeInbound(bytes(Arrays.copyOfRange(CIPHERTEXT, second, CIPHERTEXT.length)));
                assertThat(received(other))
                        .as("cut at %d and %d", first, second)
                        .isEqualTo(PLAINTEXT);
                other.finishAndReleaseAll();
            }
        }
    }

    @Test
    void nothingGoesUpBeforeTheByteBehindTheNonce() {
        channel.writeInbound(bytes(Arrays.copyOf(CIPHERTEXT, 24)));
        assertThat(channel.inboundMessages()).isEmpty();
        channel.writeInbound(bytes(new byte[0]));
        assertThat(channel.inboundMessages()).isEmpty();
        channel.writeInbound(bytes(new byte[] {CIPHERTEXT[24]}));
        assertThat(received(channel)).containsExactly(PLAINTEXT[0]);
    }

    @Test
    void whoAskedForBytesGetsSomeThoughOnlyTheNonceCame() {
        int[] reads = {0};
        channel.config().setAutoRead(false);
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void read(ChannelHandlerContext ctx) {
                reads[0]++;
                ctx.read();
            }
        });
        channel.writeInbound(bytes(Arrays.copyOf(CIPHERTEXT, 10)));
        assertThat(reads[0]).isOne();
        channel.writeInbound(bytes(Arrays.copyOfRange(CIPHERTEXT, 10, 24)));
        assertThat(reads[0]).isEqualTo(2);
        channel.writeInbound(bytes(Arrays.copyOfRange(CIPHERTEXT, 24, CIPHERTEXT.length)));
        assertThat(reads[0]).as("not asked again").isEqualTo(2);
        assertThat(received(channel)).isEqualTo(PLAINTEXT);
    }

    @Test
    void whatIsWrittenOrReadStaysAsItWasForWhoKeptIt() {
        ByteBuf constant = Unpooled.copiedBuffer("/multistream", StandardCharsets.US_ASCII);
        channel.writeAndFlush(constant.retainedDuplicate());
        channel.writeInbound(bytes(NONCE), constant.retainedDuplicate());
        assertThat(constant.toString(StandardCharsets.US_ASCII)).isEqualTo("/multistream");
        constant.release();
    }

    @Test
    void whatItMakesHasNoRoomForRecycledBytes() {
        channel.writeInbound(bytes(CIPHERTEXT));
        ByteBuf plaintext = channel.readInbound();
        assertThat(plaintext.maxCapacity()).isEqualTo(PLAINTEXT.length);
        plaintext.release();
    }

    @Test
    void writabilityIsTheSockets() {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1_000, 2_000));
        sent(channel);
        for (int i = 0; i < 10 && channel.isWritable(); i++) {
            channel.write(bytes(new byte[500]));
        }
        assertThat(channel.isWritable()).isFalse();
        channel.flush();
        assertThat(channel.isWritable()).isTrue();
    }

    @Test
    void promisesAreTheWriters() {
        ChannelFuture done = channel.writeAndFlush(bytes(PLAINTEXT));
        assertThat(done.isSuccess()).isTrue();
        channel.writeAndFlush(bytes(PLAINTEXT), channel.voidPromise());
        assertThat(failures).isEmpty();
    }

    @Test
    void aWriteCancelledBeforeItsTurnSpendsNoKeystreamAndALaterCancelChangesNothing() {
        sent(channel);
        ChannelPromise early = channel.newPromise();
        early.cancel(false);
        channel.write(bytes(new byte[10]), early);
        ChannelPromise late = channel.newPromise();
        channel.write(bytes(PLAINTEXT), late);
        assertThat(late.cancel(false)).isFalse();
        channel.flush();
        assertThat(concat(NONCE, sent(channel))).isEqualTo(CIPHERTEXT);
    }

    @Test
    void otherMessagesThanBuffersAreRefused() {
        assertThat(channel.writeAndFlush("text").cause()).isInstanceOf(UnsupportedMessageTypeException.class);
    }

    @Test
    void eventsOfTheChannelGoUp() {
        Object event = new Object();
        channel.writeInbound(event);
        assertThat((Object) channel.readInbound()).isSameAs(event);
    }

    @Test
    void bytesThatFindNoMemoryAreTheLastOnesOut() {
        channel.config().setAllocator(new NoMemory());
        ChannelFuture lost = channel.writeAndFlush(bytes(PLAINTEXT));
        ChannelFuture after = channel.writeAndFlush(bytes(PLAINTEXT));
        assertThat(lost.cause()).isSameAs(NoMemory.ERROR);
        assertThat(after.cause()).isNotNull();
        assertThat(channel.isOpen()).isFalse();
        assertThat(failures).first().isInstanceOfSatisfying(ConnectionClosedException.class, e -> assertThat(e)
                .hasCause(NoMemory.ERROR));
    }

    @Test
    void bytesThatFindNoMemoryAreTheLastOnesIn() {
        channel.writeInbound(bytes(NONCE));
        channel.config().setAllocator(new NoMemory());
        channel.writeInbound(bytes(new byte[5]));
        assertThat(channel.inboundMessages()).isEmpty();
        assertThat(channel.isOpen()).isFalse();
        assertThat(failures).singleElement().isInstanceOf(ConnectionClosedException.class);
    }

    private static final class NoMemory extends AbstractByteBufAllocator {

        static final OutOfMemoryError ERROR = new OutOfMemoryError("on purpose");

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            throw ERROR;
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            throw ERROR;
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }

    private ByteBuf bytes(byte[] content) {
        return kept(Unpooled.buffer(1 + content.length).writeBytes(content));
    }

    private ByteBuf kept(ByteBuf buffer) {
        buffers.add(buffer);
        return buffer;
    }

    private static byte[] sent(EmbeddedChannel from) {
        byte[] all = {};
        for (ByteBuf part = from.readOutbound(); part != null; part = from.readOutbound()) {
            all = taken(all, part);
        }
        return all;
    }

    private static byte[] received(EmbeddedChannel from) {
        byte[] all = {};
        for (ByteBuf part = from.readInbound(); part != null; part = from.readInbound()) {
            all = taken(all, part);
        }
        return all;
    }

    private static byte[] taken(byte[] before, ByteBuf part) {
        byte[] bytes = new byte[part.readableBytes()];
        part.readBytes(bytes);
        part.release();
        return concat(before, bytes);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
