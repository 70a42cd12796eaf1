package io.reactivep2p.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.muxer.MuxedTransport;
import io.reactivep2p.testkit.MuxedEnds.Both;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

/** {@link MuxerContract} for streams that come with their {@link MuxedTransport}, on real sockets. */
public interface MuxedStreamContract {

    /** Far more than any window. */
    long PLENTY = 64L << 20;

    MuxedTransport transport();

    Multiaddr anyAddress();

    /** The most a stream may send, in bytes, of which nothing is consumed: windows and queues together. */
    default long stallsWithin() {
        return 1L << 20;
    }

    /** What must get through beside a stalled stream, in bytes: more than the windows of a young connection. */
    default long muchBeside() {
        return 24L << 20;
    }

    private MuxedEnds connected() {
        return new MuxedEnds(transport(), anyAddress()).connect();
    }

    @Test
    default void bytesFlowBothWaysInOrder() {
        try (MuxedEnds ends = connected()) {
            Both both = ends.openBoth();
            both.here().tell(RecordingStream::consumeAll);
            for (int round = 0; round < 20; round++) {
                both.here().tell(asked -> asked.write(150_000));
                both.there().tell(asked -> asked.write(90_001));
            }
            both.there().await("all that was sent", asked -> asked.received == 1 + 20 * 150_000);
            both.here().await("all that was sent", asked -> asked.received == 20 * 90_001);
            assertThat(both.here().is(asked -> asked.inOrder)).isTrue();
            assertThat(both.there().is(asked -> asked.inOrder)).isTrue();
        }
    }

    @Test
    default void bothEndsSayWhoOpenedTheStream() {
        try (MuxedEnds ends = connected()) {
            for (MuxedConnection opener : List.of(ends.here(), ends.there())) {
                Both both = ends.openBoth(opener);
                assertThat(both.here().<Direction>ask(asked -> asked.stream.direction()))
                        .isEqualTo(Direction.OUTBOUND);
                assertThat(both.there().<Direction>ask(asked -> asked.stream.direction()))
                        .isEqualTo(Direction.INBOUND);
                assertThat(both.here().number(asked -> asked.stream.id()))
                        .isEqualTo(both.there().number(asked -> asked.stream.id()));
            }
            assertThat(streamCount(ends.here())).isEqualTo(2);
            assertThat(streamCount(ends.there())).isEqualTo(2);
        }
    }

    @Test
    default void aListenerThatConsumesNothingStallsTheSender() {
        try (MuxedEnds ends = connected()) {
            Both both = ends.openBoth();
            both.there().tell(asked -> asked.consuming = false);
            long sent = both.here().writeUntilStalled(PLENTY);
            assertThat(sent).isPositive().isLessThanOrEqualTo(stallsWithin());
            assertThat(both.here().is(asked -> asked.stream.isWritable())).isFalse();
        }
    }

    @Test
    default void whatIsConsumedOpensTheWindowAgain() {
        try (MuxedEnds ends = connected()) {
            Both both = ends.openBoth();
            both.there().tell(asked -> asked.consuming = false);
            long stalledAt = both.here().writeUntilStalled(PLENTY);
            both.here().tell(asked -> asked.writableTurns = 0);

            both.there().tell(RecordingStream::consumeAll);
            both.here().await("the word that it may write", asked -> asked.writableTurns > 0);
            assertThat(both.here().writeUntilStalled(2 * stalledAt)).isEqualTo(2 * stalledAt);
            both.there().await("all that was sent", asked -> asked.received == 1 + 3 * stalledAt);
            assertThat(both.there().is(asked -> asked.inOrder)).isTrue();
        }
    }

    @Test
    default void aStalledStreamDoesNotHoldUpAnother() {
        try (MuxedEnds ends = connected()) {
            Both stalled = ends.openBoth();
            stalled.there().tell(asked -> asked.consuming = false);
            Both flowing = ends.openBoth();
            stalled.here().writeUntilStalled(PLENTY);
            assertThat(flowing.here().writeUntilStalled(muchBeside())).isEqualTo(muchBeside());
            flowing.there().await("all that was sent", asked -> asked.received == muchBeside() + 1);
        }
    }

    @Test
    default void halfCloseLeavesTheOtherDirectionOpen() {
        try (MuxedEnds ends = connected()) {
            Both both = ends.openBoth();
            both.here().tell(RecordingStream::consumeAll);
            both.here().tell(asked -> {
                asked.write(1_000);
                asked.stream.closeWrite();
                asked.stream.closeWrite();
            });
            both.there().await("the end", asked -> asked.ended);
            assertThat(both.there().number(asked -> asked.received)).isEqualTo(1_001);
            assertThat(both.there().is(asked -> asked.closed)).isFalse();
            assertThat(both.here().is(asked -> asked.stream.isWritable())).isFalse();

            both.there().tell(asked -> asked.write(100_000));
            both.here().await("all that was sent", asked -> asked.received == 100_000);

            both.there().tell(asked -> asked.stream.closeWrite());
            both.here().await("the end", asked -> asked.ended && asked.closed);
            both.there().await("the end", asked -> asked.closed);
            assertGone(ends, both);
        }
    }

    @Test
    default void theEndComesAfterWhatTheWindowHeldBack() {
        try (MuxedEnds ends = connected()) {
            Both both = ends.openBoth();
            both.there().tell(asked -> asked.consuming = false);
            int bytes = (int) (2 * stallsWithin());
            both.here().tell(asked -> {
                asked.write(bytes);
                asked.stream.closeWrite();
            });
            both.there().await("some of it", asked -> asked.received > 1);
            assertThat(both.there().is(asked -> asked.ended)).isFalse();
            both.there().tell(RecordingStream::consumeAll);
            both.there().await("the end", asked -> asked.ended);
            assertThat(both.there().number(asked -> asked.received)).isEqualTo(1 + bytes);
            assertThat(both.there().is(asked -> asked.inOrder)).isTrue();
        }
    }

    @Test
    default void whatIsWrittenAfterTheEndIsReleased() {
        try (MuxedEnds ends = connected()) {
            Both both = ends.openBoth();
            ByteBuf late = ByteBufAllocator.DEFAULT.buffer().writeInt(1);
            both.here().tell(asked -> {
                asked.stream.closeWrite();
                asked.stream.write(late);
            });
            both.there().await("the end", asked -> asked.ended);
            assertThat(late.refCnt()).isZero();
            assertThat(both.there().number(asked -> asked.received)).isEqualTo(1);
        }
    }

    @Test
    default void resetEndsBothDirectionsAtBothEnds() {
        try (MuxedEnds ends = connected()) {
            for (ErrorCode code : List.of(ErrorCode.NONE, ErrorCode.RATE_LIMITED, ErrorCode.of(0x7FFF_FFFFL))) {
                Both both = ends.openBoth();
                both.here().tell(asked -> {
                    asked.stream.reset(code);
                    asked.stream.reset(code);
                });
                both.there().await("the reset", asked -> asked.error != null);
                assertThat(both.there().error())
                        .asInstanceOf(InstanceOfAssertFactories.type(StreamResetException.class))
                        .satisfies(error -> {
                            assertThat(error.remote()).isTrue();
                            assertThat(error.code()).isEqualTo(code);
                        });
                assertThat(both.here().is(asked -> asked.error == null))
                        .describedAs("nobody tells the one who did it")
                        .isTrue();
                assertThat(both.here().is(asked -> asked.closed)).isFalse();
                assertGone(ends, both);
            }
            assertThat(ends.here().closeCause()).isEmpty();
        }
    }

    @Test
    default void resetDropsWhatIsOnItsWay() {
        try (MuxedEnds ends = connected()) {
            Both both = ends.openBoth();
            Both other = ends.openBoth();
            both.there().tell(asked -> asked.consuming = false);
            both.here().tell(asked -> asked.write((int) (2 * stallsWithin())));
            both.there().await("some of it", asked -> asked.received > 1);
            both.there().tell(asked -> asked.stream.reset(ErrorCode.NONE));
            both.here().await("the reset", asked -> asked.error instanceof StreamResetException);
            assertThat(other.here().writeUntilStalled(1_000)).isEqualTo(1_000);
            other.there().await("all that was sent", asked -> asked.received == 1_001);
            assertThat(ends.here().closeCause()).isEmpty();
        }
    }

    @Test
    default void resetsWithoutEndDoNotUseUpTheConnection() {
        try (MuxedEnds ends = connected()) {
            for (int i = 0; i < 1_500; i++) {
                Both both = ends.openBoth(i % 2 == 0 ? ends.here() : ends.there());
                (i % 3 == 0 ? both.there() : both.here()).tell(asked -> asked.stream.reset(ErrorCode.NONE));
                (i % 3 == 0 ? both.here() : both.there()).await("the reset", asked -> asked.error != null);
            }
            assertThat(ends.here().closeCause()).isEmpty();
            LoopStream.eventually(() -> {
                assertThat(streamCount(ends.here())).isZero();
                assertThat(streamCount(ends.there())).isZero();
            });
        }
    }

    @Test
    default void dataIsHeldUntilSomeoneListens() {
        try (MuxedEnds ends = connected()) {
            MuxedStream unattended = ends.here()
                    .openStream()
                    .subscribeOn(Schedulers.fromExecutor(ends.here().executor()))
                    .doOnNext(stream -> {
                        stream.write(ByteBufAllocator.DEFAULT.buffer().writeByte(0));
                        stream.flush();
                    })
                    .blockOptional(LoopStream.PATIENCE)
                    .orElseThrow();
            LoopStream there = MuxedEnds.poll(ends.streams, "an accepted stream");
            there.tell(asked -> {
                asked.write(5_000);
                asked.stream.closeWrite();
            });
            // Over another stream, so it has arrived.
            ends.openBoth(ends.there());
            LoopStream here = LoopStream.on(ends.here().executor(), () -> new LoopStream(unattended));
            here.tell(RecordingStream::consumeAll);
            here.await("the end", asked -> asked.ended);
            assertThat(here.number(asked -> asked.received)).isEqualTo(5_000);
            assertThat(here.is(asked -> asked.inOrder)).isTrue();
        }
    }

    @Test
    default void aNewListenerTakesOver() {
        try (MuxedEnds ends = connected()) {
            Both both = ends.openBoth();
            LoopStream successor = both.there().ask(asked -> new LoopStream(asked.stream));
            both.here().tell(asked -> {
                asked.sent = 0;
                asked.write(777);
            });
            successor.await("all that was sent", asked -> asked.received == 777);
            assertThat(both.there().number(asked -> asked.received)).isEqualTo(1);
            assertThat(successor.is(asked -> asked.inOrder)).isTrue();
        }
    }

    @Test
    default void aClosedReadSideDropsDataAndEarnsNoCredit() {
        try (MuxedEnds ends = connected()) {
            Both both = ends.openBoth();
            both.here().tell(RecordingStream::consumeAll);
            both.there().tell(asked -> {
                asked.stream.closeRead();
                asked.stream.closeRead();
            });
            assertThat(both.here().writeUntilStalled(PLENTY)).isLessThanOrEqualTo(stallsWithin());
            assertThat(both.there().number(asked -> asked.received)).isEqualTo(1);

            both.there().tell(asked -> asked.write(10_000));
            both.here().await("the other direction goes on", asked -> asked.received == 10_000);
            LoopStream.assertQuiet(both.here(), both.there());
        }
    }

    @Test
    default void twoHundredStreamsLiveSideBySide() {
        try (MuxedEnds ends = connected()) {
            List<LoopStream> opened = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                opened.add(ends.open(ends.here()));
            }
            opened.forEach(stream -> stream.tell(asked -> asked.write(100)));
            List<LoopStream> accepted = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                accepted.add(MuxedEnds.poll(ends.streams, "a stream"));
            }
            accepted.forEach(stream -> stream.await("its bytes", asked -> asked.received == 100 && asked.inOrder));
            assertThat(streamCount(ends.there())).isEqualTo(200);

            opened.forEach(stream -> stream.tell(asked -> asked.stream.closeWrite()));
            accepted.forEach(stream -> stream.tell(asked -> asked.stream.closeWrite()));
            opened.forEach(stream -> stream.await("its end", asked -> asked.closed));
            LoopStream.eventually(() -> {
                assertThat(streamCount(ends.here())).isZero();
                assertThat(streamCount(ends.there())).isZero();
            });
        }
    }

    @Test
    default void streamsThatNobodyAcceptsAreReset() {
        try (MuxedEnds ends =
                new MuxedEnds(transport(), anyAddress()).refusingStreams().connect()) {
            LoopStream refused = ends.open(ends.here());
            refused.tell(asked -> asked.write(10));
            refused.await("the reset", asked -> asked.error instanceof StreamResetException);
            assertThat(streamCount(ends.here())).isZero();
        }
    }

    @Test
    default void closingTheConnectionEndsItsStreams() {
        try (MuxedEnds ends = connected()) {
            Both both = ends.openBoth();
            ends.here().close(ErrorCode.SHUTDOWN);
            ends.here().close(ErrorCode.NONE);
            ends.here().onDispose().block(LoopStream.PATIENCE);
            ends.there().onDispose().block(LoopStream.PATIENCE);

            for (LoopStream end : List.of(both.here(), both.there())) {
                end.await("the end of the connection", asked -> asked.error instanceof ConnectionClosedException);
            }
            assertThat(ends.here().closeCause()).hasValueSatisfying(cause -> {
                assertThat(cause.remote()).isFalse();
                assertThat(cause.code()).isEqualTo(ErrorCode.SHUTDOWN);
            });
            assertThat(ends.there().closeCause()).hasValueSatisfying(cause -> {
                assertThat(cause.remote()).isTrue();
                assertThat(cause.code()).isEqualTo(ErrorCode.SHUTDOWN);
            });
            assertGone(ends, both);
            assertThatThrownBy(() -> ends.open(ends.here())).isInstanceOf(ConnectionClosedException.class);
        }
    }

    @Test
    default void whatWasSentBeforeTheGoodbyeArrives() {
        try (MuxedEnds ends = connected()) {
            Both both = ends.openBoth();
            both.here().tell(asked -> {
                asked.write(5_000);
                asked.stream.closeWrite();
                ends.here().close(ErrorCode.NONE);
            });
            ends.there().onDispose().block(LoopStream.PATIENCE);
            assertThat(both.there().number(asked -> asked.received)).isEqualTo(5_001);
            assertThat(both.there().is(asked -> asked.ended)).isTrue();
        }
    }

    @Test
    default void theRoundTripIsMeasured() {
        try (MuxedEnds ends = connected()) {
            ends.openBoth();
            LoopStream.eventually(() -> assertThat(ends.here().rttNanos())
                    .isPositive()
                    .isLessThan(Duration.ofSeconds(5).toNanos()));
        }
    }

    private static int streamCount(MuxedConnection connection) {
        return LoopStream.on(connection.executor(), connection::streamCount);
    }

    private static void assertGone(MuxedEnds ends, Both both) {
        LoopStream.eventually(() -> {
            assertThat(streamCount(ends.here())).isZero();
            assertThat(streamCount(ends.there())).isZero();
        });
        assertThat(both.here().is(asked -> asked.stream.isWritable())).isFalse();
        assertThat(both.there().is(asked -> asked.stream.isWritable())).isFalse();
        LoopStream.assertQuiet(both.here(), both.there());
    }
}
