package io.reactivep2p.multistream;

import static io.reactivep2p.multistream.NegotiationSessionTest.concat;
import static io.reactivep2p.multistream.NegotiationSessionTest.messages;
import static io.reactivep2p.multistream.NegotiationSessionTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.muxer.MuxedStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LazyStreamTest {

    private static final ProtocolId ECHO = ProtocolId.of("/echo/1.0.0");
    private static final String HEADER = "/multistream/1.0.0";
    private static final String GREETING = text(messages(HEADER, "/echo/1.0.0"));

    private final FakeStream raw = new FakeStream();
    private final RecordingListener listener = new RecordingListener();
    private final MuxedStream lazy = Multistream.selectLazily(raw, ECHO);

    @AfterEach
    void nothingLeaks() {
        raw.assertNothingLeaked();
    }

    @Test
    void nothingIsSentBeforeTheUserListensOrSends() {
        raw.endTurn();
        assertThat(raw.writes).isEmpty();
    }

    @Test
    void aUserWhoOnlyListensProposesAtTheEndOfTheTurn() {
        lazy.attach(listener);
        assertThat(raw.writes).isEmpty();

        raw.endTurn();

        assertThat(raw.writes).containsExactly(GREETING);
        assertThat(raw.flushes).isEqualTo(1);
    }

    @Test
    void aUserWhoListensAndWritesProposesOnce() {
        lazy.attach(listener);
        lazy.write(raw.data("hello"));
        raw.endTurn();
        assertThat(raw.writes).containsExactly(GREETING + "hello");
        assertThat(raw.flushes).isZero();
    }

    @Test
    void theProposalTravelsInOneWriteWithTheFirstData() {
        lazy.write(raw.data("hello"));
        lazy.write(raw.data("world"));
        lazy.flush();

        assertThat(raw.writes).containsExactly(GREETING + "hello", "world");
    }

    @Test
    void firstDataTooBigToCopyFollowsTheProposal() {
        String big = "x".repeat(10_000);
        lazy.write(raw.data(big));
        assertThat(raw.writes).containsExactly(GREETING, big);
    }

    @Test
    void aFlushProposes() {
        lazy.flush();
        lazy.flush();
        assertThat(raw.writes).containsExactly(GREETING);
        assertThat(raw.calls).containsExactly("write", "flush", "flush");
    }

    @Test
    void theEndOfTheWriteSideProposesFirst() {
        lazy.closeWrite();
        assertThat(raw.calls).containsExactly("write", "closeWrite");
        assertThat(raw.writes).containsExactly(GREETING);
    }

    @Test
    void theAnswerIsTakenOffTheFrontAtEverySplitPoint() {
        ByteBuf all = concat(messages(HEADER, "/echo/1.0.0"), "hello");
        for (int split = 0; split <= all.readableBytes(); split++) {
            FakeStream stream = new FakeStream();
            RecordingListener heard = new RecordingListener();
            MuxedStream subject = Multistream.selectLazily(stream, ECHO);
            subject.attach(heard);
            subject.flush();

            stream.receive(all.slice(0, split));
            stream.receive(all.slice(split, all.readableBytes() - split));

            assertThat(String.join("", heard.events)).as("split at %d", split).isEqualTo("hello");
            assertThat(stream.consumed).isEqualTo(GREETING.length());
            assertThat(stream.listener).isSameAs(heard);
            stream.assertNothingLeaked();
        }
    }

    @Test
    void anEagerHeaderIsTakenBeforeTheProposalIsSent() {
        lazy.attach(listener);
        raw.receive(messages(HEADER));
        lazy.write(raw.data("hello"));
        raw.receive(messages("/echo/1.0.0"));

        assertThat(raw.listener).isSameAs(listener);
        assertThat(listener.events).isEmpty();
    }

    @Test
    void dataIsHeldBackUntilSomeoneListens() {
        lazy.flush();
        raw.receive(concat(messages(HEADER, "/echo/1.0.0"), "hello"));
        lazy.attach(listener);
        assertThat(listener.events).containsExactly("hello");
    }

    @Test
    void aRefusalIsTheStreamsErrorAndResetsIt() {
        lazy.attach(listener);
        lazy.write(raw.data("hello"));

        raw.receive(messages(HEADER, "na"));
        lazy.write(raw.data("more"));

        assertThat(listener.events).containsExactly("<error>");
        assertThat(listener.error).isInstanceOf(NegotiationException.class);
        assertThat(raw.reset).isEqualTo(ErrorCode.NEGOTIATION_FAILED);
    }

    @Test
    void aRefusalThatNoOneHearsResetsTheStream() {
        lazy.closeRead();
        lazy.flush();
        raw.receive(messages(HEADER, "na"));
        assertThat(raw.reset).isEqualTo(ErrorCode.NEGOTIATION_FAILED);
    }

    @Test
    void aHostileAnswerResetsTheStream() {
        lazy.attach(listener);
        lazy.flush();
        raw.receive(Unpooled.wrappedBuffer(new byte[] {0}));
        assertThat(listener.error).isInstanceOf(NegotiationException.class);
        assertThat(raw.reset).isEqualTo(ErrorCode.NEGOTIATION_FAILED);
    }

    @Test
    void aHalfCloseBeforeTheAnswerLeavesTheOtherDirectionOpen() {
        lazy.attach(listener);
        lazy.write(raw.data("question"));
        lazy.closeWrite();

        raw.receive(concat(messages(HEADER, "/echo/1.0.0"), "answer"));
        raw.listener.onEnd();
        raw.listener.onClosed();

        assertThat(listener.events).containsExactly("answer", "<end>", "<closed>");
        assertThat(raw.writes).containsExactly(GREETING + "question");
    }

    @Test
    void theRemoteEndBeforeTheAnswerIsAnError() {
        lazy.attach(listener);
        lazy.flush();
        raw.receive(messages(HEADER));
        raw.listener.onEnd();
        assertThat(listener.error).isInstanceOf(NegotiationException.class);
        assertThat(raw.reset).isEqualTo(ErrorCode.NEGOTIATION_FAILED);
    }

    @Test
    void readingIsEndedOnlyWhenTheAnswerHasArrived() {
        lazy.attach(listener);
        lazy.write(raw.data("hello"));
        lazy.closeRead();
        assertThat(raw.calls).doesNotContain("closeRead");

        raw.receive(concat(messages(HEADER, "/echo/1.0.0"), "unwanted"));

        assertThat(raw.calls).contains("closeRead");
        assertThat(listener.events).isEmpty();
        assertThat(raw.listener).isSameAs(listener);
    }

    @Test
    void readingIsEndedAtOnceAfterTheAnswer() {
        lazy.attach(listener);
        lazy.flush();
        raw.receive(messages(HEADER, "/echo/1.0.0"));
        lazy.closeRead();
        assertThat(raw.calls).contains("closeRead");
    }

    @Test
    void aResetBeforeTheAnswerGoesOutAtOnceAndIsTheLastThing() {
        lazy.attach(listener);
        lazy.write(raw.data("hello"));

        lazy.reset(ErrorCode.GATED);
        raw.listener.onData(raw.data("late"));
        raw.listener.onEnd();
        raw.listener.onError(new StreamResetException(ErrorCode.NONE, true));
        raw.listener.onWritable();

        assertThat(raw.reset).isEqualTo(ErrorCode.GATED);
        assertThat(listener.events).isEmpty();
    }

    @Test
    void aResetBeforeAnythingWasSentSendsNoProposal() {
        lazy.attach(listener);
        lazy.reset(ErrorCode.NONE);
        raw.endTurn();
        assertThat(raw.writes).isEmpty();
        assertThat(raw.reset).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aRemoteResetBeforeTheAnswerIsPassedOnce() {
        lazy.attach(listener);
        lazy.flush();
        raw.listener.onError(new StreamResetException(ErrorCode.NONE, true));
        assertThat(listener.events).containsExactly("<error>");
        assertThat(listener.error).isInstanceOf(StreamResetException.class);
    }

    @Test
    void writabilityIsToldBeforeTheAnswer() {
        lazy.attach(listener);
        raw.listener.onWritable();
        assertThat(listener.events).containsExactly("<writable>");
    }
}
