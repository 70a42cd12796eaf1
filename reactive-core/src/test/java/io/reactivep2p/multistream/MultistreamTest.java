package io.reactivep2p.multistream;

import static io.reactivep2p.multistream.NegotiationSessionTest.concat;
import static io.reactivep2p.multistream.NegotiationSessionTest.messages;
import static io.reactivep2p.multistream.NegotiationSessionTest.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.muxer.MuxedStream;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MultistreamTest {

    private static final ProtocolId ECHO = ProtocolId.of("/echo/1.0.0");
    private static final ProtocolId ECHO2 = ProtocolId.of("/echo/2.0.0");
    private static final String HEADER = "/multistream/1.0.0";
    private static final String GREETING = text(messages(HEADER, "/echo/1.0.0"));

    private final FakeStream raw = new FakeStream();
    private final RecordingListener listener = new RecordingListener();
    private final Result result = new Result(stream -> stream.attach(listener));

    @AfterEach
    void nothingLeaks() {
        raw.assertNothingLeaked();
    }

    @Test
    void selectWritesOnceAndFlushesAndHandsOverTheMuxersOwnStream() {
        Multistream.Negotiation negotiation = Multistream.select(raw, List.of(ECHO), result);
        assertThat(raw.writes).containsExactly(GREETING);
        assertThat(raw.flushes).isEqualTo(1);
        assertThat(negotiation.isDone()).isFalse();

        raw.receive(messages(HEADER, "/echo/1.0.0"));

        assertThat(negotiation.isDone()).isTrue();
        assertThat(result.protocol).isEqualTo(ECHO);
        assertThat(result.stream).isSameAs(raw);
        assertThat(raw.listener).isSameAs(listener);
        assertThat(raw.consumed).isEqualTo(GREETING.length());
    }

    @Test
    void selectTriesTheNextAfterARefusal() {
        Multistream.select(raw, List.of(ECHO2, ECHO), result);

        raw.receive(messages(HEADER, "na"));
        raw.receive(messages("/echo/1.0.0"));

        assertThat(raw.writes).containsExactly(text(messages(HEADER, "/echo/2.0.0")), text(messages("/echo/1.0.0")));
        assertThat(result.protocol).isEqualTo(ECHO);
    }

    @Test
    void selectResetsTheStreamWhenEverythingIsRefused() {
        Multistream.select(raw, List.of(ECHO), result);

        raw.receive(messages(HEADER, "na"));

        assertThat(result.cause).isInstanceOf(NegotiationException.class);
        assertThat(raw.reset).isEqualTo(ErrorCode.NEGOTIATION_FAILED);
        assertThat(result.calls).isEqualTo(1);
    }

    @Test
    void bytesBehindTheAnswerReachTheListenerAndCreditIsTheirs() {
        Multistream.respond(raw, ECHO::equals, result);

        raw.receive(concat(messages(HEADER, "/echo/1.0.0"), "hello"));
        raw.receive(concat(Unpooled.buffer(), "world"));

        assertThat(raw.writes).containsExactly(GREETING);
        assertThat(listener.events).containsExactly("hello", "world");
        assertThat(raw.consumed).isEqualTo(GREETING.length());
        assertThat(raw.listener).isSameAs(listener);
    }

    @Test
    void aResponderLeavesTheFlushToTheEndOfTheTurnThatReadTheProposal() {
        Multistream.respond(raw, ECHO::equals, result);
        raw.receive(messages(HEADER, "/echo/1.0.0"));
        assertThat(raw.flushes).isZero();
    }

    @Test
    void whatWasHeldBackBeforeTheResponderCameIsAnsweredAndFlushed() {
        raw.receive(concat(messages(HEADER, "/echo/1.0.0"), "hello"));

        Multistream.Negotiation negotiation = Multistream.respond(raw, ECHO::equals, result);

        assertThat(negotiation.isDone()).isTrue();
        assertThat(raw.flushes).isEqualTo(1);
        assertThat(listener.events).containsExactly("hello");
    }

    @Test
    void respondAtEverySplitPoint() {
        ByteBuf all = concat(messages(HEADER, "/echo/2.0.0", "/echo/1.0.0"), "hello");
        for (int split = 0; split <= all.readableBytes(); split++) {
            FakeStream stream = new FakeStream();
            RecordingListener heard = new RecordingListener();
            Multistream.respond(stream, ECHO::equals, new Result(selected -> selected.attach(heard)));

            stream.receive(all.slice(0, split));
            stream.receive(all.slice(split, all.readableBytes() - split));

            assertThat(stream.written()).isEqualTo(text(messages(HEADER, "na", "/echo/1.0.0")));
            assertThat(String.join("", heard.events)).isEqualTo("hello");
            stream.assertNothingLeaked();
        }
    }

    @Test
    void aUserWhoResetsTheStreamWhileItIsHandedOverHearsNothing() {
        Multistream.respond(raw, ECHO::equals, new Result(stream -> {
            stream.attach(listener);
            stream.reset(ErrorCode.GATED);
        }));

        raw.receive(concat(messages(HEADER, "/echo/1.0.0"), "hello"));

        assertThat(listener.events).isEmpty();
        assertThat(raw.reset).isEqualTo(ErrorCode.GATED);
    }

    @Test
    void aUserWhoEndsReadingWhileTheStreamIsHandedOverGetsNoData() {
        Multistream.respond(raw, ECHO::equals, new Result(stream -> {
            stream.attach(listener);
            stream.closeRead();
        }));

        raw.receive(concat(messages(HEADER, "/echo/1.0.0"), "hello"));

        assertThat(listener.events).isEmpty();
        assertThat(raw.listener).isSameAs(listener);
        assertThat(raw.reset).isNull();
    }

    @Test
    void aStreamThatNobodyListensToIsResetWhenDataArrives() {
        Multistream.respond(raw, ECHO::equals, new Result(stream -> {}));
        raw.receive(concat(messages(HEADER, "/echo/1.0.0"), "hello"));
        assertThat(raw.reset).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aUserWhoThrowsLosesTheStream() {
        Multistream.respond(raw, ECHO::equals, new Result(stream -> {
            throw new IllegalStateException("no");
        }));

        assertThatIllegalStateException()
                .isThrownBy(() -> raw.receive(concat(messages(HEADER, "/echo/1.0.0"), "hello")));

        assertThat(raw.reset).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aPredicateThatThrowsFailsTheNegotiation() {
        Multistream.respond(
                raw,
                id -> {
                    throw new IllegalStateException("no");
                },
                result);

        raw.receive(messages(HEADER, "/echo/1.0.0"));

        assertThat(result.cause)
                .isInstanceOf(NegotiationException.class)
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(raw.reset).isEqualTo(ErrorCode.NEGOTIATION_FAILED);
    }

    @Test
    void hostileBytesFailTheNegotiationOnce() {
        Multistream.respond(raw, ECHO::equals, result);

        raw.receive(Unpooled.wrappedBuffer(new byte[] {0, 0, 0}));
        raw.listener.onData(raw.data("late"));

        assertThat(result.cause).isInstanceOf(NegotiationException.class);
        assertThat(raw.reset).isEqualTo(ErrorCode.NEGOTIATION_FAILED);
        assertThat(result.calls).isEqualTo(1);
    }

    @Test
    void abortFailsWithItsCauseAndOnlyWhileUnderWay() {
        NegotiationException cause = new NegotiationException("too slow", List.of(ECHO));
        Multistream.Negotiation negotiation = Multistream.select(raw, List.of(ECHO), result);

        negotiation.abort(cause);
        negotiation.abort(new NegotiationException("again", List.of()));

        assertThat(result.cause).isSameAs(cause);
        assertThat(result.calls).isEqualTo(1);
        assertThat(raw.reset).isEqualTo(ErrorCode.NEGOTIATION_FAILED);
    }

    @Test
    void theStreamsEndFailsTheNegotiation() {
        Multistream.respond(raw, ECHO::equals, result);
        raw.listener.onEnd();
        assertThat(result.cause).isInstanceOf(NegotiationException.class);
        assertThat(raw.reset).isEqualTo(ErrorCode.NEGOTIATION_FAILED);
    }

    @Test
    void aResetThatSaysNegotiationFailedIsARefusal() {
        Multistream.select(raw, List.of(ECHO), result);
        raw.listener.onError(new StreamResetException(ErrorCode.NEGOTIATION_FAILED, true));
        assertThat(result.cause).isInstanceOf(NegotiationException.class);
    }

    @Test
    void theEndOfTheConnectionIsPassedOnAsItIs() {
        Multistream.select(raw, List.of(ECHO), result);
        ConnectionClosedException cause = new ConnectionClosedException(ErrorCode.SHUTDOWN, true);
        raw.listener.onError(cause);
        assertThat(result.cause).isSameAs(cause);
        assertThat(raw.reset).isNull();
    }

    private static final class Result implements Multistream.Outcome {

        private final Consumer<MuxedStream> user;
        ProtocolId protocol;
        MuxedStream stream;
        Libp2pException cause;
        int calls;

        Result(Consumer<MuxedStream> user) {
            this.user = user;
        }

        @Override
        public void selected(ProtocolId selected, MuxedStream behind) {
            protocol = selected;
            stream = behind;
            calls++;
            user.accept(behind);
        }

        @Override
        public void failed(Libp2pException why) {
            cause = why;
            calls++;
        }
    }
}
