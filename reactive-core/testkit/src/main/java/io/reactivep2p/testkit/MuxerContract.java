package io.reactivep2p.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.muxer.StreamMuxer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** What every {@link StreamMuxer} promises of its connections and streams. */
public interface MuxerContract {

    /** Far more than any window. */
    long PLENTY = 64L << 20;

    StreamMuxer muxer();

    /** The most a stream may send, in bytes, of which nothing is consumed. */
    default long stallsWithin() {
        return 1L << 20;
    }

    /** Whether resets and the goodbye carry an {@link ErrorCode}. */
    default boolean carriesCodes() {
        return true;
    }

    @Test
    default void bytesFlowBothWaysInOrder() {
        try (MuxedPair pair = new MuxedPair(muxer(), 1)) {
            MuxedPair.Both both = pair.openBoth();
            both.here().consumeAll();
            Random random = new Random(1);
            while (both.here().sent < 3_000_000) {
                both.here().writeWhileWritable(1 + random.nextInt(100_000), () -> {});
                both.there().writeWhileWritable(1 + random.nextInt(100_000), () -> {});
                pair.wire.pump();
            }
            assertThat(both.there().received).isEqualTo(both.here().sent);
            assertThat(both.here().received).isEqualTo(both.there().sent);
            assertThat(both.here().inOrder && both.there().inOrder).isTrue();
        }
    }

    @Test
    default void bothEndsSayWhoOpenedTheStream() {
        try (MuxedPair pair = new MuxedPair(muxer(), 2)) {
            MuxedPair.Both both = pair.openBoth();
            assertThat(both.here().stream.direction()).isEqualTo(Direction.OUTBOUND);
            assertThat(both.there().stream.direction()).isEqualTo(Direction.INBOUND);
            assertThat(both.here().stream.id()).isEqualTo(both.there().stream.id());
            assertThat(pair.dialer.streamCount()).isEqualTo(1);
            assertThat(pair.listener.streamCount()).isEqualTo(1);
        }
    }

    @Test
    default void aListenerThatConsumesNothingStallsTheSender() {
        try (MuxedPair pair = new MuxedPair(muxer(), 3)) {
            MuxedPair.Both both = pair.openBoth();
            both.there().consuming = false;
            long sent = both.here().writeWhileWritable(PLENTY, pair.wire::pump);

            assertThat(sent).isLessThanOrEqualTo(stallsWithin());
            assertThat(both.here().stream.isWritable()).isFalse();
            assertThat(both.there().received).isLessThanOrEqualTo(both.here().sent);
            pair.wire.advance(Duration.ofMinutes(1));
            assertThat(both.here().stream.isWritable())
                    .describedAs("time alone opens no window")
                    .isFalse();
        }
    }

    @Test
    default void whatIsConsumedOpensTheWindowAgain() {
        try (MuxedPair pair = new MuxedPair(muxer(), 4)) {
            MuxedPair.Both both = pair.openBoth();
            both.there().consuming = false;
            both.here().writeWhileWritable(PLENTY, pair.wire::pump);
            long stalledAt = both.here().sent;
            both.here().writableTurns = 0;

            both.there().consumeAll();
            pair.wire.pump();
            assertThat(both.here().stream.isWritable()).isTrue();
            assertThat(both.here().writableTurns).isPositive();
            assertThat(both.here().writeWhileWritable(2 * stalledAt, pair.wire::pump))
                    .isEqualTo(2 * stalledAt);
            assertThat(both.there().received).isEqualTo(both.here().sent);
            assertThat(both.there().inOrder).isTrue();
        }
    }

    @Test
    default void whatTheWindowDoesNotAdmitIsSentLater() {
        try (MuxedPair pair = new MuxedPair(muxer(), 5)) {
            MuxedPair.Both both = pair.openBoth();
            both.there().consuming = false;
            both.here().write((int) (3 * stallsWithin()));
            pair.wire.pump();
            assertThat(both.there().received).isLessThanOrEqualTo(stallsWithin() + 1);
            both.there().consumeAll();
            pair.wire.pump();
            assertThat(both.there().received).isEqualTo(both.here().sent);
            assertThat(both.there().inOrder).isTrue();
        }
    }

    @Test
    default void aStalledStreamDoesNotHoldUpAnother() {
        try (MuxedPair pair = new MuxedPair(muxer(), 6)) {
            MuxedPair.Both stalled = pair.openBoth();
            stalled.there().consuming = false;
            MuxedPair.Both flowing = pair.openBoth();
            stalled.here().writeWhileWritable(PLENTY, pair.wire::pump);

            assertThat(flowing.here().writeWhileWritable(4_000_000, pair.wire::pump))
                    .isEqualTo(4_000_000);
            assertThat(flowing.there().received).isEqualTo(flowing.here().sent);
        }
    }

    @Test
    default void halfCloseLeavesTheOtherDirectionOpen() {
        try (MuxedPair pair = new MuxedPair(muxer(), 7)) {
            MuxedPair.Both both = pair.openBoth();
            both.here().consumeAll();
            both.here().write(1_000);
            both.here().stream.closeWrite();
            both.here().stream.closeWrite();
            pair.wire.pump();
            assertThat(both.there().received).isEqualTo(both.here().sent);
            assertThat(both.there().ended).isTrue();
            assertThat(both.there().closed).isFalse();
            assertThat(both.here().stream.isWritable()).isFalse();

            both.there().write(100_000);
            pair.wire.pump();
            assertThat(both.here().received).isEqualTo(100_000);

            both.there().stream.closeWrite();
            pair.wire.pump();
            assertThat(both.here().ended && both.here().closed).isTrue();
            assertThat(both.there().closed).isTrue();
            assertGone(pair, both);
        }
    }

    @Test
    default void theEndComesAfterWhatTheWindowHeldBack() {
        try (MuxedPair pair = new MuxedPair(muxer(), 8)) {
            MuxedPair.Both both = pair.openBoth();
            both.there().consuming = false;
            both.here().write((int) (2 * stallsWithin()));
            both.here().stream.closeWrite();
            pair.wire.pump();
            assertThat(both.there().ended).isFalse();
            both.there().consumeAll();
            pair.wire.pump();
            assertThat(both.there().received).isEqualTo(both.here().sent);
            assertThat(both.there().ended).isTrue();
        }
    }

    @Test
    default void whatIsWrittenAfterTheEndIsReleased() {
        try (MuxedPair pair = new MuxedPair(muxer(), 9)) {
            MuxedPair.Both both = pair.openBoth();
            both.here().stream.closeWrite();
            ByteBuf late = ByteBufAllocator.DEFAULT.buffer().writeInt(1);
            both.here().stream.write(late);
            pair.wire.pump();
            assertThat(late.refCnt()).isZero();
            assertThat(both.there().received).isEqualTo(both.here().sent);
        }
    }

    @Test
    default void resetEndsBothDirectionsAtBothEnds() {
        for (ErrorCode code : List.of(ErrorCode.NONE, ErrorCode.RATE_LIMITED, ErrorCode.of(0xFFFF_FFFFL))) {
            try (MuxedPair pair = new MuxedPair(muxer(), 10)) {
                MuxedPair.Both both = pair.openBoth();
                both.here().stream.reset(code);
                both.here().stream.reset(code);
                pair.wire.pump();
                assertThat(both.there().error)
                        .asInstanceOf(InstanceOfAssertFactories.type(StreamResetException.class))
                        .satisfies(error -> {
                            assertThat(error.remote()).isTrue();
                            assertThat(error.code()).isEqualTo(carriesCodes() ? code : ErrorCode.NONE);
                        });
                assertThat(both.here().error)
                        .describedAs("nobody tells the one who did it")
                        .isNull();
                assertThat(both.here().closed).isFalse();
                assertGone(pair, both);
                assertThat(pair.dialer.closeCause()).isEmpty();
            }
        }
    }

    @Test
    default void resetDropsWhatIsOnItsWay() {
        try (MuxedPair pair = new MuxedPair(muxer(), 11)) {
            MuxedPair.Both both = pair.openBoth();
            MuxedPair.Both other = pair.openBoth();
            both.there().consuming = false;
            both.here().write((int) (2 * stallsWithin())); // waits at the sender, on the wire and at the receiver
            both.there().stream.reset(ErrorCode.NONE);
            pair.wire.pump();
            assertThat(both.here().error).isInstanceOf(StreamResetException.class);
            assertThat(other.here().writeWhileWritable(1_000, pair.wire::pump)).isEqualTo(1_000);
            assertThat(other.there().received).isEqualTo(other.here().sent);
            assertThat(pair.dialer.closeCause()).isEmpty();
        }
    }

    @Test
    default void dataIsHeldUntilSomeoneListens() {
        try (MuxedPair pair = new MuxedPair(muxer(), 12)) {
            MuxedStream unattended = pair.open();
            unattended.write(Unpooled.wrappedBuffer(new byte[] {0}));
            unattended.flush();
            pair.wire.pump();
            RecordingStream there = pair.accepted.get(0);
            there.write(5_000);
            there.stream.closeWrite();
            pair.wire.pump();

            RecordingStream here = new RecordingStream(unattended);
            pair.wire.pump();
            assertThat(here.received).isEqualTo(5_000);
            assertThat(here.inOrder).isTrue();
            assertThat(here.ended).isTrue();
        }
    }

    @Test
    default void aNewListenerTakesOver() {
        try (MuxedPair pair = new MuxedPair(muxer(), 13)) {
            MuxedPair.Both both = pair.openBoth();
            RecordingStream successor = new RecordingStream(both.there().stream);
            long before = both.there().received;
            both.here().sent = 0;
            both.here().write(777);
            pair.wire.pump();
            assertThat(both.there().received).isEqualTo(before);
            assertThat(successor.received).isEqualTo(777);
            assertThat(successor.inOrder).isTrue();
        }
    }

    @Test
    default void aClosedReadSideDropsDataAndEarnsNoCredit() {
        try (MuxedPair pair = new MuxedPair(muxer(), 14)) {
            MuxedPair.Both both = pair.openBoth();
            both.here().consumeAll();
            both.there().stream.closeRead();
            both.there().stream.closeRead();
            long before = both.there().received;
            assertThat(both.here().writeWhileWritable(PLENTY, pair.wire::pump)).isLessThanOrEqualTo(stallsWithin());
            assertThat(both.there().received).isEqualTo(before);

            both.there().write(10_000);
            pair.wire.pump();
            assertThat(both.here().received)
                    .describedAs("the other direction goes on")
                    .isEqualTo(10_000);
        }
    }

    @Test
    default void aThousandStreamsLiveSideBySide() {
        try (MuxedPair pair = new MuxedPair(muxer(), 15)) {
            List<RecordingStream> opened = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                pair.dialer.openStream().subscribe(stream -> opened.add(new RecordingStream(stream)));
                if (i % 100 == 99) {
                    pair.wire.pump();
                }
            }
            assertThat(opened).hasSize(1_000);
            opened.forEach(stream -> stream.write(100));
            pair.wire.pump();
            assertThat(pair.accepted).hasSize(1_000).allMatch(stream -> stream.received == 100 && stream.inOrder);
            assertThat(pair.listener.streamCount()).isEqualTo(1_000);

            opened.forEach(stream -> stream.stream.closeWrite());
            pair.accepted.forEach(stream -> stream.stream.closeWrite());
            pair.wire.pump();
            assertThat(opened).allMatch(stream -> stream.closed);
            assertThat(pair.dialer.streamCount()).isZero();
            assertThat(pair.listener.streamCount()).isZero();
        }
    }

    @Test
    default void streamsThatNobodyAcceptsAreReset() {
        try (MuxedPair pair = new MuxedPair(muxer(), 16, false)) {
            RecordingStream refused = new RecordingStream(pair.open());
            refused.write(10);
            pair.wire.pump();
            assertThat(refused.error).isInstanceOf(StreamResetException.class);
            assertThat(pair.dialer.streamCount()).isZero();
        }
    }

    @Test
    default void closingTheConnectionEndsItsStreams() {
        try (MuxedPair pair = new MuxedPair(muxer(), 17)) {
            MuxedPair.Both both = pair.openBoth();
            List<String> told = new ArrayList<>();
            pair.dialer.onDispose().subscribe(null, null, () -> told.add("dialer"));
            pair.listener.onDispose().subscribe(null, null, () -> told.add("listener"));
            pair.dialer.close(ErrorCode.SHUTDOWN);
            pair.dialer.close(ErrorCode.NONE);
            pair.wire.pump();

            assertThat(told).containsExactlyInAnyOrder("dialer", "listener");
            assertThat(both.here().error).isInstanceOf(ConnectionClosedException.class);
            assertThat(both.there().error).isInstanceOf(ConnectionClosedException.class);
            assertThat(pair.dialer.closeCause()).hasValueSatisfying(cause -> {
                assertThat(cause.remote()).isFalse();
                assertThat(cause.code()).isEqualTo(ErrorCode.SHUTDOWN);
            });
            assertThat(pair.listener.closeCause())
                    .hasValueSatisfying(cause -> assertThat(cause.remote()).isTrue());
            assertGone(pair, both);
            List<Throwable> refused = new ArrayList<>();
            pair.dialer.openStream().subscribe(stream -> {}, refused::add);
            assertThat(refused).singleElement().isInstanceOf(ConnectionClosedException.class);
        }
    }

    @Test
    default void aPulledPlugEndsStreamsAtBothEnds() {
        try (MuxedPair pair = new MuxedPair(muxer(), 18)) {
            MuxedPair.Both both = pair.openBoth();
            both.there().consuming = false;
            both.here().write((int) (2 * stallsWithin()));
            pair.wire.cut();
            assertThat(both.here().error).isInstanceOf(ConnectionClosedException.class);
            assertThat(both.there().error).isInstanceOf(ConnectionClosedException.class);
            assertThat(pair.dialer.closeCause()).isPresent();
            assertGone(pair, both);
        }
    }

    @Test
    default void noTimerOutlivesTheConnection() {
        try (MuxedPair pair = new MuxedPair(muxer(), 19)) {
            pair.openBoth();
            pair.wire.advance(Duration.ofSeconds(1));
            pair.dialer.dispose();
            pair.wire.pump();
            assertThat(pair.wire.hasTimers()).isFalse();
        }
    }

    @Test
    default void garbageClosesTheConnection() {
        for (int seed = 0; seed < 50; seed++) {
            byte[] garbage = new byte[5_000];
            new Random(seed).nextBytes(garbage);
            garbage[0] = (byte) 0xEE; // no version, no kind of frame
            try (MuxedPair pair = new MuxedPair(muxer(), seed)) {
                MuxedPair.Both both = pair.openBoth();
                pair.wire.dialed().channel().pipeline().firstContext().writeAndFlush(Unpooled.wrappedBuffer(garbage));
                pair.wire.pump();
                assertThat(pair.listener.closeCause())
                        .describedAs("seed %d", seed)
                        .isPresent();
                assertThat(both.there().error).isInstanceOf(ConnectionClosedException.class);
            }
        }
    }

    private static void assertGone(MuxedPair pair, MuxedPair.Both both) {
        assertThat(pair.dialer.streamCount()).isZero();
        assertThat(pair.listener.streamCount()).isZero();
        assertThat(both.here().stream.isWritable()).isFalse();
        assertThat(both.there().stream.isWritable()).isFalse();
        assertThat(both.here().calledAfterLast).isZero();
        assertThat(both.there().calledAfterLast).isZero();
    }
}
