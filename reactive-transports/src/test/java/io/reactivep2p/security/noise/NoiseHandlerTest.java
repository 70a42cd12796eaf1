package io.reactivep2p.security.noise;

import static io.reactivep2p.security.noise.RemoteEnd.flipped;
import static io.reactivep2p.security.noise.RemoteEnd.joined;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.UnsupportedMessageTypeException;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ProtocolViolationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The transport phase. */
class NoiseHandlerTest {

    private final Noise noise = Noise.create(spec -> spec.engine(AeadEngine.JDK));
    private final NoisePair pair = new NoisePair(noise).pump();

    @AfterEach
    void everythingIsReleased() {
        pair.close();
    }

    @Test
    void aFrameThatFindsNoMemoryIsTheLastOne() {
        OutOfMemoryError noMemory = new OutOfMemoryError("on purpose");
        pair.initiator.channel.config().setAllocator(new AbstractByteBufAllocator() {
            @Override
            protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
                throw noMemory;
            }

            @Override
            protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
                throw noMemory;
            }

            @Override
            public boolean isDirectBufferPooled() {
                return false;
            }
        });

        // Its nonce is spent: a frame sent after it would not decrypt at the other end.
        ChannelFuture lost = pair.initiator.channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[10]));
        ChannelFuture after = pair.initiator.channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[10]));

        assertThat(lost.cause()).isInstanceOf(ConnectionClosedException.class).hasCause(noMemory);
        assertThat(after.cause()).isNotNull();
        assertThat(pair.initiator.channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(AeadEngine.class)
    void bytesArriveInOrderHoweverTheyAreWrittenAndSplit(AeadEngine engine) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (NoisePair any = new NoisePair(Noise.create(spec -> spec.engine(engine))).pump()) {
            ByteBuf expected = Unpooled.buffer();
            ByteBuf actual = Unpooled.buffer();
            for (int round = 0; round < 40; round++) {
                for (int writes = random.nextInt(6); writes >= 0; writes--) {
                    byte[] bytes = new byte[random.nextInt(random.nextInt(4) == 0 ? 200_000 : 300)];
                    random.nextBytes(bytes);
                    expected.writeBytes(bytes);
                    any.initiator.channel.write(buffer(any, bytes, random.nextInt(3)));
                }
                any.initiator.channel.flush();
                byte[] wire = any.initiator.sent();
                for (int from = 0; from < wire.length; ) {
                    int to = Math.min(wire.length, from + 1 + random.nextInt(random.nextBoolean() ? 80_000 : 5_000));
                    any.responder.receive(wire, from, to);
                    from = to;
                }
                actual.writeBytes(any.responder.received());
            }
            assertThat(actual).as("seed %d", seed).isEqualTo(expected);
        }
    }

    private static ByteBuf buffer(NoisePair pair, byte[] bytes, int kind) {
        return switch (kind) {
            case 0 -> pair.allocator.directBuffer(Math.max(1, bytes.length)).writeBytes(bytes);
            case 1 -> Unpooled.wrappedBuffer(bytes);
            default ->
                Unpooled.wrappedBuffer(
                        Unpooled.wrappedBuffer(bytes, 0, bytes.length / 2),
                        Unpooled.wrappedBuffer(bytes, bytes.length / 2, bytes.length - bytes.length / 2));
        };
    }

    @Test
    void framesAreFilledToTheLimit() {
        pair.initiator.send(new byte[2 * Noise.MAX_PLAINTEXT + 1]);
        assertThat(frameLengths(pair.initiator.sent())).containsExactly(65_535, 65_535, 17);
    }

    @Test
    void smallWritesShareAFrame() {
        for (int i = 0; i < 100; i++) {
            pair.initiator.channel.write(Unpooled.wrappedBuffer(new byte[12]));
        }
        assertThat(pair.initiator.sent()).isEmpty();
        pair.initiator.channel.flush();
        assertThat(frameLengths(pair.initiator.sent())).containsExactly(1_216);
    }

    @Test
    void fullFramesDoNotWaitForTheFlush() {
        // So that the channel counts them, and becomes unwritable before a careless writer fills the heap.
        EmbeddedChannel channel = pair.initiator.channel;
        for (int i = 0; i < 20 && channel.isWritable(); i++) {
            channel.write(Unpooled.wrappedBuffer(new byte[16_000]));
        }
        assertThat(channel.isWritable()).isFalse();
        channel.flush();
        assertThat(channel.isWritable()).isTrue();
        pair.pump();
    }

    @Test
    void promiseIsKeptWhenTheFrameWithTheLastByteIsWritten() {
        HeldWrites held = new HeldWrites();
        EmbeddedChannel channel = pair.initiator.channel;
        channel.pipeline().addFirst(held);
        ChannelFuture small = channel.write(Unpooled.wrappedBuffer(new byte[10]));
        ChannelFuture large = channel.write(Unpooled.wrappedBuffer(new byte[Noise.MAX_PLAINTEXT]));
        ChannelFuture empty = channel.write(Unpooled.EMPTY_BUFFER);
        ChannelFuture last = channel.write(Unpooled.wrappedBuffer(new byte[10]));
        channel.flush();
        assertThat(held.promises).hasSize(2);
        assertThat(small.isDone()).isFalse();
        held.complete(0);
        assertThat(small.isSuccess()).isTrue();
        assertThat(large.isDone() || empty.isDone() || last.isDone()).isFalse();
        held.complete(1);
        assertThat(large.isSuccess() && empty.isSuccess() && last.isSuccess()).isTrue();
    }

    @Test
    void emptyWriteCostsNoFrameAndKeepsItsPromise() {
        ChannelFuture empty = pair.initiator.channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
        assertThat(empty.isSuccess()).isTrue();
        assertThat(pair.initiator.sent()).isEmpty();
    }

    @Test
    void failedFrameFailsEveryWriteThatEndsInIt() {
        HeldWrites held = new HeldWrites();
        EmbeddedChannel channel = pair.initiator.channel;
        channel.pipeline().addFirst(held);
        ChannelFuture first = channel.write(Unpooled.wrappedBuffer(new byte[10]));
        channel.write(Unpooled.wrappedBuffer(new byte[10]), channel.voidPromise());
        ChannelFuture second = channel.write(Unpooled.wrappedBuffer(new byte[10]));
        channel.flush();
        IllegalStateException cause = new IllegalStateException("no");
        held.promises.get(0).setFailure(cause);
        assertThat(first.cause()).isSameAs(cause);
        assertThat(second.cause()).isSameAs(cause);
        held.release();
    }

    @Test
    void voidPromisesAreAccepted() {
        EmbeddedChannel channel = pair.initiator.channel;
        for (int i = 0; i < 3; i++) {
            channel.write(Unpooled.wrappedBuffer(new byte[] {1}), channel.voidPromise());
        }
        channel.flush();
        pair.pump();
        assertThat(pair.responder.received()).containsExactly(1, 1, 1);
    }

    @Test
    void cancelledWriteIsDroppedWholeAndALateCancellationChangesNothing() {
        EmbeddedChannel channel = pair.initiator.channel;
        ChannelPromise early = channel.newPromise();
        early.cancel(false);
        channel.write(Unpooled.wrappedBuffer(new byte[] {1}), early);
        ChannelPromise late = channel.newPromise();
        channel.write(Unpooled.wrappedBuffer(new byte[] {2}), late);
        assertThat(late.cancel(false)).isFalse();
        channel.flush();
        pair.pump();
        assertThat(pair.responder.received()).containsExactly(2);
    }

    @Test
    void pendingWritesFailWhenTheConnectionCloses() {
        ChannelFuture pending =
                pair.initiator.channel.write(pair.allocator.directBuffer().writeInt(1));
        pair.initiator.channel.close();
        assertThat(pending.cause()).isInstanceOf(ConnectionClosedException.class);
        assertThat(pair.initiator
                        .channel
                        .write(pair.allocator.directBuffer().writeInt(1))
                        .cause())
                .isNotNull();
    }

    @Test
    void otherMessagesThanBuffersAreRefused() {
        ChannelFuture refused = pair.initiator.channel.writeAndFlush("text");
        assertThat(refused.cause()).isInstanceOf(UnsupportedMessageTypeException.class);
    }

    @Test
    void emptyFrameIsLegalAndSaysNothing() {
        byte[] frame = frame(keysOf(pair.initiator), new byte[0]);
        assertThat(frame).hasSize(18);
        pair.responder.receive(frame);
        pair.initiator.send(new byte[] {1});
        pair.pump();
        assertThat(pair.responder.received()).containsExactly(1);
        assertThat(pair.responder.failures).isEmpty();
    }

    @Test
    void frameWithoutATagClosesTheConnection() {
        pair.responder.receive(new byte[] {0, 15});
        assertClosedForViolation("15 bytes");
    }

    @Test
    void tamperedFrameClosesTheConnectionWithoutFurtherOutput() {
        pair.initiator.send(new byte[1_000]);
        pair.initiator.send(new byte[1_000]);
        byte[] wire = pair.initiator.sent();
        ChannelFuture pending =
                pair.responder.channel.write(pair.allocator.directBuffer().writeInt(1));
        pair.responder.channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelInactive(ChannelHandlerContext ctx) {
                ctx.writeAndFlush(Unpooled.copyInt(7));
            }
        });
        pair.responder.receive(flipped(wire, 500));
        assertClosedForViolation("cannot be decrypted");
        assertThat(pair.responder.received()).isEmpty();
        assertThat(pending.cause()).isInstanceOf(ProtocolViolationException.class);
    }

    @Test
    void replayedFrameClosesTheConnection() {
        pair.initiator.send(new byte[] {1});
        byte[] wire = pair.initiator.sent();
        pair.responder.receive(joined(wire, wire));
        assertThat(pair.responder.received()).containsExactly(1);
        assertClosedForViolation("cannot be decrypted");
    }

    @ParameterizedTest
    @EnumSource(AeadEngine.class)
    void cve202458265NonceDoesNotAdvanceOnUnauthenticatedData(AeadEngine engine) {
        AeadCipher aead = engine.newCipher();
        CipherState sender = new CipherState(NoisePair.filled(1));
        CipherState receiver = new CipherState(NoisePair.filled(1));
        byte[] encrypted = new byte[20];
        sender.encrypt(aead, AeadCipher.NO_DATA, new byte[] {1, 2, 3, 4}, 0, 4, encrypted, 0);
        byte[] out = new byte[4];
        for (int i = 0; i < 3; i++) {
            assertThat(receiver.decrypt(aead, AeadCipher.NO_DATA, flipped(encrypted, 3), 0, 20, out, 0))
                    .isEqualTo(-1);
            assertThat(receiver.nonce()).isZero();
        }
        assertThat(receiver.decrypt(aead, AeadCipher.NO_DATA, encrypted, 0, 20, out, 0))
                .isEqualTo(4);
        assertThat(out).containsExactly(1, 2, 3, 4);
        assertThat(receiver.nonce()).isOne();
    }

    @Test
    void connectionClosesBeforeANonceIsReused() {
        for (boolean outbound : new boolean[] {true, false}) {
            // Another key each time: the JDK's cipher itself refuses to encrypt twice with one nonce.
            byte[] key = NoisePair.filled(outbound ? 3 : 4);
            UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
            EmbeddedChannel channel = new EmbeddedChannel();
            List<Throwable> failures = new ArrayList<>();
            channel.pipeline()
                    .addLast(new NoiseHandler(
                            AeadEngine.JDK,
                            new HandshakeState.TransportKeys(
                                    new CipherState(key, CipherState.RESERVED_NONCE - 1),
                                    new CipherState(key, CipherState.RESERVED_NONCE - 1)),
                            new NoiseFrameReader(allocator)))
                    .addLast(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                            failures.add(cause);
                        }
                    });
            // The last nonce but the reserved one is still good, in both directions.
            channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {1}));
            ByteBuf frame = channel.readOutbound();
            channel.writeInbound(frame.copy());
            ByteBuf plaintext = channel.readInbound();
            assertThat(plaintext.readByte()).isEqualTo((byte) 1);
            plaintext.release();
            assertThat(channel.isOpen()).isTrue();
            if (outbound) {
                ChannelFuture refused = channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {2}));
                assertThat(refused.cause()).isInstanceOf(ConnectionClosedException.class);
                frame.release();
            } else {
                channel.writeInbound(frame);
                assertThat(failures).singleElement().isInstanceOf(ProtocolViolationException.class);
            }
            assertThat(channel.isOpen()).isFalse();
            assertThat((Object) channel.readOutbound()).isNull();
            assertThat(failures).hasSize(1);
            channel.finishAndReleaseAll();
            NoisePair.assertNothingLeaked(allocator);
        }
    }

    @Test
    void cipherThatBreaksClosesTheConnectionAndFailsTheWrite() {
        EmbeddedChannel channel = new EmbeddedChannel();
        byte[] key = NoisePair.filled(6);
        // Spends the nonce that the handler is about to use, on the same thread's cipher.
        new CipherState(key).encrypt(AeadEngine.JDK.scratch().aead, AeadCipher.NO_DATA, key, 0, 1, new byte[17], 0);
        channel.pipeline()
                .addLast(new NoiseHandler(
                        AeadEngine.JDK,
                        new HandshakeState.TransportKeys(new CipherState(key), new CipherState(key)),
                        new NoiseFrameReader(pair.allocator)))
                .addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                        assertThat(cause).isInstanceOf(ConnectionClosedException.class);
                    }
                });
        ChannelFuture refused = channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {2}));
        assertThat(refused.cause()).isInstanceOf(ConnectionClosedException.class);
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void whoAskedForBytesGetsSomeEvenIfAFrameComesInParts() {
        int[] reads = {0};
        EmbeddedChannel channel = pair.responder.channel;
        channel.config().setAutoRead(false);
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void read(ChannelHandlerContext ctx) {
                reads[0]++;
                ctx.read();
            }
        });
        pair.initiator.send(new byte[1_000]);
        byte[] wire = pair.initiator.sent();
        channel.read();
        assertThat(reads[0]).isOne();
        pair.responder.receive(wire, 0, 500);
        assertThat(reads[0]).as("asked again: nothing could be handed up").isEqualTo(2);
        pair.responder.receive(wire, 500, wire.length);
        assertThat(reads[0]).as("not asked again").isEqualTo(2);
        assertThat(pair.responder.received()).hasSize(1_000);
    }

    @Test
    void partOfAFrameIsReleasedWhenTheConnectionEnds() {
        pair.initiator.send(new byte[1_000]);
        byte[] wire = pair.initiator.sent();
        pair.responder.receive(wire, 0, 900);
        pair.responder.channel.close();
        assertThat(pair.responder.received()).isEmpty();
    }

    @Test
    void idleConnectionHoldsNoBuffer() {
        pair.initiator.send(new byte[300_000]);
        pair.responder.send(new byte[300_000]);
        pair.pump();
        pair.initiator.received();
        pair.responder.received();
        NoisePair.assertNothingLeaked(pair.allocator);
    }

    /** Keeps what is written, as a socket does that is not ready. */
    private static final class HeldWrites extends ChannelOutboundHandlerAdapter {

        final List<ChannelPromise> promises = new ArrayList<>();
        private final List<Object> messages = new ArrayList<>();
        private ChannelHandlerContext context;

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            context = ctx;
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            messages.add(message);
            promises.add(promise);
        }

        void complete(int index) {
            context.writeAndFlush(messages.get(index), promises.get(index));
        }

        void release() {
            messages.forEach(message -> ((ByteBuf) message).release());
        }
    }

    private void assertClosedForViolation(String offence) {
        assertThat(pair.responder.failures)
                .singleElement()
                .isInstanceOfSatisfying(
                        ProtocolViolationException.class, e -> assertThat(e).hasMessageContaining(offence));
        assertThat(pair.responder.channel.isOpen()).isFalse();
        assertThat(pair.responder.sent()).isEmpty();
    }

    private static CipherState keysOf(NoisePair.End end) {
        return end.channel.pipeline().get(NoiseHandler.class).outbound();
    }

    private static byte[] frame(CipherState state, byte[] plaintext) {
        byte[] content = new byte[plaintext.length + AeadCipher.TAG_LENGTH];
        state.encrypt(AeadEngine.JDK.newCipher(), AeadCipher.NO_DATA, plaintext, 0, plaintext.length, content, 0);
        return RemoteEnd.framed(content);
    }

    private static List<Integer> frameLengths(byte[] wire) {
        List<Integer> lengths = new ArrayList<>();
        for (int at = 0; at < wire.length; at += 2 + lengths.get(lengths.size() - 1)) {
            lengths.add((wire[at] & 0xff) << 8 | wire[at + 1] & 0xff);
        }
        assertThat(Arrays.stream(lengths.toArray(Integer[]::new))
                        .mapToInt(l -> l + 2)
                        .sum())
                .isEqualTo(wire.length);
        return lengths;
    }
}
