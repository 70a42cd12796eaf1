package io.reactivep2p.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.host.Host;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/**
 * What every {@link ProtocolStream} promises, whatever carries it. The hosts come from a {@link HostExtension} and listen on one
 * address.
 */
public interface StreamContract {

    Duration PATIENCE = Duration.ofSeconds(10);
    ProtocolId TALK = ProtocolId.of("/contract/talk/1.0.0");
    int PIECE = 8 * 1024;

    HostExtension hosts();

    /** The most that leaves a sender whose receiver requests nothing: windows, queues and socket buffers together, in bytes. */
    default long stallsWithin() {
        return 16L << 20;
    }

    /** Both ends of one stream. */
    record Both(Host dialer, Host listener, ProtocolStream here, ProtocolStream there) {

        /** Ends the stream at both ends; what the test has ended already stays as it is. */
        void end() {
            here.dispose();
            there.dispose();
        }
    }

    /** A stream that both ends hold. */
    private Both open() {
        Host listener = hosts().start();
        Host dialer = hosts().start();
        BlockingQueue<ProtocolStream> accepted = new LinkedBlockingQueue<>();
        listener.handle(TALK, stream -> {
            accepted.add(stream);
            return stream.onDispose();
        });
        Connection connection =
                some(dialer.dial(listener.fullAddresses().get(0)).block(PATIENCE));
        ProtocolStream here = some(connection.open(TALK).block(PATIENCE));
        try {
            return new Both(dialer, listener, here, some(accepted.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    default void bothEndsKnowWhatTheStreamIs() {
        Both both = open();
        assertThat(both.here.protocol()).isEqualTo(TALK);
        assertThat(both.there.protocol()).isEqualTo(TALK);
        assertThat(both.here.direction()).isEqualTo(Direction.OUTBOUND);
        assertThat(both.there.direction()).isEqualTo(Direction.INBOUND);
        assertThat(both.here.connection().remotePeer()).isEqualTo(both.listener.id());
        assertThat(both.there.connection().remotePeer()).isEqualTo(both.dialer.id());
        both.end();
    }

    @Test
    default void bytesArriveInOrderAndTheEndBehindThem() {
        Both both = open();
        Mono<byte[]> received = collect(both.there);
        StepVerifier.create(received.doOnSubscribe(subscribed -> both.here
                        .send(counting(200))
                        .then(both.here.closeWrite())
                        .subscribe()))
                .assertNext(bytes -> assertThat(bytes).isEqualTo(expected(200)))
                .expectComplete()
                .verify(PATIENCE);
        both.end();
    }

    @Test
    default void halfCloseLeavesTheOtherDirectionOpen() {
        Both both = open();
        both.here.closeWrite().block(PATIENCE);
        assertThat(collect(both.there).block(PATIENCE)).isEmpty();
        assertThat(both.here.isDisposed()).isFalse();

        both.there.send(counting(3)).then(both.there.closeWrite()).subscribe();
        assertThat(collect(both.here).block(PATIENCE)).isEqualTo(expected(3));
        both.here.onDispose().block(PATIENCE);
        both.there.onDispose().block(PATIENCE);
    }

    @Test
    default void oneElementComesForOneRequest() {
        Both both = open();
        both.here.send(counting(50)).subscribe(null, error -> {});
        StepVerifier.create(both.there.receive().map(ByteBuf::readableBytes), 0)
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(50))
                .thenRequest(1)
                .expectNextCount(1)
                .expectNoEvent(Duration.ofMillis(50))
                .thenRequest(2)
                .expectNextCount(2)
                .thenCancel()
                .verify(PATIENCE);
        both.end();
    }

    @Test
    default void aReceiverThatRequestsNothingStallsTheSender() {
        Both both = open();
        AtomicLong produced = new AtomicLong();
        AtomicLong received = new AtomicLong();
        long total = 3 * stallsWithin() / PIECE;
        BaseSubscriber<ByteBuf> reader = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
                // requests nothing
            }

            @Override
            protected void hookOnNext(ByteBuf data) {
                received.addAndGet(data.readableBytes());
            }
        };
        both.there.receive().subscribe(reader);
        both.here
                .send(counting((int) total).doOnNext(data -> produced.addAndGet(data.readableBytes())))
                .then(both.here.closeWrite())
                .subscribe();

        long stalledAt = awaitStandstill(produced);
        assertThat(stalledAt).isPositive().isLessThanOrEqualTo(stallsWithin());
        assertThat(received).hasValue(0);

        reader.requestUnbounded();
        await().atMost(Duration.ofSeconds(60)).until(() -> received.get() == total * PIECE);
        both.end();
    }

    @Test
    default void cancelEndsTheInterestInWhatArrivesOnly() {
        Both both = open();
        AtomicLong produced = new AtomicLong();
        both.here
                .send(counting(Integer.MAX_VALUE).doOnNext(data -> produced.addAndGet(data.readableBytes())))
                .subscribe(null, error -> {});
        both.there.receive().take(1).blockLast(PATIENCE);
        assertThat(awaitStandstill(produced)).isLessThanOrEqualTo(2 * stallsWithin());

        both.there.send(counting(2)).then(both.there.closeWrite()).subscribe();
        assertThat(collect(both.here).block(PATIENCE)).isEqualTo(expected(2));
        both.end();
    }

    @Test
    default void resetEndsBothDirectionsAtBothEnds() {
        Both both = open();
        StepVerifier.create(both.there.receive())
                .then(() -> both.here.reset(ErrorCode.NONE))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(StreamResetException.class, reset -> assertThat(reset.remote())
                                .isTrue()))
                .verify(PATIENCE);
        StepVerifier.create(both.here.receive())
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(StreamResetException.class, reset -> assertThat(reset.remote())
                                .isFalse()))
                .verify(PATIENCE);
        assertThatThrownBy(() -> both.there.send(counting(1)).block(PATIENCE)).isInstanceOf(StreamResetException.class);
        both.here.onDispose().block(PATIENCE);
        both.there.onDispose().block(PATIENCE);
        both.here.dispose();
    }

    @Test
    default void aSecondReceiverIsRefused() {
        Both both = open();
        // Never cancelled: a reset that meets a cancellation on its way would be a dropped error.
        both.here.receive().subscribe(data -> {}, error -> {});
        StepVerifier.create(both.here.receive())
                .expectError(IllegalStateException.class)
                .verify(PATIENCE);
        both.end();
    }

    @Test
    default void aSecondSendAtTheSameTimeIsRefused() {
        Both both = open();
        AtomicBoolean cancelled = new AtomicBoolean();
        Disposable first = both.here
                .send(Flux.<ByteBuf>never().doOnCancel(() -> cancelled.set(true)))
                .subscribe();
        StepVerifier.create(both.here.send(counting(1)))
                .expectError(IllegalStateException.class)
                .verify(PATIENCE);
        first.dispose();
        await().atMost(PATIENCE).untilTrue(cancelled);
        StepVerifier.create(both.here.send(counting(1))).expectComplete().verify(PATIENCE);
        both.end();
    }

    @Test
    default void whatIsSentAfterTheEndIsRefusedAndReleased() {
        Both both = open();
        both.here.closeWrite().block(PATIENCE);
        assertThatThrownBy(() -> both.here.send(counting(1)).block(PATIENCE)).isInstanceOf(IllegalStateException.class);
        both.end();
    }

    @Test
    default void aSourceThatFailsResetsTheStream() {
        Both both = open();
        StepVerifier.create(both.there.receive())
                .then(() -> both.here
                        .send(Flux.error(new ArithmeticException("of the test's source")))
                        .subscribe(null, error -> assertThat(error).isInstanceOf(ArithmeticException.class)))
                .expectError(StreamResetException.class)
                .verify(PATIENCE);
        both.end();
    }

    @Test
    default void aClosedConnectionEndsTheStream() {
        Both both = open();
        StepVerifier.create(both.there.receive())
                .then(() -> both.here.connection().dispose())
                .expectError(ConnectionClosedException.class)
                .verify(PATIENCE);
        assertThatThrownBy(() -> both.here.send(counting(1)).block(PATIENCE))
                .isInstanceOf(ConnectionClosedException.class);
        both.here.onDispose().block(PATIENCE);
    }

    @Test
    default void closeEndsTheStreamInOrder() {
        Both both = open();
        both.here.send(counting(1)).block(PATIENCE);
        both.here.close().block(PATIENCE);
        assertThat(collect(both.there).block(PATIENCE)).isEqualTo(expected(1));
        both.there.closeWrite().block(PATIENCE);
        both.here.onDispose().block(PATIENCE);
        both.there.onDispose().block(PATIENCE);
    }

    /** The bytes of all pieces count up. */
    private static Flux<ByteBuf> counting(int pieces) {
        return Flux.range(0, pieces).map(number -> Unpooled.wrappedBuffer(piece(number)));
    }

    private static byte[] piece(int number) {
        byte[] bytes = new byte[PIECE];
        Arrays.fill(bytes, (byte) number);
        return bytes;
    }

    private static byte[] expected(int pieces) {
        byte[] bytes = new byte[pieces * PIECE];
        for (int i = 0; i < pieces; i++) {
            Arrays.fill(bytes, i * PIECE, (i + 1) * PIECE, (byte) i);
        }
        return bytes;
    }

    private static Mono<byte[]> collect(ProtocolStream stream) {
        return stream.receive()
                .collect(java.io.ByteArrayOutputStream::new, (all, data) -> {
                    byte[] bytes = new byte[data.readableBytes()];
                    data.getBytes(data.readerIndex(), bytes);
                    all.writeBytes(bytes);
                })
                .map(java.io.ByteArrayOutputStream::toByteArray);
    }

    /** Waits until the number has stood still for a while, and returns it. */
    private static long awaitStandstill(AtomicLong number) {
        AtomicLong before = new AtomicLong(-1);
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> before.getAndSet(number.get()) == number.get() && number.get() > 0);
        return number.get();
    }

    private static <T> T some(@Nullable T value) {
        return Objects.requireNonNull(value, "nothing came");
    }
}
