package io.reactivep2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.swarm.StreamFixture.Recorder;
import io.reactivep2p.testing.FakeMuxedStream;
import io.reactivep2p.wire.MalformedMessageException;
import io.reactivep2p.wire.MessageCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class MessageStreamTest {

    private final StreamFixture f = new StreamFixture();
    private final LineCodec codec = new LineCodec();
    private final Recorder<String> subscriber = new Recorder<>();
    private final Recorder<Void> outcome = new Recorder<>();

    @AfterEach
    void nothingIsLeaked() {
        f.verify();
        assertThat(codec.closed).as("decoders closed").isEqualTo(codec.made);
    }

    @Test
    void demandIsInMessagesAndBytesAreTakenOnlyWhenNoneIsLeft() {
        f.stream.receive(codec).subscribe(subscriber);
        f.muxed.remoteSends(f.bytes("one\ntwo\nthr" + " ".repeat(600)));
        f.muxed.remoteSends(f.bytes("ee\nfour\n" + " ".repeat(600)));
        assertThat(f.muxed.consumed()).isEmpty();
        subscriber.request(1);
        assertThat(subscriber.received).containsExactly("one");
        assertThat(f.muxed.consumed()).containsExactly(611);
        subscriber.request(1);
        assertThat(f.muxed.consumed()).as("two was there already").containsExactly(611);
        subscriber.request(1);
        assertThat(f.muxed.consumed()).containsExactly(611, 608);
        subscriber.request(5);
        f.remoteSends("\n");
        f.muxed.remoteCloses();
        assertThat(subscriber.received).hasSize(5).startsWith("one", "two").contains("four");
        assertThat(subscriber.completions).isOne();
    }

    @Test
    void everySplitPointGivesTheSameMessages() {
        String text = "alpha\nbe\n\ngamma\n";
        for (int split = 0; split <= text.length(); split++) {
            StreamFixture g = new StreamFixture();
            Recorder<String> reader = new Recorder<>();
            g.stream.receive(codec).subscribe(reader);
            reader.request(Long.MAX_VALUE);
            g.remoteSends(text.substring(0, split));
            g.remoteSends(text.substring(split));
            g.muxed.remoteCloses();
            assertThat(reader.received).as("split at %d", split).containsExactly("alpha", "be", "", "gamma");
            assertThat(reader.completions).isOne();
            g.verify();
        }
    }

    @Test
    void malformedMessageResetsTheStreamAndIsAViolationAfterTheGoodOnes() {
        f.stream.receive(codec).subscribe(subscriber);
        subscriber.request(1);
        f.remoteSends("good\nfine\n!bad\nnever\n");
        assertThat(f.muxed.resetCode()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(subscriber.error).isNull();
        subscriber.request(10);
        assertThat(subscriber.received).containsExactly("good", "fine");
        assertThat(subscriber.error)
                .isInstanceOf(ProtocolViolationException.class)
                .hasCauseInstanceOf(MalformedMessageException.class);
    }

    @Test
    void endInsideAMessageIsAViolation() {
        f.stream.receive(codec).subscribe(subscriber);
        subscriber.request(5);
        f.remoteSends("whole\nhal");
        f.muxed.remoteCloses();
        assertThat(subscriber.received).containsExactly("whole");
        assertThat(subscriber.error).isInstanceOf(ProtocolViolationException.class);
        assertThat(f.muxed.resetCode()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void codecThatBreaksResetsTheStream() {
        f.stream.receive(codec).subscribe(subscriber);
        subscriber.request(5);
        f.remoteSends("?\n");
        assertThat(subscriber.error).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(f.muxed.resetCode()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void resetDropsMessagesThatWait() {
        List<Object> discarded = new ArrayList<>();
        f.stream.receive(codec).doOnDiscard(String.class, discarded::add).subscribe(subscriber);
        subscriber.request(1);
        f.remoteSends("one\ntwo\nthree\n");
        f.muxed.fails(new StreamResetException(ErrorCode.NONE, true));
        assertThat(subscriber.received).containsExactly("one");
        assertThat(subscriber.error).isInstanceOf(StreamResetException.class);
        assertThat(discarded).containsExactly("two", "three");
    }

    @Test
    void cancelInsideOnNextDropsTheRestAndClosesTheReadSide() {
        subscriber.onNext = message -> subscriber.cancel();
        f.stream.receive(codec).subscribe(subscriber);
        subscriber.request(5);
        f.remoteSends("one\ntwo\n");
        assertThat(subscriber.received).containsExactly("one");
        assertThat(f.muxed.isReadClosed()).isTrue();
    }

    @Test
    void cancelFromAnotherThreadFreesTheDecoder() {
        f.stream.receive(codec).subscribe(subscriber);
        subscriber.request(5);
        f.remoteSends("one\ntw");
        StreamFixture.elsewhere(subscriber::cancel);
        f.runTasks();
        assertThat(codec.closed).isOne();
        assertThat(f.muxed.isReadClosed()).isTrue();
    }

    @Test
    void whoHasCancelledOnAnotherThreadHearsOfNoReset() {
        f.stream.receive(codec).subscribe(subscriber);
        StreamFixture.elsewhere(subscriber::cancel);
        f.stream.dispose();
        f.runTasks();
        assertThat(subscriber.isOver()).isFalse();
        assertThat(f.dropped).isEmpty();
    }

    @Test
    void whoHasCancelledOnAnotherThreadHearsOfNoMalformedMessage() {
        f.stream.receive(codec).subscribe(subscriber);
        subscriber.request(1);
        StreamFixture.elsewhere(subscriber::cancel);
        f.remoteSends("!\n");
        f.runTasks();
        assertThat(subscriber.isOver()).isFalse();
        assertThat(f.dropped).isEmpty();
    }

    @Test
    void requestInsideOnNextDoesNotRecurse() {
        int[] depth = new int[2];
        subscriber.onNext = message -> {
            depth[1] = Math.max(depth[1], ++depth[0]);
            subscriber.request(1);
            depth[0]--;
        };
        f.stream.receive(codec).subscribe(subscriber);
        subscriber.request(1);
        for (int i = 0; i < 100; i++) {
            f.remoteSends("a\nb\nc");
            f.remoteSends("\n");
        }
        assertThat(subscriber.received).hasSize(300);
        assertThat(depth[1]).isOne();
        assertThat(f.muxed.receiveWindow()).isEqualTo(FakeMuxedStream.DEFAULT_WINDOW);
    }

    @Test
    void secondSubscriberIsRefusedWhicheverWayItReads() {
        f.stream.receive(codec).subscribe(subscriber);
        StepVerifier.create(f.stream.receive())
                .expectError(IllegalStateException.class)
                .verify();
        StepVerifier.create(f.stream.receive(codec))
                .expectError(IllegalStateException.class)
                .verify();
        subscriber.request(1);
        f.remoteSends("mine\n");
        assertThat(subscriber.received).containsExactly("mine");
    }

    @Test
    void requestOfNothingIsAnError() {
        f.stream.receive(codec).subscribe(subscriber);
        subscriber.subscription.request(-1);
        assertThat(subscriber.error).isInstanceOf(IllegalArgumentException.class);
        assertThat(f.muxed.isReadClosed()).isTrue();
    }

    @Test
    void oneMessageIsSentAtOnce() {
        StepVerifier.create(f.stream.send(codec, "hello")).verifyComplete();
        assertThat(f.muxed.written()).containsExactly("hello\n");
        f.runTasks();
        assertThat(f.muxed.isUnflushed()).isFalse();
    }

    @Test
    void oneMessageWaitsForTheWindowUnencoded() {
        f.muxed.sendWindow(0);
        f.stream.send(codec, "hello").subscribe(outcome);
        assertThat(f.allocator.madeCount()).isZero();
        f.muxed.sendWindow(100);
        assertThat(f.sent()).isEqualTo("hello\n");
        assertThat(outcome.completions).isOne();
    }

    @Test
    void smallMessagesShareABuffer() {
        f.stream.send(codec, Flux.range(0, 10_000).map(i -> "m" + i)).subscribe(outcome);
        assertThat(outcome.completions).isOne();
        assertThat(f.sent().split("\n")).hasSize(10_000).startsWith("m0", "m1").endsWith("m9999");
        // The first few share one, and how large they are shows only then.
        int rest = 10_000 - StreamSender.FIRST_PREFETCH;
        assertThat(f.muxed.written()).hasSize(1 + (rest + StreamSender.PREFETCH - 1) / StreamSender.PREFETCH);
    }

    @Test
    void messagesArriveOneByOneAndNoneWaitsForTheNext() {
        TestPublisher<String> source = TestPublisher.create();
        f.stream.send(codec, source).subscribe(outcome);
        source.next("a");
        assertThat(f.sent()).isEqualTo("a\n");
        StreamFixture.elsewhere(() -> source.next("b"));
        f.runTasks();
        assertThat(f.sent()).isEqualTo("a\nb\n");
        source.complete();
        assertThat(outcome.completions).isOne();
    }

    @Test
    void messagesAreRequestedOnlyWhileTheStreamIsWritable() {
        int[] taken = {0};
        f.muxed.sendWindow(1);
        f.stream
                .send(codec, Flux.range(0, 1000).map(String::valueOf).doOnNext(m -> taken[0]++))
                .subscribe(outcome);
        f.muxed.sendWindow(0);
        int before = taken[0];
        assertThat(before).isLessThan(1000).isPositive();
        f.muxed.sendWindow(Long.MAX_VALUE);
        assertThat(taken[0]).isEqualTo(1000);
        assertThat(f.sent().split("\n")).hasSize(1000);
    }

    @Test
    void messageThatCannotBeEncodedResetsTheStreamAndSendsNoFragment() {
        f.muxed.sendWindow(0);
        f.stream.send(codec, Flux.just("fine", "#unencodable", "never")).subscribe(outcome);
        f.muxed.sendWindow(100);
        assertThat(outcome.error).isInstanceOf(ArithmeticException.class);
        assertThat(f.sent()).doesNotContain("#");
        assertThat(f.muxed.resetCode()).isEqualTo(ErrorCode.NONE);
        f.allocator.assertAllReleased();
    }

    @Test
    void singleMessageThatCannotBeEncodedIsTheSendsError() {
        StepVerifier.create(f.stream.send(codec, "#x"))
                .expectError(ArithmeticException.class)
                .verify();
        f.allocator.assertAllReleased();
    }

    @Test
    void errorOfThePublisherIsTheSendsError() {
        StepVerifier.create(f.stream.send(codec, Flux.just("a", "b").concatWith(Mono.error(new ArithmeticException()))))
                .expectError(ArithmeticException.class)
                .verify();
        assertThat(f.muxed.resetCode()).isEqualTo(ErrorCode.NONE);
        f.allocator.assertAllReleased();
    }

    /** Lines; one that starts with ! is malformed, with ? breaks the decoder, with # breaks the encoder. */
    private static final class LineCodec implements MessageCodec<String> {

        int made;
        int closed;

        @Override
        public void encode(String message, ByteBuf out) {
            out.writeCharSequence(message, StandardCharsets.UTF_8);
            if (message.startsWith("#")) {
                throw new ArithmeticException(message);
            }
            out.writeByte('\n');
        }

        @Override
        public Decoder<String> decoder() {
            made++;
            return new Decoder<>() {
                private final StringBuilder line = new StringBuilder();

                @Override
                public void decode(ByteBuf in, List<? super String> out) {
                    while (in.isReadable()) {
                        char c = (char) in.readByte();
                        if (c != '\n') {
                            line.append(c);
                        } else if (line.toString().startsWith("!")) {
                            throw new MalformedMessageException("a line that starts with !");
                        } else if (line.toString().startsWith("?")) {
                            throw new IndexOutOfBoundsException("a decoder that is broken");
                        } else {
                            out.add(line.toString());
                            line.setLength(0);
                        }
                    }
                }

                @Override
                public void end(List<? super String> out) {
                    if (!line.isEmpty()) {
                        throw new MalformedMessageException("a line cut short");
                    }
                }

                @Override
                public void close() {
                    closed++;
                }
            };
        }
    }
}
