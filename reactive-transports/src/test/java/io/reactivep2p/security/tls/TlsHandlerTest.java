package io.reactivep2p.security.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.UnsupportedMessageTypeException;
import io.reactivep2p.connection.ProtocolViolationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens to bytes after the handshake, with both engines. */
@ParameterizedClass
@EnumSource(TlsEngine.class)
class TlsHandlerTest {

    private static final int HEADER = 5;

    /** The type of the content, and the tag. */
    private static final int OVERHEAD = 1 + 16;

    private static final int MAX_PLAINTEXT = 16 * 1024;

    @Parameter
    private TlsEngine engine;

    private TlsPair pair;

    @BeforeEach
    void shakeHands() {
        pair = new TlsPair(Tls.create(spec -> spec.engine(engine))).pump();
        assertThat(pair.dialer.secured).isNotNull();
        assertThat(pair.listener.secured).isNotNull();
    }

    @AfterEach
    void everythingIsReleased() {
        pair.close();
    }

    @Test
    void bytesArriveInOrderHoweverTheyAreWrittenAndSplit() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            byte[] all = new byte[0];
            for (int writes = random.nextInt(6); writes >= 0; writes--) {
                byte[] bytes = new byte[random.nextInt(random.nextInt(4) == 0 ? 200_000 : 300)];
                random.nextBytes(bytes);
                int at = all.length;
                all = Arrays.copyOf(all, at + bytes.length);
                System.arraycopy(bytes, 0, all, at, bytes.length);
                pair.dialer.channel.write(
                        random.nextBoolean()
                                ? Unpooled.wrappedBuffer(bytes)
                                : pair.memory
                                        .allocator
                                        .directBuffer(Math.max(1, bytes.length))
                                        .writeBytes(bytes));
            }
            pair.dialer.channel.flush();
            byte[] wire = pair.dialer.sent();
            for (int from = 0; from < wire.length; ) {
                int to = Math.min(wire.length, from + 1 + random.nextInt(random.nextBoolean() ? 80_000 : 5_000));
                pair.listener.receive(Arrays.copyOfRange(wire, from, to));
                from = to;
            }
            assertThat(pair.listener.received()).as("seed %d", seed).isEqualTo(all);
        }
    }

    @Test
    void recordsOfALargeWriteAreFull() {
        pair.dialer.send(new byte[4 * MAX_PLAINTEXT + 1]);
        // The JDK pads each record with 16 zeros.
        int padding = engine == TlsEngine.JDK ? 16 : 0;
        int full = MAX_PLAINTEXT - (engine == TlsEngine.JDK ? padding + 1 : 0);
        int rest = 4 * MAX_PLAINTEXT + 1 - 4 * full;
        assertThat(recordLengths(pair.dialer.sent()).stream().map(length -> length - OVERHEAD - padding))
                .containsExactly(full, full, full, full, rest);
    }

    @Test
    void listenersFirstWriteBringsNoTickets() {
        pair.listener.send(new byte[10]);
        assertThat(recordLengths(pair.listener.sent())).hasSize(1);
    }

    @Test
    void writesWithoutAFlushCountAndAreNotSent() {
        EmbeddedChannel channel = pair.dialer.channel;
        for (int i = 0; i < 20 && channel.isWritable(); i++) {
            channel.write(Unpooled.wrappedBuffer(new byte[16_000]));
        }
        assertThat(channel.isWritable()).isFalse();
        assertThat(pair.dialer.sent()).isEmpty();
        channel.flush();
        assertThat(channel.isWritable()).isTrue();
        pair.pump();
        assertThat(pair.listener.received().length % 16_000).isZero();
    }

    /** Who does not ask is not read for: the wire fills up, and the peer's socket with it. */
    @Test
    void nothingIsReadForAReaderThatDoesNotAsk() {
        Reads reads = new Reads();
        EmbeddedChannel channel = pair.listener.channel;
        channel.config().setAutoRead(false);
        channel.pipeline().addFirst(reads);
        pair.dialer.send(new byte[100_000]);
        pair.listener.receive(pair.dialer.sent());
        assertThat(reads.count).isZero();
        assertThat(pair.listener.received()).hasSize(100_000);
        // All of what was read is handed up, and the rest of a record asked for only where nothing could be.
        pair.dialer.send(new byte[1_000]);
        byte[] record = pair.dialer.sent();
        pair.listener.receive(Arrays.copyOf(record, 500));
        assertThat(reads.count).isOne();
        assertThat(pair.listener.sent()).isEmpty();
        pair.listener.receive(Arrays.copyOfRange(record, 500, record.length));
        assertThat(reads.count).isOne();
        assertThat(pair.listener.received()).hasSize(1_000);
    }

    private static final class Reads extends ChannelOutboundHandlerAdapter {

        private int count;

        @Override
        public void read(ChannelHandlerContext ctx) {
            count++;
            ctx.read();
        }
    }

    /** Of a peer that sends without end to a reader that takes everything, nothing stays behind either. */
    @Test
    void nothingStaysBehindOfWhatHasPassed() {
        pair.dialer.send(new byte[100_000]);
        pair.pump();
        pair.listener.received();
        long before = pair.memory.used();
        for (int i = 0; i < 100; i++) {
            pair.dialer.send(new byte[100_000]);
            pair.pump();
            pair.listener.received();
        }
        assertThat(pair.memory.used()).isEqualTo(before);
    }

    @Test
    void promiseIsKeptWhenTheWriteIsOnTheWire() {
        EmbeddedChannel channel = pair.dialer.channel;
        ChannelFuture small = channel.write(Unpooled.wrappedBuffer(new byte[10]));
        ChannelFuture large = channel.write(Unpooled.wrappedBuffer(new byte[100_000]));
        ChannelFuture empty = channel.write(Unpooled.EMPTY_BUFFER);
        channel.write(Unpooled.wrappedBuffer(new byte[10]), channel.voidPromise());
        assertThat(small.isDone() || large.isDone() || empty.isDone()).isFalse();
        channel.flush();
        assertThat(small.isSuccess() && large.isSuccess() && empty.isSuccess()).isTrue();
        pair.pump();
        assertThat(pair.listener.received()).hasSize(100_020);
    }

    @Test
    void cancelledWriteDoesNotBreakTheConnection() {
        EmbeddedChannel channel = pair.dialer.channel;
        ChannelPromise cancelled = channel.newPromise();
        cancelled.cancel(false);
        channel.write(Unpooled.wrappedBuffer(new byte[] {1}), cancelled);
        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {2}));
        pair.pump();
        assertThat(pair.listener.received()).endsWith(2);
        assertThat(pair.listener.failures).isEmpty();
    }

    @Test
    void pendingWritesFailWhenTheConnectionIsGone() {
        ChannelFuture pending =
                pair.dialer.channel.write(pair.memory.allocator.directBuffer().writeInt(1));
        pair.dialer.channel.pipeline().firstContext().close();
        pair.dialer.channel.runPendingTasks();
        assertThat(pending.isDone()).isTrue();
        assertThat(pair.dialer
                        .channel
                        .writeAndFlush(pair.memory.allocator.directBuffer().writeInt(1))
                        .cause())
                .isNotNull();
    }

    @Test
    void otherMessagesThanBuffersAreRefused() {
        ChannelFuture refused = pair.dialer.channel.writeAndFlush("text");
        assertThat(refused.cause()).isInstanceOf(UnsupportedMessageTypeException.class);
    }

    @Test
    void tamperedRecordClosesTheConnectionAtOnce() {
        pair.dialer.send(new byte[] {1});
        pair.pump();
        pair.dialer.send(new byte[1_000]);
        byte[] wire = pair.dialer.sent();
        wire[500] ^= 1;
        pair.listener.receive(wire);
        assertClosedForViolation(1);
        assertThat(recordLengths(pair.listener.sent())).as("an alert").hasSize(1);
    }

    @Test
    void nothingBehindATamperedRecordIsDelivered() {
        pair.dialer.send(new byte[] {1});
        pair.pump();
        pair.dialer.send(new byte[1_000]);
        pair.dialer.send(new byte[1_000]);
        byte[] wire = pair.dialer.sent();
        wire[500] ^= 1;
        pair.listener.receive(wire);
        assertClosedForViolation(1);
    }

    @Test
    void replayedRecordClosesTheConnection() {
        pair.dialer.send(new byte[] {1});
        byte[] wire = pair.dialer.sent();
        pair.listener.receive(wire);
        pair.listener.receive(wire);
        assertClosedForViolation(1);
    }

    @Test
    void recordThatIsTooLongClosesTheConnection() {
        pair.dialer.send(new byte[] {1});
        pair.listener.receive(pair.dialer.sent());
        // BoringSSL judges the header. The JDK waits for the end, which is 64 KiB away at most.
        byte[] record = new byte[engine == TlsEngine.JDK ? HEADER + 0xffff : 2 * HEADER];
        record[0] = 23;
        record[1] = 3;
        record[2] = 3;
        record[3] = (byte) 0xff;
        record[4] = (byte) 0xff;
        pair.listener.receive(record);
        assertClosedForViolation(1);
    }

    private void assertClosedForViolation(int delivered) {
        assertThat(pair.listener.failures).singleElement().isInstanceOf(ProtocolViolationException.class);
        assertThat(pair.listener.channel.isOpen()).isFalse();
        assertThat(pair.listener.received()).hasSize(delivered);
    }

    @Test
    void goodbyeOfThePeerEndsTheConnection() {
        pair.dialer.send(new byte[] {1});
        pair.dialer.channel.close();
        pair.listener.receive(pair.dialer.sent());
        assertThat(pair.listener.received()).containsExactly(1);
        assertThat(pair.listener.channel.isOpen()).isFalse();
        assertThat(pair.listener.failures).isEmpty();
    }

    @Test
    void connectionThatEndsWithoutAGoodbyeEndsQuietly() {
        pair.dialer.send(new byte[1_000]);
        byte[] wire = pair.dialer.sent();
        pair.listener.receive(Arrays.copyOf(wire, 500));
        pair.listener.channel.pipeline().firstContext().close();
        pair.listener.channel.runPendingTasks();
        assertThat(pair.listener.received()).isEmpty();
        assertThat(pair.listener.channel.isOpen()).isFalse();
        assertThat(pair.listener.failures).isEmpty();
    }

    private static List<Integer> recordLengths(byte[] wire) {
        List<Integer> lengths = new ArrayList<>();
        int at = 0;
        while (at < wire.length) {
            int length = (wire[at + 3] & 0xff) << 8 | wire[at + 4] & 0xff;
            lengths.add(length);
            at += HEADER + length;
        }
        assertThat(at).isEqualTo(wire.length);
        return lengths;
    }
}
