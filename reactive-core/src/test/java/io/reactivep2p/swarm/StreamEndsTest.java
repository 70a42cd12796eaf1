package io.reactivep2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.swarm.StreamFixture.Recorder;
import io.reactivep2p.testing.FakeMuxedStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class StreamEndsTest {

    private final StreamFixture f = new StreamFixture();
    private final Recorder<Void> disposal = new Recorder<>();

    @AfterEach
    void nothingIsLeaked() {
        f.verify();
        assertThat(f.gone).isOne();
    }

    @Test
    void disposalIsToldWhenBothDirectionsHaveEnded() {
        f.stream.onDispose().subscribe(disposal);
        f.stream.closeWrite().subscribe();
        f.muxed.remoteCloses();
        assertThat(f.stream.isDisposed()).isFalse();
        assertThat(disposal.isOver()).isFalse();
        f.muxed.closes();
        assertThat(disposal.completions).isOne();
        assertThat(f.stream.isDisposed()).isTrue();
        assertThat(f.gone).isOne();
    }

    @Test
    void disposalIsToldToWhoeverAsksLate() {
        f.muxed.fails(new ConnectionClosedException(ErrorCode.NONE, true));
        StepVerifier.create(f.stream.onDispose()).verifyComplete();
    }

    @Test
    void disposalNeverFails() {
        f.stream.onDispose().subscribe(disposal);
        f.muxed.fails(new StreamResetException(ErrorCode.RATE_LIMITED, true));
        assertThat(disposal.completions).isOne();
    }

    @Test
    void resetIsIdempotentAndTheFirstCodeCounts() {
        f.stream.onDispose().subscribe(disposal);
        f.stream.reset(ErrorCode.RATE_LIMITED);
        f.stream.reset(ErrorCode.SHUTDOWN);
        f.stream.dispose();
        assertThat(f.muxed.resetCode()).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(disposal.completions).isOne();
        assertThat(f.gone).isOne();
    }

    @Test
    void resetFromAnotherThreadHops() {
        StreamFixture.elsewhere(f.stream::dispose);
        assertThat(f.muxed.resetCode()).isNull();
        f.runTasks();
        assertThat(f.muxed.resetCode()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void resetOfAStreamThatEndedInOrderDoesNothing() {
        f.muxed.closes();
        f.stream.reset(ErrorCode.SHUTDOWN);
        assertThat(f.muxed.resetCode()).isNull();
    }

    @Test
    void closeEndsBothDirectionsAndNeverFails() {
        StepVerifier.create(f.stream.close()).verifyComplete();
        assertThat(f.muxed.isWriteClosed()).isTrue();
        assertThat(f.muxed.isReadClosed()).isTrue();
        assertThat(f.muxed.resetCode()).isNull();
        StepVerifier.create(f.stream.close()).verifyComplete();
        f.stream.reset(ErrorCode.NONE);
        StepVerifier.create(f.stream.close()).verifyComplete();
    }

    @Test
    void closeThatWaitsCompletesWhenTheStreamFails() {
        TestPublisher<ByteBuf> source = TestPublisher.create();
        f.stream.send(source).subscribe(new Recorder<>());
        Recorder<Void> closed = new Recorder<>();
        Recorder<Void> writeClosed = new Recorder<>();
        f.stream.close().subscribe(closed);
        f.stream.closeWrite().subscribe(writeClosed);
        assertThat(closed.isOver()).isFalse();
        f.muxed.fails(new ConnectionClosedException(ErrorCode.NONE, true));
        assertThat(closed.completions).isOne();
        assertThat(writeClosed.error).isInstanceOf(ConnectionClosedException.class);
    }

    @Test
    void closeWriteOfAStreamThatFailedSaysSo() {
        f.muxed.fails(new StreamResetException(ErrorCode.NONE, true));
        StepVerifier.create(f.stream.closeWrite())
                .expectError(StreamResetException.class)
                .verify();
    }

    @Test
    void closeWriteTwiceCompletesTwice() {
        StepVerifier.create(f.stream.closeWrite()).verifyComplete();
        StepVerifier.create(f.stream.closeWrite()).verifyComplete();
        f.muxed.closes();
        StepVerifier.create(f.stream.closeWrite()).verifyComplete();
    }

    @Test
    void closeWriteFromAnotherThreadHops() {
        Recorder<Void> closed = new Recorder<>();
        StreamFixture.elsewhere(() -> f.stream.closeWrite().subscribe(closed));
        assertThat(f.muxed.isWriteClosed()).isFalse();
        f.runTasks();
        assertThat(f.muxed.isWriteClosed()).isTrue();
        assertThat(closed.completions).isOne();
    }

    @Test
    void closeWriteAfterASendFlushesOnlyOnce() {
        f.stream.send(Mono.just(f.bytes("all"))).then(f.stream.closeWrite()).subscribe();
        f.runTasks();
        assertThat(f.muxed.flushes()).as("closeWrite flushes by itself").isZero();
        assertThat(f.muxed.isUnflushed()).isFalse();
    }

    @Test
    void whatIsHeldBackIsHandedOverWhenTheStreamIsMade() {
        FakeMuxedStream early = new FakeMuxedStream(f.executor, Direction.INBOUND);
        early.remoteSends(f.bytes("early"));
        early.remoteCloses();
        DefaultProtocolStream stream = DefaultProtocolStream.create(
                StreamFixture.CONNECTION, StreamFixture.PROTOCOL, early, () -> {}, f.allocator);
        Recorder<ByteBuf> reader = new Recorder<>();
        stream.receive().subscribe(reader);
        reader.request(1);
        assertThat(reader.received).containsExactly("early");
        assertThat(reader.completions).isOne();
        assertThat(stream.direction()).isEqualTo(Direction.INBOUND);
    }

    @Test
    void requestAndResponseLeaveNothingBehind() {
        Recorder<ByteBuf> response = new Recorder<>();
        f.stream
                .send(Mono.just(f.bytes("question")))
                .then(f.stream.closeWrite())
                .thenMany(Flux.defer(f.stream::receive))
                .subscribe(response);
        response.request(Long.MAX_VALUE);
        f.remoteSends("answer");
        f.muxed.remoteCloses();
        f.muxed.closes();
        assertThat(response.received).containsExactly("answer");
        assertThat(response.completions).isOne();
        assertThat(f.sent()).isEqualTo("question");
    }
}
