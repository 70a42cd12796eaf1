package io.reactivep2p.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.testing.FakeMuxedStream;
import io.reactivep2p.testing.TckTests;
import io.reactivep2p.wire.MessageCodec;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The Reactive Streams rules, against each publisher a stream hands out, with its subscriber on another thread than the loop. */
class StreamPublishersTckTest {

    /** More than any rule asks for; with this size of buffers they fit into the window. */
    private static final long MAX_ELEMENTS = 500;

    private static final DefaultEventExecutor LOOP = new DefaultEventExecutor();

    @AfterAll
    static void stopLoop() {
        LOOP.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @TestFactory
    Stream<DynamicTest> receive() {
        return TckTests.of(
                new Verification<>(MAX_ELEMENTS, DefaultProtocolStream::receive, StreamPublishersTckTest::sendBytes));
    }

    @TestFactory
    Stream<DynamicTest> receiveMessages() {
        return TckTests.of(new Verification<>(
                MAX_ELEMENTS, stream -> stream.receive(new ByteCodec()), StreamPublishersTckTest::sendBytes));
    }

    @TestFactory
    Stream<DynamicTest> send() {
        return TckTests.of(new Verification<>(
                0,
                stream -> stream.send(Flux.range(0, 100).map(i -> Unpooled.wrappedBuffer(new byte[1]))),
                (remote, n) -> {}));
    }

    @TestFactory
    Stream<DynamicTest> sendOfOne() {
        return TckTests.of(new Verification<>(
                0, stream -> stream.send(Mono.just(Unpooled.wrappedBuffer(new byte[1]))), (remote, n) -> {}));
    }

    @TestFactory
    Stream<DynamicTest> closeWrite() {
        return TckTests.of(new Verification<>(0, DefaultProtocolStream::closeWrite, (remote, n) -> {}));
    }

    @TestFactory
    Stream<DynamicTest> onDispose() {
        return TckTests.of(new Verification<>(
                0, DefaultProtocolStream::onDispose, (remote, n) -> LOOP.execute(remote::closes), false));
    }

    private static void sendBytes(FakeMuxedStream remote, long elements) {
        LOOP.execute(() -> {
            for (long i = 0; i < elements; i++) {
                // Of a size that is not copied together while it waits.
                remote.remoteSends(Unpooled.wrappedBuffer(new byte[BufferQueue.SMALL_BYTES]));
            }
            remote.remoteCloses();
        });
    }

    @FunctionalInterface
    private interface Remote {
        void play(FakeMuxedStream remote, long elements);
    }

    private static final class Verification<T> extends PublisherVerification<T> {

        private final long maxElements;
        private final Function<DefaultProtocolStream, ? extends Publisher<T>> publisher;
        private final Remote remote;
        private final boolean fails;

        Verification(
                long maxElements, Function<DefaultProtocolStream, ? extends Publisher<T>> publisher, Remote remote) {
            this(maxElements, publisher, remote, true);
        }

        Verification(
                long maxElements,
                Function<DefaultProtocolStream, ? extends Publisher<T>> publisher,
                Remote remote,
                boolean fails) {
            super(TckTests.environment());
            this.maxElements = maxElements;
            this.publisher = publisher;
            this.remote = remote;
            this.fails = fails;
        }

        @Override
        public long maxElementsFromPublisher() {
            return maxElements;
        }

        @Override
        public Publisher<T> createPublisher(long elements) {
            return publisherOf(muxed -> remote.play(muxed, elements));
        }

        @Override
        public Publisher<T> createFailedPublisher() {
            return fails
                    ? publisherOf(
                            muxed -> LOOP.execute(() -> muxed.fails(new StreamResetException(ErrorCode.NONE, true))))
                    : null;
        }

        private Publisher<T> publisherOf(java.util.function.Consumer<FakeMuxedStream> script) {
            FakeMuxedStream muxed = new FakeMuxedStream(LOOP, Direction.OUTBOUND);
            DefaultProtocolStream stream = CompletableFuture.supplyAsync(
                            () -> DefaultProtocolStream.create(
                                    StreamFixture.CONNECTION, StreamFixture.PROTOCOL, muxed, () -> {}),
                            LOOP)
                    .join();
            script.accept(muxed);
            return publisher.apply(stream);
        }
    }

    /** Each buffer that the test sends is a message. */
    private static final class ByteCodec implements MessageCodec<Byte> {

        @Override
        public void encode(Byte message, ByteBuf out) {
            out.writeByte(message);
        }

        @Override
        public Decoder<Byte> decoder() {
            return new Decoder<>() {
                @Override
                public void decode(ByteBuf in, List<? super Byte> out) {
                    out.add(in.readByte());
                    in.skipBytes(BufferQueue.SMALL_BYTES - 1);
                }

                @Override
                public void end(List<? super Byte> out) {}

                @Override
                public void close() {}
            };
        }
    }
}
