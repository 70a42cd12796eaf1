package io.reactivep2p.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.connection.StreamResetException;
import io.reactivep2p.multistream.NegotiationException;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peerstore.Peerstore;
import io.reactivep2p.protocol.echo.Echo;
import io.reactivep2p.protocol.perf.Perf;
import io.reactivep2p.protocol.perf.PerfListener;
import io.reactivep2p.protocol.perf.PerfResult;
import io.reactivep2p.protocol.ping.Ping;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What streams do: carry bytes, end in three ways, be refused. */
class StreamsInteropIT extends InteropFixture {

    private static final ProtocolId UNKNOWN = ProtocolId.of("/interop/nobody-serves-this/1.0.0");

    @Test
    void wePing() {
        List<Duration> rtts =
                Ping.create().pings(connection).take(5).collectList().block(PATIENCE);

        assertThat(rtts)
                .hasSize(5)
                .allSatisfy(rtt -> assertThat(rtt).isPositive().isLessThan(PATIENCE));
    }

    @Test
    void theyPing() {
        JsonNode rtts = peer.call("ping", toUs(Map.of("count", 5))).get("rttMicros");

        assertThat(rtts).hasSize(5).allSatisfy(rtt -> assertThat(rtt.asLong())
                .isBetween(0L, PATIENCE.toNanos() / 1_000));
    }

    @ParameterizedTest(name = "{0} bytes in pieces of 1 to {1}")
    @CsvSource({"1048576, 65536", "3000, 3", "1, 1", "0, 1"})
    void whatWeSendComesBack(int bytes, int maxPiece) {
        assertThat(echo(connection.open(Echo.PROTOCOL), bytes, maxPiece).block(PATIENCE))
                .isEqualTo(bytes);
    }

    @ParameterizedTest(name = "{0} bytes in pieces of 1 to {1}")
    @CsvSource({"1048576, 65536", "3000, 3", "1, 1", "0, 1"})
    void whatTheySendComesBack(int bytes, int maxPiece) {
        JsonNode echoed = peer.call("echo", toUs(Map.of("bytes", bytes, "maxChunk", maxPiece, "seed", 7)));

        assertThat(echoed.get("bytes").asInt()).isEqualTo(bytes);
        assertThat(echoed.get("sha256").asText()).isEqualTo(Pattern.sha256(7, bytes));
    }

    @Test
    void fiftyOfOurStreamsLiveSideBySide() {
        List<Long> echoed = Flux.range(0, 50)
                .flatMap(i -> echo(connection.open(Echo.PROTOCOL), 100_000, 20_000), 50)
                .collectList()
                .block(PATIENCE);

        assertThat(echoed).hasSize(50).containsOnly(100_000L);
    }

    @Test
    void fiftyOfTheirStreamsLiveSideBySide() {
        List<Peer.Call> calls = IntStream.range(0, 50)
                .mapToObj(i -> peer.begin("echo", toUs(Map.of("bytes", 100_000, "maxChunk", 20_000, "seed", i))))
                .toList();

        for (Peer.Call call : calls) {
            assertThat(call.reply().get("bytes").asInt()).isEqualTo(100_000);
        }
    }

    @Test
    void theyAnswerAfterWeHalfClose() {
        ProtocolStream stream = open(TestProtocols.HALF_CLOSE);

        ByteBuf answer = stream.send(PatternSource.of(1, 100).chunks())
                .then(stream.closeWrite())
                .thenMany(stream.receive())
                .reduce(Unpooled.buffer(), ByteBuf::writeBytes)
                .block(PATIENCE);

        String expected = "bytes seen: 100\n";
        assertThat(answer.readCharSequence(expected.length(), StandardCharsets.US_ASCII))
                .hasToString(expected);
        assertThat(answer.readableBytes()).isEqualTo(TestProtocols.ANSWER_BYTES);
        assertThat(new Pattern(TestProtocols.ANSWER_SEED).accepts(answer)).isTrue();
        awaitEnd(stream);
    }

    @Test
    void weAnswerAfterTheyHalfClose() {
        JsonNode answer = peer.call("halfclose", toUs(Map.of("bytes", 100)));

        assertThat(answer.get("text").asText()).isEqualTo("bytes seen: 100");
        assertThat(answer.get("bytes").asInt()).isEqualTo(TestProtocols.ANSWER_BYTES);
    }

    @Test
    void theySeeOurReset() {
        ProtocolStream stream = open(TestProtocols.RESET);
        int mark = peer.mark();

        stream.send(PatternSource.of(1, TestProtocols.RESET_BYTES).chunks()).block(PATIENCE);
        assertThatThrownBy(() -> stream.receive()
                        .doOnNext(acknowledged -> {
                            assertThat(acknowledged.readByte()).isEqualTo(TestProtocols.ACKNOWLEDGEMENT);
                            stream.reset(ErrorCode.NONE);
                        })
                        .blockLast(PATIENCE))
                .isInstanceOfSatisfying(StreamResetException.class, reset -> assertThat(reset.remote())
                        .isFalse());

        JsonNode seen = peer.event(mark, "reset-seen", this::isUs);
        assertThat(seen.get("how").asText()).isEqualTo(howTheySeeResets());
        assertThat(seen.get("bytes").asInt()).isEqualTo(TestProtocols.RESET_BYTES);
        awaitEnd(stream);
    }

    @Test
    void weSeeTheirResetOfOurStream() {
        ProtocolStream stream = open(TestProtocols.RESET_ME);

        stream.send(PatternSource.of(1, TestProtocols.RESET_BYTES).chunks()).block(PATIENCE);

        if (!pairing.theyCanReset()) {
            assertThat(stream.receive().hasElements().block(PATIENCE)).isFalse();
            stream.dispose();
            return;
        }
        assertThatThrownBy(() -> stream.receive().blockLast(PATIENCE)).satisfies(StreamsInteropIT::isTheirReset);
        awaitEnd(stream);
        assertThatThrownBy(() -> stream.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(new byte[1])))
                        .block(PATIENCE))
                .satisfies(StreamsInteropIT::isTheirReset);
    }

    @Test
    void weSeeTheirResetOfTheirStream() {
        int mark = node.served().resets().size();

        peer.call("reset", toUs());

        TestProtocols.StreamEnd end = node.served().resets().await(mark, "end of the stream", e -> true);
        assertThat(end.bytes()).isEqualTo(TestProtocols.RESET_BYTES);
        if (pairing.theyCanReset()) {
            assertThat(end.error()).hasValueSatisfying(StreamsInteropIT::isTheirReset);
        } else {
            assertThat(end.error()).isEmpty();
        }
    }

    @Test
    void theySeeOurResetOfTheirStream() {
        assertThat(peer.call("reset-me", toUs()).get("outcome").asText()).isEqualTo(howTheySeeResets());
    }

    private String howTheySeeResets() {
        return pairing.theySeeResets() ? "reset" : "eof";
    }

    @Test
    void weMeasureThroughputBothWays() {
        long up = 3L * MIB + 1;
        long down = 5L * MIB - 1;

        PerfResult result =
                Perf.create().measure(connection, up, down, PerfListener.NONE).block(PATIENCE);

        assertThat(result.uploadedBytes()).isEqualTo(up);
        assertThat(result.downloadedBytes()).isEqualTo(down);
    }

    @Test
    void theyMeasureThroughputBothWays() {
        long up = 3L * MIB + 1;
        long down = 5L * MIB - 1;

        JsonNode result = peer.call("perf", toUs(Map.of("upload", up, "download", down)));

        assertThat(result.get("uploadBytes").asLong()).isEqualTo(up);
        assertThat(result.get("downloadBytes").asLong()).isEqualTo(down);
    }

    @Test
    void aStreamOfAKnownProtocolIsUsableBeforeThePeerAnswers() {
        echo(connection.open(Echo.PROTOCOL), 10, 10).block(PATIENCE);
        peer.freeze();
        ProtocolStream stream;
        try {
            stream = open(Echo.PROTOCOL);
            stream.send(PatternSource.of(3, 1_000).chunks())
                    .then(stream.closeWrite())
                    .block(PATIENCE);
        } finally {
            peer.resume();
        }

        PatternReader back = new PatternReader(3);
        stream.receive().subscribe(back);
        back.resume();
        assertThat(back.awaitEnd(PATIENCE)).isEqualTo(1_000);
        awaitEnd(stream);
    }

    @Test
    void ofSeveralProtocolsTheFirstThatTheySpeakIsTaken() {
        Mono<ProtocolStream> open = connection.open(List.of(UNKNOWN, Echo.PROTOCOL, Perf.PROTOCOL));

        assertThat(echo(open, 5_000, 700).block(PATIENCE)).isEqualTo(5_000);
    }

    @Test
    void aProtocolThatTheyDoNotSpeakIsRefused() {
        assertThatThrownBy(() -> connection.open(UNKNOWN).block(PATIENCE))
                .isInstanceOfSatisfying(NegotiationException.class, refused -> assertThat(refused.offered())
                        .containsExactly(UNKNOWN));
        connectionIsWell();
    }

    @Test
    void aRefusalOfAStreamUsedBeforeTheAnswerComesOutOfIt() {
        PeerId id = connection.remotePeer();
        Peerstore store = node.host().peerstore();
        Set<ProtocolId> known = store.protocols(id);
        Set<ProtocolId> wrong = new HashSet<>(known);
        wrong.add(UNKNOWN);
        store.setProtocols(id, wrong);
        try {
            ProtocolStream stream = open(UNKNOWN);

            assertThatThrownBy(() -> Flux.merge(
                                    stream.send(PatternSource.of(1, 10).chunks())
                                            .thenMany(Flux.<ByteBuf>empty()),
                                    stream.receive())
                            .blockLast(PATIENCE))
                    .isInstanceOf(NegotiationException.class);
            awaitEnd(stream);
        } finally {
            store.setProtocols(id, known);
        }
        connectionIsWell();
    }

    /** Sends random-sized pieces while reading; the number of bytes that came back right. */
    private static Mono<Long> echo(Mono<ProtocolStream> open, int bytes, int maxPiece) {
        return open.flatMap(stream -> {
            Random random = new Random(SEED + bytes);
            PatternReader back = new PatternReader(5);
            stream.receive().subscribe(back);
            back.resume();
            return stream.send(PatternSource.of(5, bytes, () -> 1 + random.nextInt(maxPiece))
                            .chunks())
                    .then(stream.closeWrite())
                    .then(back.end());
        });
    }

    private ProtocolStream open(ProtocolId protocol) {
        ProtocolStream stream =
                connection.open(protocol).blockOptional(PATIENCE).orElseThrow();
        assertThat(stream.protocol()).isEqualTo(protocol);
        return stream;
    }

    private void connectionIsWell() {
        assertThat(echo(connection.open(Echo.PROTOCOL), 100, 10).block(PATIENCE))
                .isEqualTo(100);
        peer.call("echo", toUs(Map.of("bytes", 100)));
    }

    private static void awaitEnd(ProtocolStream stream) {
        stream.onDispose().block(PATIENCE);
    }

    private static void isTheirReset(Throwable cause) {
        assertThat(cause).isInstanceOfSatisfying(StreamResetException.class, reset -> assertThat(reset.remote())
                .isTrue());
    }
}
