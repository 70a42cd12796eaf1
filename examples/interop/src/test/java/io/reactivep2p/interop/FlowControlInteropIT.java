package io.reactivep2p.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.ProtocolStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Credit follows demand, across implementations: who does not read stops who writes, through the window. */
class FlowControlInteropIT extends InteropFixture {

    /** More than any window that a peer opens: 16 MiB is the largest of all. */
    private static final long TOTAL = 24L * MIB;

    /** Our window of 256 KiB, and what a peer's library and program take in beyond it. */
    private static final long MOST_WRITTEN_TO_US = MIB;

    /** Buffers of demand; the peers write 16 KiB at a time. */
    private static final long SOME = 100;

    /** Credit goes back at half a window and may double it: 128, 256, 512 KiB, and the next MiB is more than {@link #SOME} buffers. */
    private static final long MOST_WINDOW_AFTER_SOME = 2L * MIB;

    /** A writer that has not moved for so long stands still. */
    private static final Duration STANDSTILL = Duration.ofMillis(300);

    static Stream<Pairing> pairings() {
        return Pairing.withFlowControl();
    }

    @Test
    void ourReaderWithoutDemandStallsTheirWriterAndDemandSetsItGoing() {
        ProtocolStream stream =
                connection.open(TestProtocols.SOURCE).blockOptional(PATIENCE).orElseThrow();
        PatternReader reader = new PatternReader(TestProtocols.SOURCE_SEED);
        int mark = peer.mark();
        stream.receive().subscribe(reader);
        stream.send(Mono.fromSupplier(() -> Unpooled.buffer().writeLong(TOTAL))).block(PATIENCE);

        assertThat(progress(mark, "source-progress", "blocked")).isBetween(1L, MOST_WRITTEN_TO_US);
        assertThat(reader.bytes()).isZero();

        reader.resume();
        assertThat(reader.awaitEnd(PATIENCE)).isEqualTo(TOTAL);
        assertThat(progress(mark, "source-progress", "finished")).isEqualTo(TOTAL);
        stream.close().block(PATIENCE);
    }

    @Test
    void someDemandMovesTheirWriterByThatMuchOnly() {
        ProtocolStream stream =
                connection.open(TestProtocols.SOURCE).blockOptional(PATIENCE).orElseThrow();
        PatternReader reader = new PatternReader(TestProtocols.SOURCE_SEED);
        int mark = peer.mark();
        stream.receive().subscribe(reader);
        stream.send(Mono.fromSupplier(() -> Unpooled.buffer().writeLong(TOTAL))).block(PATIENCE);
        progress(mark, "source-progress", "blocked");

        reader.demand(SOME);
        await().atMost(PATIENCE).until(() -> reader.signals() == SOME);
        long read = reader.bytes();
        long written = progress(mark, "source-progress", "blocked", read);

        assertThat(written).isBetween(read, read + MOST_WINDOW_AFTER_SOME + MOST_WRITTEN_TO_US);
        assertThat(reader.bytes()).isEqualTo(read).isLessThan(TOTAL);
        reader.resume();
        assertThat(reader.awaitEnd(PATIENCE)).isEqualTo(TOTAL);
        stream.close().block(PATIENCE);
    }

    @Test
    void ourSinkWithoutDemandStallsTheirWriterAndDemandSetsItGoing() {
        int mark = peer.mark();
        int sinks = node.served().sinks().size();
        Peer.Call writing = peer.begin("sink", toUs(Map.of("bytes", TOTAL, "seed", TestProtocols.SINK_SEED)));
        PatternReader reader = node.served().sinks().await(sinks, "sink stream", e -> true);

        assertThat(progress(mark, "sink-progress", "blocked")).isBetween(1L, MOST_WRITTEN_TO_US);
        assertThat(reader.bytes()).isZero();

        reader.resume();
        assertThat(reader.awaitEnd(PATIENCE)).isEqualTo(TOTAL);
        assertThat(writing.reply().get("bytes").asLong()).isEqualTo(TOTAL);
    }

    @Test
    void theirSinkStallsOurWriterUntilItReads() throws Exception {
        assumeTrue(pairing.theyReadOnDemand(), "its QUIC streams read as fast as data comes");
        int mark = peer.mark(); // before the stream: they hear of it when it is opened
        ProtocolStream stream =
                connection.open(TestProtocols.SINK).blockOptional(PATIENCE).orElseThrow();
        PatternSource source = PatternSource.of(TestProtocols.SINK_SEED, TOTAL);
        CompletableFuture<Void> writing =
                stream.send(source.chunks()).then(stream.closeWrite()).toFuture();
        peer.event(mark, "sink-open", this::isUs);
        long[] last = {-1};
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .during(STANDSTILL)
                .until(() -> {
                    long before = last[0];
                    last[0] = source.taken();
                    return last[0] == before;
                });

        assertThat(source.taken()).isPositive().isLessThan(TOTAL);
        assertThat(writing).isNotDone();

        assertThat(peer.call("sink-resume").get("resumed").asInt()).isEqualTo(1);
        JsonNode done = peer.event(mark, "sink-done", this::isUs);
        assertThat(done.get("bytes").asLong()).isEqualTo(TOTAL);
        assertThat(done.get("sha256").asText()).isEqualTo(Pattern.sha256(TestProtocols.SINK_SEED, TOTAL));
        writing.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(stream.receive().hasElements().block(PATIENCE)).isFalse();
        stream.onDispose().block(PATIENCE);
    }

    @Test
    void theirSlowReaderHoldsOurWriterBack() {
        assumeTrue(pairing.theyReadOnDemand(), "its QUIC streams read as fast as data comes");
        int mark = node.served().sources().size();
        Duration pause = Duration.ofMillis(3_000); // the window must be full by then

        JsonNode read = peer.call("slow-read", toUs(Map.of("bytes", TOTAL, "pauseMillis", pause.toMillis())));

        assertThat(read.get("bytes").asLong()).isEqualTo(TOTAL);
        assertThat(read.get("sha256").asText()).isEqualTo(Pattern.sha256(TestProtocols.SOURCE_SEED, TOTAL));
        PatternSource source = node.served().sources().await(mark, "source stream", e -> true);
        assertThat(source.taken()).isEqualTo(TOTAL);
        assertThat(source.longestPause()).isGreaterThan(STANDSTILL);
    }

    /** What their writer has written when it comes to this state. */
    private long progress(int mark, String event, String state) {
        return progress(mark, event, state, 0);
    }

    private long progress(int mark, String event, String state, long atLeast) {
        return peer.event(
                        mark,
                        event,
                        e -> isUs(e)
                                && e.get("state").asText().equals(state)
                                && e.get("written").asLong() >= atLeast)
                .get("written")
                .asLong();
    }
}
