package io.reactivep2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.connection.WriteClosedException;
import io.reactivep2p.swarm.StreamFixture.Recorder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class StreamSenderTest {

    private final StreamFixture f = new StreamFixture();
    private final Recorder<Void> outcome = new Recorder<>();
    private final List<Long> requests = new ArrayList<>();

    @AfterEach
    void nothingIsLeaked() {
        f.verify();
    }

    private Flux<ByteBuf> numbers(int count) {
        return Flux.range(0, count).map(i -> f.bytes(i + ",")).doOnRequest(requests::add);
    }

    private static String joined(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i).append(',');
        }
        return text.toString();
    }

    @Test
    void sendDoesNothingUntilSubscribed() {
        f.stream.send(numbers(1));
        assertThat(f.muxed.written()).isEmpty();
        assertThat(requests).isEmpty();
    }

    @Test
    void everythingIsWrittenInOrderAndFlushedOnce() {
        f.stream.send(numbers(100)).subscribe(outcome);
        assertThat(outcome.completions).isOne();
        assertThat(f.sent()).isEqualTo(joined(100));
        f.runTasks();
        assertThat(f.muxed.isUnflushed()).isFalse();
        assertThat(f.muxed.flushes()).isOne();
        assertThat(f.muxed.isWriteClosed()).isFalse();
    }

    @Test
    void nothingIsRequestedWhileTheStreamIsNotWritable() {
        f.muxed.sendWindow(0);
        f.stream.send(numbers(100)).subscribe(outcome);
        assertThat(requests).isEmpty();
        f.muxed.sendWindow(1);
        assertThat(requests).containsExactly((long) StreamSender.FIRST_PREFETCH);
        assertThat(f.muxed.written()).containsExactly("0,");
        f.muxed.sendWindow(Long.MAX_VALUE);
        assertThat(f.sent()).isEqualTo(joined(100));
        assertThat(outcome.completions).isOne();
    }

    @Test
    void neverMoreThanThePrefetchIsTakenAheadOfTheWindow() {
        int[] taken = {0};
        f.muxed.sendWindow(1);
        f.stream
                .send(Flux.range(0, 10_000).map(i -> f.bytes("x")).doOnNext(b -> taken[0]++))
                .subscribe(outcome);
        for (int written = 1; written < 3000; written++) {
            assertThat(f.muxed.bytesWritten()).isEqualTo(written);
            assertThat(taken[0]).isLessThanOrEqualTo(written + StreamSender.PREFETCH);
            f.muxed.sendWindow(1);
        }
        f.muxed.sendWindow(Long.MAX_VALUE);
        assertThat(f.muxed.bytesWritten()).isEqualTo(10_000);
        assertThat(outcome.completions).isOne();
    }

    @Test
    void aPublisherOfLargeElementsHasLittleInHandWhenTheWindowCloses() {
        int block = 64 * 1024;
        int window = 4 * block;
        String data = "x".repeat(block);
        int[] taken = {0};
        f.muxed.sendWindow(window);
        f.stream
                .send(Flux.range(0, 100).map(i -> f.bytes(data)).doOnNext(b -> taken[0] += block))
                .subscribe(outcome);
        assertThat(f.muxed.bytesWritten()).isGreaterThanOrEqualTo(window);
        assertThat(taken[0]).isLessThanOrEqualTo(window + StreamSender.PREFETCH_BYTES);
        f.muxed.sendWindow(Long.MAX_VALUE);
        assertThat(f.muxed.bytesWritten()).isEqualTo(100L * block);
        assertThat(outcome.completions).isOne();
    }

    @Test
    void sendCompletesOnlyWhenWhatWaitedIsWritten() {
        f.muxed.sendWindow(1);
        f.stream.send(numbers(3)).subscribe(outcome);
        assertThat(f.sent()).isEqualTo("0,");
        assertThat(outcome.isOver()).isFalse();
        f.muxed.sendWindow(100);
        assertThat(f.sent()).isEqualTo("0,1,2,");
        assertThat(outcome.completions).isOne();
    }

    @Test
    void publisherOnAnotherThreadHandsOverThroughOneTask() {
        TestPublisher<ByteBuf> source = TestPublisher.create();
        f.stream.send(source).subscribe(outcome);
        source.next(f.bytes("0,")); // tells what size of element to expect
        f.runTasks();
        source.assertMinRequested(StreamSender.PREFETCH);
        StreamFixture.elsewhere(() -> {
            for (int i = 1; i < StreamSender.PREFETCH; i++) {
                source.next(f.bytes(i + ","));
            }
            source.complete();
        });
        assertThat(f.muxed.written()).containsExactly("0,");
        assertThat(f.executor.waitingTasks()).isOne();
        f.runTasks();
        assertThat(f.sent()).isEqualTo(joined(StreamSender.PREFETCH));
        assertThat(outcome.completions).isOne();
        assertThat(f.muxed.flushes()).isEqualTo(2);
    }

    @Test
    void signalsFromElsewhereAndFromTheLoopKeepTheirOrder() {
        TestPublisher<ByteBuf> source = TestPublisher.create();
        StreamFixture.elsewhere(() -> f.stream.send(source).subscribe(outcome));
        f.runTasks();
        StreamFixture.elsewhere(() -> source.next(f.bytes("1")).next(f.bytes("2")));
        source.next(f.bytes("3"));
        assertThat(f.sent()).isEqualTo("123");
        StreamFixture.elsewhere(() -> source.next(f.bytes("4")));
        source.complete();
        assertThat(f.sent()).isEqualTo("1234");
        assertThat(outcome.completions).isOne();
        f.runTasks();
    }

    @Test
    void singleElementGoesTheShortWay() {
        StepVerifier.create(f.stream.send(Mono.just(f.bytes("one")))).verifyComplete();
        assertThat(f.muxed.written()).containsExactly("one");
        f.runTasks();
        assertThat(f.muxed.flushes()).isOne();
    }

    @Test
    void singleElementWaitsUntakenForTheWindow() {
        f.muxed.sendWindow(0);
        f.stream.send(Mono.just(f.bytes("one"))).subscribe(outcome);
        assertThat(outcome.isOver()).isFalse();
        f.muxed.sendWindow(10);
        assertThat(f.sent()).isEqualTo("one");
        assertThat(outcome.completions).isOne();
    }

    @Test
    void singleElementThatWaitsIsDroppedByCancel() {
        f.muxed.sendWindow(0);
        f.stream.send(Mono.just(f.bytes("one"))).subscribe(outcome);
        outcome.cancel();
        f.allocator.assertAllReleased();
        f.muxed.sendWindow(10);
        assertThat(f.sent()).isEmpty();
        assertThat(f.muxed.resetCode()).isNull();
    }

    @Test
    void emptyPublishersAndEmptyBuffersCompleteWithoutAWrite() {
        StepVerifier.create(f.stream.send(Mono.empty())).verifyComplete();
        StepVerifier.create(f.stream.send(Flux.empty())).verifyComplete();
        StepVerifier.create(f.stream.send(Mono.just(f.bytes("")))).verifyComplete();
        assertThat(f.muxed.written()).isEmpty();
    }

    @Test
    void sendsFollowEachOtherInOrder() {
        f.muxed.sendWindow(1);
        Recorder<Void> whole = new Recorder<>();
        f.stream
                .send(numbers(5))
                .then(f.stream.send(Mono.fromSupplier(() -> f.bytes("then "))))
                .then(f.stream.send(numbers(3)))
                .subscribe(whole);
        while (!whole.isOver()) {
            f.muxed.sendWindow(1);
        }
        assertThat(f.sent()).isEqualTo(joined(5) + "then " + joined(3));
    }

    @Test
    void secondSendWhileOneIsActiveIsRefusedAndItsBufferReleased() {
        TestPublisher<ByteBuf> source = TestPublisher.create();
        TestPublisher<ByteBuf> other = TestPublisher.create();
        f.stream.send(source).subscribe(outcome);
        StepVerifier.create(f.stream.send(Mono.just(f.bytes("second"))))
                .expectError(IllegalStateException.class)
                .verify();
        StepVerifier.create(f.stream.send(other))
                .expectError(IllegalStateException.class)
                .verify();
        other.assertCancelled();
        source.next(f.bytes("first")).complete();
        assertThat(f.sent()).isEqualTo("first");
        assertThat(outcome.completions).isOne();
    }

    @Test
    void errorOfThePublisherResetsTheStreamAndIsTheSendsError() {
        Recorder<ByteBuf> reader = new Recorder<>();
        f.stream.receive().subscribe(reader);
        f.muxed.sendWindow(1);
        f.stream
                .send(numbers(3).concatWith(Mono.error(new ArithmeticException())))
                .subscribe(outcome);
        f.muxed.sendWindow(100);
        assertThat(outcome.error).isInstanceOf(ArithmeticException.class);
        assertThat(f.muxed.resetCode()).isEqualTo(ErrorCode.NONE);
        assertThat(reader.error).isInstanceOf(StreamResetException.class);
        assertThat(f.gone).isOne();
        f.allocator.assertAllReleased();
    }

    @Test
    void errorOfASinglePublisherResetsToo() {
        StepVerifier.create(f.stream.send(Mono.error(new ArithmeticException())))
                .expectError(ArithmeticException.class)
                .verify();
        assertThat(f.muxed.resetCode()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void errorFromAnotherThreadIsToldAfterItsElements() {
        TestPublisher<ByteBuf> source = TestPublisher.create();
        f.stream.send(source).subscribe(outcome);
        StreamFixture.elsewhere(() -> source.next(f.bytes("a")).error(new ArithmeticException()));
        f.runTasks();
        assertThat(f.sent()).isEqualTo("a");
        assertThat(outcome.error).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void cancelSendsWhatWasTakenAndLeavesTheWriteSideOpen() {
        TestPublisher<ByteBuf> source = TestPublisher.create();
        f.stream.send(source).subscribe(outcome);
        f.muxed.sendWindow(0);
        source.next(f.bytes("taken "));
        StreamFixture.elsewhere(() -> source.next(f.bytes("taken too ")));
        StreamFixture.elsewhere(outcome::cancel);
        f.runTasks();
        source.assertCancelled();
        f.stream.send(Mono.just(f.bytes("next"))).subscribe();
        assertThat(f.sent()).isEmpty();
        f.muxed.sendWindow(Long.MAX_VALUE);
        assertThat(f.sent()).isEqualTo("taken taken too next");
        assertThat(f.muxed.isWriteClosed()).isFalse();
        assertThat(f.muxed.resetCode()).isNull();
    }

    @Test
    void whoHasCancelledOnAnotherThreadHearsOfNoReset() {
        TestPublisher<ByteBuf> source = TestPublisher.create();
        f.stream.send(source).subscribe(outcome);
        StreamFixture.elsewhere(outcome::cancel);
        f.stream.dispose();
        f.runTasks();
        source.assertCancelled();
        assertThat(outcome.isOver()).isFalse();
        assertThat(f.dropped).isEmpty();
    }

    @Test
    void cancelledSendsDoNotPileUpBehindAClosedWindow() {
        f.muxed.sendWindow(0);
        for (int i = 0; i < 1000; i++) {
            f.stream.send(Mono.just(f.bytes("x"))).subscribe().dispose();
            f.stream.send(numbers(10)).subscribe().dispose();
        }
        f.allocator.assertAllReleased();
    }

    @Test
    void elementThatArrivesAfterTheCancelIsReleased() {
        TestPublisher<ByteBuf> source = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        f.stream.send(source).subscribe(outcome);
        outcome.cancel();
        source.next(f.bytes("late"));
        StreamFixture.elsewhere(() -> source.next(f.bytes("later")));
        f.runTasks();
        assertThat(f.sent()).isEmpty();
    }

    @Test
    void publisherThatIgnoresDemandIsCutOff() {
        Publisher<ByteBuf> flood = s -> s.onSubscribe(new Subscription() {
            @Override
            public void request(long n) {
                for (int i = 0; i < 100; i++) {
                    s.onNext(f.bytes("x"));
                }
            }

            @Override
            public void cancel() {}
        });
        f.muxed.sendWindow(1);
        f.stream.send(flood).subscribe(outcome);
        assertThat(outcome.error).isInstanceOf(IllegalStateException.class);
        assertThat(f.muxed.resetCode()).isEqualTo(ErrorCode.NONE);
        f.allocator.assertAllReleased();
    }

    @Test
    void publisherThatIgnoresDemandElsewhereIsCutOff() {
        TestPublisher<ByteBuf> source = TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);
        f.stream.send(source).subscribe(outcome);
        StreamFixture.elsewhere(() -> {
            for (int i = 0; i < 100; i++) {
                source.next(f.bytes("x"));
            }
        });
        f.runTasks();
        assertThat(outcome.error).isInstanceOf(IllegalStateException.class);
        source.assertCancelled();
        f.allocator.assertAllReleased();
    }

    @Test
    void resetCancelsThePublisherAndReleasesWhatWaits() {
        TestPublisher<ByteBuf> source = TestPublisher.create();
        f.stream.send(source).subscribe(outcome);
        f.muxed.sendWindow(0);
        source.next(f.bytes("waits"));
        f.muxed.fails(new StreamResetException(ErrorCode.NONE, true));
        source.assertCancelled();
        assertThat(outcome.error).isInstanceOf(StreamResetException.class);
        f.allocator.assertAllReleased();
        StepVerifier.create(f.stream.send(Mono.just(f.bytes("x"))))
                .expectError(StreamResetException.class)
                .verify();
    }

    @Test
    void connectionClosedFailsTheSendThatWaitsForTheWindow() {
        f.muxed.sendWindow(0);
        f.stream.send(Mono.just(f.bytes("waits"))).subscribe(outcome);
        f.muxed.fails(new ConnectionClosedException(ErrorCode.NONE, true));
        assertThat(outcome.error).isInstanceOf(ConnectionClosedException.class);
        f.allocator.assertAllReleased();
    }

    @Test
    void sendAfterCloseWriteIsRefused() {
        StepVerifier.create(f.stream.closeWrite()).verifyComplete();
        TestPublisher<ByteBuf> source = TestPublisher.create();
        StepVerifier.create(f.stream.send(source))
                .expectError(WriteClosedException.class)
                .verify();
        source.assertCancelled();
        StepVerifier.create(f.stream.send(Mono.just(f.bytes("x"))))
                .expectError(WriteClosedException.class)
                .verify();
        f.allocator.assertAllReleased();
    }

    @Test
    void closeWriteWaitsForTheSendThatIsActive() {
        TestPublisher<ByteBuf> source = TestPublisher.create();
        f.stream.send(source).subscribe(outcome);
        Recorder<Void> closed = new Recorder<>();
        f.stream.closeWrite().subscribe(closed);
        assertThat(f.muxed.isWriteClosed()).isFalse();
        source.next(f.bytes("before the end"));
        assertThat(f.muxed.isWriteClosed()).isFalse();
        source.complete();
        assertThat(f.sent()).isEqualTo("before the end");
        assertThat(f.muxed.isWriteClosed()).isTrue();
        assertThat(closed.completions).isOne();
        assertThat(outcome.completions).isOne();
    }

    @Test
    void closeWriteWaitsForWhatACancelledSendLeft() {
        TestPublisher<ByteBuf> source = TestPublisher.create();
        f.stream.send(source).subscribe(outcome);
        f.muxed.sendWindow(0);
        source.next(f.bytes("taken"));
        outcome.cancel();
        f.stream.closeWrite().subscribe();
        assertThat(f.muxed.isWriteClosed()).isFalse();
        f.muxed.sendWindow(10);
        assertThat(f.sent()).isEqualTo("taken");
        assertThat(f.muxed.isWriteClosed()).isTrue();
    }

    @Test
    void sendFromWithinAnEndOfASendIsAccepted() {
        f.stream
                .send(numbers(2))
                .doOnSuccess(v -> f.stream.send(numbers(2)).subscribe(outcome))
                .subscribe();
        assertThat(f.sent()).isEqualTo(joined(2) + joined(2));
        assertThat(outcome.completions).isOne();
    }

    @Test
    void publisherThatAnswersEachRequestAtOnceDoesNotRecurse() {
        int[] depth = new int[2];
        Flux<ByteBuf> deep = Flux.<ByteBuf>generate(sink -> sink.next(f.bytes("x")))
                .doOnRequest(n -> {
                    depth[0]++;
                    depth[1] = Math.max(depth[0], depth[1]);
                })
                .take(100_000)
                .doOnNext(b -> depth[0] = 0);
        f.muxed.withoutRecords();
        f.stream.send(deep).subscribe(outcome);
        assertThat(f.muxed.bytesWritten()).isEqualTo(100_000);
        assertThat(depth[1]).isLessThanOrEqualTo(2);
    }

    @Test
    void echoMovesAtThePaceOfTheWriteSide() {
        f.muxed.sendWindow(0);
        f.stream.send(f.stream.receive().map(ByteBuf::retain)).subscribe(outcome);
        for (int i = 0; i < 64; i++) {
            f.muxed.remoteSends(f.allocator.zeros(1000));
        }
        assertThat(f.muxed.consumed()).as("an unwritable echo gives no credit").isEmpty();
        f.muxed.sendWindow(Long.MAX_VALUE);
        f.muxed.remoteCloses();
        assertThat(f.muxed.bytesWritten()).isEqualTo(64_000);
        assertThat(outcome.completions).isOne();
    }

    @Test
    void sendAfterTheLoopIsGoneFailsAndReleases() {
        f.executor.stop();
        StreamFixture.elsewhere(() -> f.stream.send(Mono.just(f.bytes("x"))).subscribe(outcome));
        assertThat(outcome.error).isInstanceOf(ConnectionClosedException.class);
        f.allocator.assertAllReleased();
    }
}
