package io.reactivep2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolStream;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.multistream.NegotiationException;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peerstore.Peerstore;
import io.reactivep2p.testing.FakeMuxedConnection;
import io.reactivep2p.testing.FakeMuxedStream;
import io.reactivep2p.testing.ManualEventExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

/** Opening and accepting streams on one connection, with the muxer, the remote peer and time in the test's hands. */
class DefaultConnectionTest {

    private static final ProtocolId ECHO = ProtocolId.of("/echo/1.0.0");
    private static final ProtocolId PING = ProtocolId.of("/ping/1.0.0");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_NEGOTIATING = 4;

    private final ManualEventExecutor executor = new ManualEventExecutor();
    private final PeerId peer = PeerId.of(KeyPair.ofSeed(new byte[32]).publicKey());
    private final FakeMuxedConnection muxed = new FakeMuxedConnection(executor, peer);
    private final Peerstore peerstore = Peerstore.inMemory();
    private final Served served = new Served();
    private final DefaultConnection connection = connection();

    private final List<ProtocolStream> opened = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    private DefaultConnection connection() {
        DefaultConnection made = new DefaultConnection(muxed, served, peerstore, MAX_NEGOTIATING, TIMEOUT);
        made.start();
        return made;
    }

    @Test
    @DisplayName(
            "CVE-2022-23492: streams that a remote peer opens and never negotiates are bounded, and end after 10 s")
    void streamsThatAreNeverNegotiatedAreBoundedAndTimeOut() {
        List<FakeMuxedStream> flood =
                Stream.generate(muxed::remoteOpens).limit(1_000).toList();

        assertThat(flood.subList(0, MAX_NEGOTIATING)).allMatch(stream -> stream.resetCode() == null);
        assertThat(flood.subList(MAX_NEGOTIATING, flood.size()))
                .allMatch(stream -> ErrorCode.RESOURCE_LIMIT_EXCEEDED.equals(stream.resetCode()));

        executor.advance(TIMEOUT.minusNanos(1));
        assertThat(flood.get(0).resetCode()).isNull();
        executor.advance(Duration.ofNanos(1));
        assertThat(flood.subList(0, MAX_NEGOTIATING))
                .allMatch(stream -> ErrorCode.NEGOTIATION_FAILED.equals(stream.resetCode()));
        assertThat(connection.negotiations().size()).isZero();

        FakeMuxedStream next = muxed.remoteOpens();
        negotiate(next, ECHO);
        assertThat(served.streams).hasSize(1);
        assertThat(connection.streams()).containsExactlyElementsOf(served.streams);
    }

    @Test
    void eachNegotiationHasItsOwnTenSeconds() {
        FakeMuxedStream first = muxed.remoteOpens();
        executor.advance(Duration.ofSeconds(6));
        FakeMuxedStream second = muxed.remoteOpens();
        FakeMuxedStream agreed = muxed.remoteOpens();
        negotiate(agreed, ECHO);

        executor.advance(Duration.ofSeconds(4));
        assertThat(first.resetCode()).isEqualTo(ErrorCode.NEGOTIATION_FAILED);
        assertThat(second.resetCode()).isNull();
        executor.advance(Duration.ofSeconds(6));
        assertThat(second.resetCode()).isEqualTo(ErrorCode.NEGOTIATION_FAILED);
        executor.advance(Duration.ofHours(1));
        assertThat(agreed.resetCode()).isNull();
    }

    @Test
    void aStreamThatFailsWhileItIsNegotiatedGivesItsPlaceBack() {
        for (int i = 0; i < 10 * MAX_NEGOTIATING; i++) {
            FakeMuxedStream stream = muxed.remoteOpens();
            assertThat(stream.resetCode()).isNull();
            stream.remoteCloses();
        }
        assertThat(connection.negotiations().size()).isZero();
    }

    @Test
    void aStreamIsKnownUntilItIsGone() {
        negotiate(muxed.remoteOpens(), ECHO);
        open(PING);
        answer(muxed.opened().get(0), PING);

        assertThat(connection.streams()).hasSize(2);
        assertThat(opened).hasSize(1);
        opened.get(0).dispose();
        assertThat(connection.streams()).isEqualTo(served.streams);
        served.streams.get(0).reset(ErrorCode.NONE);
        assertThat(connection.streams()).isEmpty();
        assertThat(served.released).isEqualTo(1);
    }

    @Test
    void aStreamWithoutAPlaceIsReset() {
        served.full = true;
        FakeMuxedStream stream = muxed.remoteOpens();

        negotiate(stream, ECHO);

        assertThat(stream.resetCode()).isEqualTo(ErrorCode.RESOURCE_LIMIT_EXCEEDED);
        assertThat(connection.streams()).isEmpty();
    }

    @Test
    void anAnswerThatDoesNotComeFailsTheOpening() {
        open(PING);
        executor.advance(TIMEOUT);

        assertThat(failures).singleElement().isInstanceOf(NegotiationException.class);
        assertThat(failures.get(0)).hasMessageContaining("10000 ms");
        assertThat(muxed.opened().get(0).resetCode()).isEqualTo(ErrorCode.NEGOTIATION_FAILED);
    }

    @Test
    void aProtocolThatThePeerIsKnownToSpeakIsNotWaitedFor() {
        peerstore.setProtocols(peer, Set.of(PING));

        open(PING);

        assertThat(opened).hasSize(1);
        assertThat(muxed.opened().get(0).written()).isEmpty();
        opened.get(0).dispose();
    }

    @Test
    void cancellingWhileTheMuxerWaitsLeavesItsQueue() {
        muxed.backlog();
        Disposable opening = open(PING);

        opening.dispose();
        assertThat(muxed.cancelledWaits()).isEqualTo(1);
        muxed.admitWaiting();

        assertThat(muxed.opened()).isEmpty();
        assertThat(connection.streams()).isEmpty();
    }

    @Test
    void cancellingBeforeTheLoopRanOpensNothing() {
        Disposable[] opening = new Disposable[1];
        StreamFixture.elsewhere(() -> {
            opening[0] = open(PING);
            opening[0].dispose();
        });
        executor.runTasks();

        assertThat(connection.streams()).isEmpty();
        assertThat(muxed.opened()).allMatch(stream -> stream.resetCode() != null);
        assertThat(opened).isEmpty();
    }

    @Test
    void cancellingWhileTheProtocolIsNegotiatedResetsTheStream() {
        Disposable opening = open(PING);
        assertThat(muxed.opened()).hasSize(1);

        opening.dispose();

        assertThat(muxed.opened().get(0).resetCode()).isNotNull();
        assertThat(connection.negotiations().size()).isZero();
        assertThat(failures).isEmpty();
    }

    @Test
    void aStreamThatIsAgreedOnAsItsOpeningIsCancelledElsewhereIsReset() {
        Disposable opening = open(PING);
        StreamFixture.elsewhere(opening::dispose); // told, but the loop has not heard of it yet
        answer(muxed.opened().get(0), PING);

        assertThat(opened).isEmpty();
        executor.runTasks();

        assertThat(muxed.opened().get(0).resetCode()).isNotNull();
        assertThat(connection.streams()).isEmpty();
    }

    @Test
    void everyOpeningThatWaitsFailsWhenTheConnectionCloses() {
        open(PING);
        muxed.backlog();
        open(PING);
        open(ECHO);

        muxed.close(ErrorCode.SHUTDOWN);
        connection.onClosed();
        open(PING);

        assertThat(failures).hasSize(4).allSatisfy(failure -> assertThat(failure)
                .isInstanceOf(ConnectionClosedException.class));
        assertThat(connection.negotiations().size()).isZero();
        assertThat(connection.isDisposed()).isTrue();
    }

    @Test
    void atLeastOneProtocolIsNeeded() {
        connection.open(List.of()).subscribe(opened::add, failures::add);

        assertThat(failures).singleElement().isInstanceOf(IllegalArgumentException.class);
    }

    private Disposable open(ProtocolId protocol) {
        return connection.open(protocol).subscribe(opened::add, failures::add);
    }

    private static void negotiate(FakeMuxedStream stream, ProtocolId protocol) {
        send(stream, "/multistream/1.0.0");
        send(stream, protocol.value());
    }

    private static void answer(FakeMuxedStream stream, ProtocolId protocol) {
        negotiate(stream, protocol);
    }

    private static void send(FakeMuxedStream stream, String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.US_ASCII);
        stream.remoteSends(Unpooled.buffer().writeByte(bytes.length).writeBytes(bytes));
    }

    /** Serves the echo protocol by keeping its streams. */
    private static final class Served implements InboundStreams {

        private final List<ProtocolStream> streams = new ArrayList<>();
        private boolean full;
        private int released;

        @Override
        public boolean supports(ProtocolId protocol) {
            return protocol.equals(ECHO);
        }

        @Override
        public Runnable admit(Connection connection, ProtocolId protocol) {
            return full ? null : () -> released++;
        }

        @Override
        public void serve(ProtocolStream stream) {
            streams.add(stream);
        }
    }
}
