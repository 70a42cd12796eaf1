package io.reactivep2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.swarm.StreamFixture.Recorder;
import io.reactivep2p.testing.FakeMuxedStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class StreamReceiverTest {

    private final StreamFixture f = new StreamFixture();
    private final Recorder<ByteBuf> subscriber = new Recorder<>();

    @AfterEach
    void nothingIsLeaked() {
        f.verify();
    }

    @Test
    void windowStaysClosedUntilSubscriberRequests() {
        f.remoteSends("a".repeat(1000));
        f.stream.receive().subscribe(subscriber);
        f.remoteSends("b".repeat(1000));
        assertThat(f.muxed.consumed()).isEmpty();
        assertThat(subscriber.received).isEmpty();

        subscriber.request(1);
        assertThat(f.muxed.consumed()).containsExactly(1000);
        subscriber.request(1);
        assertThat(f.muxed.consumed()).containsExactly(1000, 1000);
        assertThat(f.muxed.receiveWindow()).isEqualTo(FakeMuxedStream.DEFAULT_WINDOW);
    }

    @Test
    void creditIsGivenAfterOnNextReturnedNotBefore() {
        subscriber.onNext = data -> assertThat(f.muxed.consumed()).isEmpty();
        f.stream.receive().subscribe(subscriber);
        subscriber.request(1);
        f.remoteSends("abc");
        assertThat(f.muxed.consumed()).containsExactly(3);
    }

    @Test
    void bufferIsValidInOnNextAndReleasedAfterIt() {
        ByteBuf data = f.bytes("abc");
        subscriber.onNext = seen -> assertThat(seen.refCnt()).isEqualTo(1);
        f.stream.receive().subscribe(subscriber);
        subscriber.request(1);
        f.muxed.remoteSends(data);
        assertThat(data.refCnt()).isZero();
        assertThat(subscriber.received).containsExactly("abc");
    }

    @Test
    void retainedBufferIsTheSubscribers() {
        List<ByteBuf> kept = new ArrayList<>();
        subscriber.onNext = data -> kept.add(data.retain());
        f.stream.receive().subscribe(subscriber);
        subscriber.request(1);
        f.remoteSends("abc");
        assertThat(kept.get(0).refCnt()).isEqualTo(1);
        kept.get(0).release();
    }

    @Test
    void slowReaderGetsEverythingInOrder() {
        f.stream.receive().subscribe(subscriber);
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            f.remoteSends("piece " + i + ";");
            expected.append("piece ").append(i).append(';');
            if (i % 3 == 0) {
                subscriber.request(1);
            }
        }
        f.muxed.remoteCloses();
        while (!subscriber.isOver()) {
            subscriber.request(1);
        }
        assertThat(String.join("", subscriber.received)).isEqualTo(expected.toString());
        assertThat(f.muxed.receiveWindow()).isEqualTo(FakeMuxedStream.DEFAULT_WINDOW);
    }

    @Test
    void windowOfOneByteFramesCostsItsBytesNotItsFrames() {
        f.stream.receive().subscribe(subscriber);
        for (int i = 0; i < FakeMuxedStream.DEFAULT_WINDOW; i++) {
            f.remoteSends("x");
        }
        assertThat(f.allocator.live()).hasSizeLessThan(40);
        assertThat(f.allocator.liveBytes()).isLessThan(2 * FakeMuxedStream.DEFAULT_WINDOW);
        subscriber.request(Long.MAX_VALUE);
        assertThat(String.join("", subscriber.received)).hasSize((int) FakeMuxedStream.DEFAULT_WINDOW);
        assertThat(f.muxed.receiveWindow()).isEqualTo(FakeMuxedStream.DEFAULT_WINDOW);
    }

    @Test
    void stalledStreamDoesNotPinTheSharedBufferItsBytesCameIn() {
        ByteBuf shared = f.allocator.zeros(64 * 1024);
        f.muxed.remoteSends(shared.readRetainedSlice(100));
        shared.release();
        assertThat(shared.refCnt()).isZero();
        assertThat(f.allocator.liveBytes()).isLessThanOrEqualTo(BufferQueue.MIN_TAIL_BYTES);
    }

    @Test
    void largePieceOfALargeBufferIsCopiedExactly() {
        ByteBuf shared = f.allocator.zeros(100 * 1024);
        f.muxed.remoteSends(shared.readRetainedSlice(20 * 1024));
        shared.release();
        assertThat(f.allocator.liveBytes()).isEqualTo(20 * 1024);
    }

    @Test
    void endOfTheRemotePeerComesAfterTheDataAndByDemand() {
        f.remoteSends("abc");
        f.muxed.remoteCloses();
        f.stream.receive().subscribe(subscriber);
        assertThat(subscriber.completions).isZero();
        subscriber.request(1);
        assertThat(subscriber.received).containsExactly("abc");
        assertThat(subscriber.completions).isOne();
    }

    @Test
    void endWithoutDataNeedsNoDemand() {
        f.stream.receive().subscribe(subscriber);
        f.muxed.remoteCloses();
        assertThat(subscriber.completions).isOne();
    }

    @Test
    void secondSubscriberIsRefused() {
        f.stream.receive().subscribe(subscriber);
        StepVerifier.create(f.stream.receive())
                .expectError(IllegalStateException.class)
                .verify();
        subscriber.request(1);
        f.remoteSends("still mine");
        assertThat(subscriber.received).containsExactly("still mine");
    }

    @Test
    void secondSubscriberIsRefusedAfterTheFirstOneCancelled() {
        f.stream.receive().subscribe(subscriber);
        subscriber.cancel();
        StepVerifier.create(f.stream.receive())
                .expectError(IllegalStateException.class)
                .verify();
    }

    @Test
    void resetIsSignalledAtOnceAndReleasesWhatWaits() {
        f.remoteSends("never read");
        f.stream.receive().subscribe(subscriber);
        f.muxed.fails(new StreamResetException(ErrorCode.RATE_LIMITED, true));
        assertThat(subscriber.error).isInstanceOfSatisfying(StreamResetException.class, e -> {
            assertThat(e.remote()).isTrue();
            assertThat(e.code()).isEqualTo(ErrorCode.RATE_LIMITED);
        });
        f.allocator.assertAllReleased();
        assertThat(f.gone).isOne();
    }

    @Test
    void resetBeforeTheSubscriberCameIsToldToIt() {
        f.muxed.fails(new StreamResetException(ErrorCode.NONE, true));
        f.stream.receive().subscribe(subscriber);
        assertThat(subscriber.error).isInstanceOf(StreamResetException.class);
    }

    @Test
    void resetAfterTheEndWasDeliveredIsNotToldTwice() {
        f.stream.receive().subscribe(subscriber);
        f.muxed.remoteCloses();
        f.muxed.fails(new StreamResetException(ErrorCode.NONE, true));
        assertThat(subscriber.completions).isOne();
        assertThat(subscriber.error).isNull();
    }

    @Test
    void connectionClosedAfterTheEndLosesNothing() {
        f.stream.receive().subscribe(subscriber);
        f.remoteSends("last words");
        f.muxed.remoteCloses();
        f.muxed.fails(new ConnectionClosedException(ErrorCode.SHUTDOWN, true));
        subscriber.request(1);
        assertThat(subscriber.received).containsExactly("last words");
        assertThat(subscriber.completions).isOne();
        assertThat(f.muxed.consumed())
                .as("there is nobody left to give credit to")
                .isEmpty();
    }

    @Test
    void connectionClosedBeforeTheEndIsAnError() {
        f.stream.receive().subscribe(subscriber);
        f.remoteSends("half a");
        f.muxed.fails(new ConnectionClosedException(ErrorCode.SHUTDOWN, true));
        assertThat(subscriber.error).isInstanceOf(ConnectionClosedException.class);
        f.allocator.assertAllReleased();
    }

    @Test
    void streamThatEndedWithDataNobodyCameForHoldsNoBuffer() {
        f.remoteSends("abc");
        f.muxed.remoteCloses();
        f.muxed.closes();
        f.allocator.assertAllReleased();
        f.stream.receive().subscribe(subscriber);
        subscriber.request(1);
        assertThat(subscriber.received).containsExactly("abc");
        assertThat(subscriber.completions).isOne();
    }

    @Test
    void cancelDropsWhatWaitsAndWhatComesAndSendingGoesOn() {
        f.stream.receive().subscribe(subscriber);
        f.remoteSends("waits");
        subscriber.cancel();
        f.allocator.assertAllReleased();
        assertThat(f.muxed.isReadClosed()).isTrue();
        f.remoteSends("comes");
        assertThat(f.muxed.consumed()).isEmpty();
        assertThat(f.muxed.resetCode()).isNull();
        StepVerifier.create(f.stream.send(Flux.just(f.bytes("still "), f.bytes("sending"))))
                .verifyComplete();
        assertThat(f.sent()).isEqualTo("still sending");
    }

    @Test
    void cancelInsideOnNextStopsAtOnce() {
        f.remoteSends("a".repeat(600));
        f.remoteSends("b".repeat(600));
        subscriber.onNext = data -> subscriber.cancel();
        f.stream.receive().subscribe(subscriber);
        subscriber.request(10);
        assertThat(subscriber.received).hasSize(1);
        assertThat(f.muxed.isReadClosed()).isTrue();
        f.allocator.assertAllReleased();
    }

    @Test
    void cancelInsideOnSubscribeIsHeeded() {
        f.remoteSends("abc");
        f.stream.receive().subscribe(new CoreSubscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                subscription.request(1);
                subscription.cancel();
            }

            @Override
            public void onNext(ByteBuf data) {
                throw new AssertionError("cancelled");
            }

            @Override
            public void onError(Throwable cause) {
                throw new AssertionError(cause);
            }

            @Override
            public void onComplete() {
                throw new AssertionError("cancelled");
            }
        });
        assertThat(f.muxed.isReadClosed()).isTrue();
        f.allocator.assertAllReleased();
    }

    @Test
    void resetInsideOnNextReleasesTheRestAndErrs() {
        f.remoteSends("a".repeat(600));
        f.remoteSends("b".repeat(600));
        subscriber.onNext = data -> {
            f.stream.reset(ErrorCode.PROTOCOL_VIOLATION);
            assertThat(data.refCnt()).as("still valid until onNext returns").isOne();
            assertThat(subscriber.error).as("signals do not nest").isNull();
        };
        f.stream.receive().subscribe(subscriber);
        subscriber.request(10);
        assertThat(subscriber.received).hasSize(1);
        assertThat(subscriber.error).isInstanceOfSatisfying(StreamResetException.class, e -> assertThat(e.remote())
                .isFalse());
        assertThat(f.muxed.consumed()).isEmpty();
        assertThat(f.muxed.resetCode()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void requestInsideOnNextDoesNotRecurse() {
        int[] depth = new int[2];
        subscriber.onNext = data -> {
            depth[0]++;
            depth[1] = Math.max(depth[1], depth[0]);
            subscriber.request(1);
            depth[0]--;
        };
        for (int i = 0; i < 100; i++) {
            f.muxed.remoteSends(f.allocator.zeros(BufferQueue.SMALL_BYTES));
        }
        f.stream.receive().subscribe(subscriber);
        subscriber.request(1);
        assertThat(subscriber.received).hasSize(100);
        assertThat(depth[1]).isOne();
    }

    @Test
    void dataThatCreditBringsAtOnceKeepsItsOrderAndDoesNotRecurse() {
        int[] left = {1000};
        int[] depth = new int[2];
        f.muxed.onConsumed(() -> {
            if (left[0]-- > 0) {
                f.remoteSends(left[0] + ",");
            }
        });
        subscriber.onNext = data -> {
            depth[1] = Math.max(depth[1], ++depth[0]);
            depth[0]--;
        };
        f.stream.receive().subscribe(subscriber);
        subscriber.request(Long.MAX_VALUE);
        f.remoteSends("start,");
        assertThat(subscriber.received)
                .hasSize(1001)
                .startsWith("start,", "999,")
                .endsWith("0,");
        assertThat(depth[1]).isOne();
    }

    @Test
    void subscriberThatThrowsResetsTheStreamAndGetsItsError() {
        List<Throwable> errors = new ArrayList<>();
        f.stream.receive().subscribe(new CoreSubscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(ByteBuf data) {
                throw new IllegalArgumentException("broken subscriber");
            }

            @Override
            public void onError(Throwable cause) {
                errors.add(cause);
            }

            @Override
            public void onComplete() {}
        });
        f.remoteSends("abc");
        assertThat(errors).singleElement().isInstanceOf(IllegalArgumentException.class);
        assertThat(f.muxed.resetCode()).isEqualTo(ErrorCode.NONE);
        assertThat(f.muxed.consumed()).isEmpty();
        f.allocator.assertAllReleased();
    }

    @Test
    void requestOfNothingIsAnErrorAndEndsTheReading() {
        f.stream.receive().subscribe(subscriber);
        f.remoteSends("abc");
        subscriber.subscription.request(0);
        assertThat(subscriber.error).isInstanceOf(IllegalArgumentException.class);
        assertThat(f.muxed.isReadClosed()).isTrue();
        f.allocator.assertAllReleased();
    }

    @Test
    void callsFromAnotherThreadHopOnceForManyRequests() {
        StreamFixture.elsewhere(() -> f.stream.receive().subscribe(subscriber));
        assertThat(subscriber.subscription).isNull();
        f.runTasks();
        for (int i = 0; i < 10; i++) {
            f.muxed.remoteSends(f.allocator.zeros(BufferQueue.SMALL_BYTES));
        }
        StreamFixture.elsewhere(() -> {
            subscriber.request(1);
            subscriber.request(2);
            subscriber.request(3);
        });
        assertThat(subscriber.received).isEmpty();
        assertThat(f.executor.waitingTasks()).isOne();
        f.runTasks();
        assertThat(subscriber.received).hasSize(6);

        StreamFixture.elsewhere(subscriber::cancel);
        f.runTasks();
        assertThat(f.muxed.isReadClosed()).isTrue();
        f.allocator.assertAllReleased();
    }

    /** The cancellation waits for its turn on the loop, and the error is there first. */
    @Test
    void whoHasCancelledOnAnotherThreadHearsOfNoReset() {
        f.stream.receive().subscribe(subscriber);
        StreamFixture.elsewhere(subscriber::cancel);
        f.stream.dispose();
        f.runTasks();
        assertThat(subscriber.isOver()).isFalse();
        assertThat(f.dropped).isEmpty();
    }

    @Test
    void whoHasCancelledOnAnotherThreadHearsOfNoEnd() {
        AtomicInteger signals = new AtomicInteger();
        Subscription[] subscription = new Subscription[1];
        f.stream.receive().subscribe(new CoreSubscriber<>() {
            @Override
            public void onSubscribe(Subscription upstream) {
                subscription[0] = upstream;
            }

            @Override
            public void onNext(ByteBuf data) {
                signals.incrementAndGet();
            }

            @Override
            public void onError(Throwable cause) {
                signals.incrementAndGet();
            }

            @Override
            public void onComplete() {
                signals.incrementAndGet();
            }
        });
        StreamFixture.elsewhere(subscription[0]::cancel);
        f.muxed.remoteCloses();
        f.runTasks();
        assertThat(signals).hasValue(0);
    }

    @Test
    void subscriberThatComesAfterTheLoopIsGoneGetsAnError() {
        f.executor.stop();
        StreamFixture.elsewhere(() -> f.stream.receive().subscribe(subscriber));
        assertThat(subscriber.error).isInstanceOf(ConnectionClosedException.class);
    }

    @Test
    void closeTellsAWaitingSubscriberThatItDoesNotHaveTheWhole() {
        f.stream.receive().subscribe(subscriber);
        f.remoteSends("abc");
        StepVerifier.create(f.stream.close()).verifyComplete();
        assertThat(subscriber.error).isInstanceOfSatisfying(StreamResetException.class, e -> assertThat(e.remote())
                .isFalse());
        assertThat(f.muxed.isReadClosed()).isTrue();
        assertThat(f.muxed.resetCode()).isNull();
        f.remoteSends("dropped");
        f.allocator.assertAllReleased();
    }

    @Test
    void anySequenceOfPiecesDemandAndEndsDeliversAPrefixAndKeepsTheCreditExact() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            StreamFixture g = new StreamFixture();
            Recorder<ByteBuf> reader = new Recorder<>();
            StringBuilder sent = new StringBuilder();
            boolean subscribed = false;
            boolean ended = false;
            for (int step = 0; step < 60 && !reader.isOver(); step++) {
                int dice = random.nextInt(100);
                if (dice < 50 && !ended) {
                    String piece = (step + ".").repeat(1 + random.nextInt(random.nextInt(20) == 0 ? 2000 : 20));
                    sent.append(piece);
                    ByteBuf large = g.allocator.heapBuffer(piece.length() * (1 + random.nextInt(8)));
                    large.writeCharSequence(piece, StandardCharsets.US_ASCII);
                    g.muxed.remoteSends(large);
                } else if (dice < 60 && !subscribed) {
                    subscribed = true;
                    g.stream.receive().subscribe(reader);
                } else if (dice < 95 && subscribed) {
                    reader.request(1 + random.nextInt(3));
                } else if (dice >= 98 && !ended) {
                    ended = true;
                    g.muxed.remoteCloses();
                }
                String got = String.join("", reader.received);
                assertThat(sent.toString()).as("seed %d, round %d", seed, round).startsWith(got);
                assertThat(g.muxed.receiveWindow())
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(FakeMuxedStream.DEFAULT_WINDOW - sent.length() + got.length());
            }
            if (reader.completions > 0) {
                assertThat(String.join("", reader.received)).as("seed %d", seed).isEqualTo(sent.toString());
            }
            g.verify();
        }
    }
}
