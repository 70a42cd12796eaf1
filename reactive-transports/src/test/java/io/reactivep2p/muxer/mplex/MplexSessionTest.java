package io.reactivep2p.muxer.mplex;

import static io.reactivep2p.muxer.mplex.MplexFrameCodec.CLOSE_INITIATOR;
import static io.reactivep2p.muxer.mplex.MplexFrameCodec.CLOSE_RECEIVER;
import static io.reactivep2p.muxer.mplex.MplexFrameCodec.MAX_PAYLOAD;
import static io.reactivep2p.muxer.mplex.MplexFrameCodec.MESSAGE_INITIATOR;
import static io.reactivep2p.muxer.mplex.MplexFrameCodec.MESSAGE_RECEIVER;
import static io.reactivep2p.muxer.mplex.MplexFrameCodec.NEW_STREAM;
import static io.reactivep2p.muxer.mplex.MplexFrameCodec.RESET_INITIATOR;
import static io.reactivep2p.muxer.mplex.MplexFrameCodec.RESET_RECEIVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.muxer.RecordingListener;
import io.reactivep2p.resource.ResourceLimitException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MplexSessionTest {

    private MplexPair pair = new MplexPair();

    @AfterEach
    void nothingIsLeft() {
        pair.close();
    }

    private ByteBuf text(String text) {
        return pair.tracked(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    }

    @Test
    void aStreamIsOpenedUsedAndClosed() {
        RecordingListener here = pair.client.open();
        here.stream.write(text("ping"));
        here.stream.closeWrite();
        pair.talk();
        assertThat(pair.client.takeSent())
                .containsExactly(
                        new MplexFrame(NEW_STREAM, 0, 1),
                        new MplexFrame(MESSAGE_INITIATOR, 0, 4),
                        new MplexFrame(CLOSE_INITIATOR, 0, 0));
        RecordingListener there = pair.server.accepted.get(0);
        assertThat(there.receivedText()).isEqualTo("ping");
        assertThat(there.ends).isOne();
        assertThat(there.stream.direction()).isEqualTo(Direction.INBOUND);
        there.stream.write(text("pong"));
        there.stream.closeWrite();
        pair.talk();
        assertThat(pair.server.takeSent())
                .containsExactly(new MplexFrame(MESSAGE_RECEIVER, 0, 4), new MplexFrame(CLOSE_RECEIVER, 0, 0));
        assertThat(here.receivedText()).isEqualTo("pong");
        assertThat(List.of(here.closes, there.closes)).containsOnly(1);
        assertThat(pair.client.session.streamCount()).isZero();
        assertThat(pair.server.session.streamCount()).isZero();
    }

    @Test
    void theSameIdOfBothEndsNamesTwoStreams() {
        RecordingListener ours = pair.client.open();
        RecordingListener theirs = pair.server.open();
        ours.stream.write(text("of the client"));
        theirs.stream.write(text("of the server"));
        pair.talk();
        assertThat(ours.stream.id()).isEqualTo(theirs.stream.id());
        assertThat(pair.client.session.streamCount()).isEqualTo(2);
        assertThat(pair.server.accepted.get(0).receivedText()).isEqualTo("of the client");
        assertThat(pair.client.accepted.get(0).receivedText()).isEqualTo("of the server");
        ours.stream.reset(ErrorCode.NONE);
        pair.talk();
        assertThat(pair.server.accepted.get(0).error).isInstanceOf(StreamResetException.class);
        assertThat(theirs.error).isNull();
        assertThat(pair.client.accepted.get(0).error).isNull();
    }

    @Test
    void aStreamThatIsResetBeforeItIsAnnouncedIsNeverHeardOf() {
        pair.client.open().stream.reset(ErrorCode.NONE);
        pair.talk();
        assertThat(pair.client.takeSent()).isEmpty();
        assertThat(pair.client.session.hasOutput()).isFalse();
    }

    @Test
    void aStreamIsAnnouncedWithoutData() {
        pair.client.open();
        assertThat(pair.client.flushes).as("it is not left to a flush").isPositive();
        pair.talk();
        assertThat(pair.server.accepted).hasSize(1);
    }

    /** A peer that names a stream of ours before it can know it means another one, or harm. */
    @Test
    void framesForAStreamThatIsNotAnnouncedAreSkipped() {
        RecordingListener here = pair.client.open();
        pair.client.receive(
                new MplexFrame(MESSAGE_RECEIVER, 0, 5),
                new MplexFrame(CLOSE_RECEIVER, 0, 0),
                new MplexFrame(RESET_RECEIVER, 0, 0));
        assertThat(here.received).isZero();
        assertThat(here.ends).isZero();
        assertThat(here.error).isNull();
    }

    @Test
    void resetsGoBeforeAnnouncementsAndThoseBeforeData() {
        RecordingListener bulk = pair.both()[0];
        RecordingListener other = pair.both()[0];
        pair.client.takeSent();
        bulk.stream.write(pair.zeros(100_000));
        pair.client.open().stream.write(pair.zeros(3));
        other.stream.reset(ErrorCode.NONE);
        pair.client.drain();
        assertThat(pair.client.takeSent())
                .containsExactly(
                        new MplexFrame(RESET_INITIATOR, 1, 0),
                        new MplexFrame(NEW_STREAM, 2, 1),
                        new MplexFrame(MESSAGE_INITIATOR, 0, MAX_PAYLOAD),
                        new MplexFrame(MESSAGE_INITIATOR, 2, 3),
                        new MplexFrame(MESSAGE_INITIATOR, 0, 100_000 - MAX_PAYLOAD));
    }

    @Test
    void dataAfterTheEndResetsTheStreamAndNothingElse() {
        RecordingListener[] both = pair.both();
        RecordingListener other = pair.both()[1];
        pair.server.receive(new MplexFrame(CLOSE_INITIATOR, 0, 0), new MplexFrame(MESSAGE_INITIATOR, 0, 3));
        assertThat(both[1].error).isInstanceOfSatisfying(StreamResetException.class, e -> {
            assertThat(e.remote()).isFalse();
            assertThat(e.code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        });
        assertThat(both[1].received).isZero();
        pair.talk();
        assertThat(both[0].error).isInstanceOf(StreamResetException.class);
        assertThat(other.error).isNull();
        assertThat(pair.server.session.closeCause()).isNull();
    }

    @Test
    void aKnownStreamCannotBeOpenedAgain() {
        pair.both();
        pair.server.receive(new MplexFrame(NEW_STREAM, 0, 1));
        assertThat(pair.server.session.closeCause())
                .hasCauseInstanceOf(ProtocolViolationException.class)
                .hasMessageContaining("a known stream is opened");
        assertThat(pair.server.accepted.get(0).error).isInstanceOf(ConnectionClosedException.class);
    }

    @Test
    void framesForUnknownStreamsAreSkipped() {
        RecordingListener there = pair.both()[1];
        pair.server.receive(
                new MplexFrame(MESSAGE_INITIATOR, 77, 1_000),
                new MplexFrame(CLOSE_RECEIVER, 3, 0),
                new MplexFrame(RESET_INITIATOR, 4, 0),
                new MplexFrame(MESSAGE_INITIATOR, 0, 5));
        assertThat(there.received).isEqualTo(5);
        assertThat(pair.server.session.hasOutput()).isFalse();
    }

    @Test
    void namesAreSkippedHoweverLong() {
        pair.server.receive(new MplexFrame(NEW_STREAM, 9, MplexFrameCodec.MAX_LENGTH));
        assertThat(pair.server.accepted).hasSize(1);
        assertThat(pair.server.accepted.get(0).received).isZero();
        assertThat(pair.server.session.unconsumed()).isZero();
    }

    @Test
    void streamsBeyondTheLimitAreReset() {
        pair.close();
        pair = new MplexPair(spec -> spec.maxInboundStreams(2));
        List<RecordingListener> opened = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            opened.add(pair.client.open());
        }
        pair.talk();
        assertThat(pair.server.accepted).hasSize(2);
        assertThat(opened.get(2).error).isInstanceOf(StreamResetException.class);
        opened.get(0).stream.reset(ErrorCode.NONE);
        RecordingListener next = pair.client.open();
        pair.talk();
        assertThat(next.error).isNull();
        assertThat(pair.server.accepted).hasSize(3);
    }

    @Test
    void ourStreamsAreLimitedToo() {
        pair.close();
        pair = new MplexPair(spec -> spec.maxOutboundStreams(1));
        pair.client.open();
        assertThatExceptionOfType(ResourceLimitException.class)
                .isThrownBy(() -> pair.client.session.open())
                .withMessageContaining("limit of 1 outbound");
    }

    @Test
    void idsEnd() {
        pair.close();
        pair = new MplexPair(spec -> {}, MplexFrameCodec.MAX_ID);
        RecordingListener last = pair.client.open();
        last.stream.write(text("x"));
        pair.talk();
        assertThat(pair.server.accepted.get(0).receivedText()).isEqualTo("x");
        assertThatExceptionOfType(ResourceLimitException.class)
                .isThrownBy(() -> pair.client.session.open())
                .withMessageContaining("used up");
    }

    @Test
    void whatTheSocketDoesNotTakeWaitsAndTheWriterIsTold() {
        RecordingListener here = pair.both()[0];
        pair.client.socketWritable(false);
        assertThat(here.stream.isWritable()).isFalse();
        here.stream.write(pair.zeros(10));
        pair.talk();
        assertThat(pair.server.accepted.get(0).received).isZero();
        pair.client.socketWritable(true);
        pair.talk();
        assertThat(here.writables).isOne();
        assertThat(pair.server.accepted.get(0).received).isEqualTo(10);
    }

    @Test
    void aWriterWhoFillsTheStreamIsToldWhenItHasRoom() {
        RecordingListener here = pair.both()[0];
        here.stream.write(pair.zeros(MplexStream.MAX_UNFLUSHED));
        assertThat(here.stream.isWritable()).isFalse();
        pair.talk();
        assertThat(here.writables).isOne();
        assertThat(here.stream.isWritable()).isTrue();
    }

    @Test
    void aListenerThatThrowsLosesItsStreamOnly() {
        RecordingListener[] both = pair.both();
        RecordingListener other = pair.both()[1];
        both[1].stream.attach(new RecordingListener(both[1].stream) {
            @Override
            public void onData(ByteBuf data) {
                data.release();
                throw new IllegalStateException("planted");
            }
        });
        both[0].stream.write(text("x"));
        pair.talk();
        assertThat(both[0].error).isInstanceOf(StreamResetException.class);
        assertThat(other.error).isNull();
        assertThat(pair.server.session.closeCause()).isNull();
    }

    @Test
    void whatAStreamHoldsForALateListenerIsGivenToItAndTheEndBehindIt() {
        MuxedStream unattended = pair.client.session.open();
        pair.talk();
        RecordingListener there = pair.server.accepted.get(0);
        there.stream.write(text("first, "));
        pair.talk();
        there.stream.write(text("second"));
        there.stream.closeWrite();
        pair.talk();
        assertThat(pair.client.session.unconsumed()).isEqualTo(13);
        RecordingListener late = new RecordingListener(unattended);
        assertThat(late.receivedText()).isEqualTo("first, second");
        assertThat(late.ends).isOne();
        assertThat(pair.client.session.unconsumed()).isZero();
    }

    @Test
    void aStreamThatThePeerDoesNotEndIsResetAfterTheLingerTime() {
        RecordingListener[] both = pair.both();
        both[0].stream.closeRead();
        both[0].stream.closeWrite();
        pair.pass(Duration.ofMinutes(5).toNanos() - 1);
        assertThat(both[0].error).isNull();
        pair.pass(1);
        assertThat(both[0].error).isInstanceOfSatisfying(StreamResetException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.GARBAGE_COLLECTED));
        assertThat(both[1].error).isInstanceOf(StreamResetException.class);
        assertThat(pair.client.session.nextTimeoutNanos()).isEqualTo(MplexSession.NEVER);
    }

    @Test
    void aClosedSessionOpensNothingTakesNothingAndGivesNothing() {
        RecordingListener here = pair.both()[0];
        here.stream.write(text("x"));
        ConnectionClosedException cause = new ConnectionClosedException(ErrorCode.SHUTDOWN, false);
        pair.client.session.close(cause);
        assertThat(here.error).isSameAs(cause);
        assertThatExceptionOfType(ConnectionClosedException.class).isThrownBy(() -> pair.client.session.open());
        assertThat(pair.client.session.hasOutput()).isFalse();
        pair.client.receive(new MplexFrame(NEW_STREAM, 5, 0));
        assertThat(pair.client.accepted).isEmpty();
    }
}
