package io.reactivep2p.muxer.mplex;

import static io.reactivep2p.muxer.mplex.MplexFrameCodec.MAX_LENGTH;
import static io.reactivep2p.muxer.mplex.MplexFrameCodec.MESSAGE_INITIATOR;
import static io.reactivep2p.muxer.mplex.MplexFrameCodec.NEW_STREAM;
import static io.reactivep2p.muxer.mplex.MplexPair.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.muxer.RecordingListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stands in for flow control: bounds, a connection that is not read, streams that are given up. */
class MplexSlowReaderTest {

    private static final int BOUND = 1_000;

    private final MplexPair pair =
            new MplexPair(spec -> spec.maxStreamBuffer(BOUND).maxConnectionBuffer(4 * BOUND));

    @AfterEach
    void nothingIsLeft() {
        pair.close();
    }

    private RecordingListener[] stalled() {
        RecordingListener[] both = pair.both();
        both[1].consuming = false;
        return both;
    }

    @Test
    void aStreamOverItsBoundStopsTheReadingUntilHalfIsConsumed() {
        RecordingListener[] both = stalled();
        both[0].stream.write(pair.zeros(BOUND));
        pair.talk();
        assertThat(pair.server.session.wantsBytes()).isTrue();
        both[0].stream.write(pair.zeros(1));
        pair.talk();
        assertThat(pair.server.session.wantsBytes()).isFalse();

        both[0].stream.write(pair.zeros(400));
        pair.talk();
        assertThat(both[1].received).as("the rest waits on the wire").isEqualTo(BOUND + 1);
        both[1].stream.consumed(BOUND / 2);
        assertThat(pair.server.session.wantsBytes()).isFalse();
        int flushes = pair.server.flushes;
        both[1].stream.consumed(1);
        assertThat(pair.server.session.wantsBytes()).isTrue();
        assertThat(pair.server.flushes).as("the shell is told").isGreaterThan(flushes);
        pair.talk();
        assertThat(both[1].received).isEqualTo(BOUND + 401);
    }

    @Test
    void aStreamOfWhichNothingIsConsumedIsGivenUpAndTheOthersGoOn() {
        RecordingListener[] stalled = stalled();
        RecordingListener[] other = pair.both();
        stalled[0].stream.write(pair.zeros(BOUND + 1));
        pair.talk();
        other[0].stream.write(pair.zeros(50));
        pair.pass(5 * SECOND - 1);
        assertThat(other[1].received).as("held up").isZero();
        assertThat(stalled[1].error).isNull();

        pair.pass(1);
        assertThat(stalled[1].error).isInstanceOfSatisfying(StreamResetException.class, e -> {
            assertThat(e.remote()).isFalse();
            assertThat(e.code()).isEqualTo(ErrorCode.RESOURCE_LIMIT_EXCEEDED);
        });
        assertThat(stalled[0].error).isInstanceOf(StreamResetException.class);
        assertThat(other[1].received).isEqualTo(50);
        assertThat(pair.server.session.unconsumed()).isZero();
        assertThat(pair.server.session.nextTimeoutNanos()).isEqualTo(MplexSession.NEVER);
    }

    @Test
    void aSlowReaderKeepsItsStream() {
        RecordingListener[] both = stalled();
        both[0].stream.write(pair.zeros(BOUND + 1));
        pair.talk();
        for (int second = 0; second < 60; second += 4) {
            pair.pass(4 * SECOND);
            both[1].stream.consumed(1);
        }
        assertThat(both[1].error).isNull();
        assertThat(pair.server.session.wantsBytes()).isFalse();
        pair.pass(10 * SECOND);
        pair.pass(5 * SECOND);
        assertThat(both[1].error).isInstanceOf(StreamResetException.class);
    }

    /** None of them is over its own bound. */
    @Test
    void allStreamsTogetherHaveABoundAndTheLargestAreGivenUp() {
        RecordingListener largest = null;
        for (int i = 0; i < 5; i++) {
            RecordingListener[] both = stalled();
            both[0].stream.write(pair.zeros(i == 2 ? BOUND : BOUND - 150));
            largest = i == 2 ? both[1] : largest;
            assertThat(pair.server.session.wantsBytes()).isTrue();
            pair.talk();
        }
        assertThat(pair.server.session.wantsBytes()).isFalse();
        pair.pass(5 * SECOND);
        assertThat(largest.error).isInstanceOf(StreamResetException.class);
        assertThat(pair.server.accepted).filteredOn(one -> one.error != null).hasSize(3);
        assertThat(pair.server.session.unconsumed()).as("half is left").isEqualTo(2 * (BOUND - 150));
        assertThat(pair.server.session.wantsBytes()).isTrue();
    }

    @Test
    void aSlowReaderAmongManyKeepsAllOfThem() {
        for (int i = 0; i < 5; i++) {
            RecordingListener[] both = stalled();
            both[0].stream.write(pair.zeros(BOUND - 100));
            pair.talk();
        }
        assertThat(pair.server.session.wantsBytes()).isFalse();
        for (int i = 0; i < 10; i++) {
            pair.server.accepted.get(i % 5).stream.consumed(1);
            pair.pass(5 * SECOND);
        }
        assertThat(pair.server.accepted).allMatch(one -> one.error == null);
    }

    /** What comes although it is not asked for: by a layer below that does not stop. */
    @Test
    void bytesThatCannotBeStoppedResetTheStreamAtItsHardBound() {
        RecordingListener there = stalled()[1];
        pair.server.receive(new MplexFrame(MESSAGE_INITIATOR, 0, MAX_LENGTH));
        assertThat(there.error).isNull();
        pair.server.receive(new MplexFrame(MESSAGE_INITIATOR, 0, BOUND));
        assertThat(there.error).isNull();
        assertThat(pair.server.session.unconsumed()).isEqualTo(MAX_LENGTH + BOUND);
        pair.server.receive(new MplexFrame(MESSAGE_INITIATOR, 0, 1));
        assertThat(there.error).isInstanceOfSatisfying(StreamResetException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.RESOURCE_LIMIT_EXCEEDED));
        assertThat(pair.server.session.unconsumed()).isZero();
    }

    /** CVE-2022-23492 (go), CVE-2022-23486 (rust), CVE-2022-23487 (js): no limit on streams and their memory. */
    @Test
    void cve202223492aFloodOfStreamsAndBytesStaysWithinTheBounds() {
        for (int id = 0; id < 20_000; id++) {
            pair.server.receive(new MplexFrame(NEW_STREAM, id, 1), new MplexFrame(MESSAGE_INITIATOR, id, 600));
            pair.server.accepted.forEach(one -> one.consuming = false);
            pair.server.drain();
            assertThat(pair.server.session.streamCount()).isLessThanOrEqualTo(MplexOptions.DEFAULT_MAX_STREAMS);
            assertThat(pair.server.session.unconsumed()).isLessThanOrEqualTo(4L * BOUND + MAX_LENGTH);
        }
        assertThat(pair.server.session.closeCause()).isNull();
    }

    @Test
    void aFloodOfStreamsWhoseResetsAreNotTakenClosesTheConnection() {
        pair.server.socketWritable(false);
        int id = 0;
        while (pair.server.session.closeCause() == null && id < 100_000) {
            pair.server.receive(new MplexFrame(NEW_STREAM, id++, 0));
        }
        assertThat(pair.server.session.closeCause()).hasCauseInstanceOf(ProtocolViolationException.class);
        assertThat(id).isLessThan(5_000);
    }

    @Test
    void aClosedReadSideCountsForNothingAndHoldsNobodyUp() {
        RecordingListener[] both = stalled();
        both[0].stream.write(pair.zeros(BOUND + 1));
        pair.talk();
        assertThat(pair.server.session.wantsBytes()).isFalse();
        both[1].stream.closeRead();
        assertThat(pair.server.session.wantsBytes()).isTrue();
        both[0].stream.write(pair.zeros(100 * BOUND));
        pair.talk();
        assertThat(pair.server.session.unconsumed()).isZero();
        assertThat(both[1].received).isEqualTo(BOUND + 1);
        both[1].stream.consumed(BOUND);
        both[1].stream.write(pair.zeros(7));
        pair.talk();
        assertThat(both[0].received).isEqualTo(7);
    }

    @Test
    void aStreamThatEndsIsNoLongerCounted() {
        RecordingListener[] both = stalled();
        both[0].stream.write(pair.zeros(BOUND + 1));
        pair.talk();
        both[1].stream.reset(ErrorCode.NONE);
        assertThat(pair.server.session.unconsumed()).isZero();
        assertThat(pair.server.session.wantsBytes()).isTrue();
    }
}
