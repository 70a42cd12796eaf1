package io.reactivep2p.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.multistream.Multistream;
import io.reactivep2p.multistream.NegotiationException;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.MuxedStream;
import io.reactivep2p.muxer.StreamMuxer;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.security.SecureChannel;
import io.reactivep2p.security.SecuredConnection;
import io.reactivep2p.security.SecurityParameters;
import io.reactivep2p.testing.PlainTestSecurity;
import io.reactivep2p.testing.TestMuxer;
import io.reactivep2p.transport.RawConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

class ConnectionUpgraderTest {

    private static final KeyPair ALICE = identity(1);
    private static final KeyPair BOB = identity(2);
    private static final PeerId ALICE_ID = PeerId.of(ALICE.publicKey());
    private static final PeerId BOB_ID = PeerId.of(BOB.publicKey());
    private static final ProtocolId ECHO = ProtocolId.of("/echo/1.0.0");

    private final ChannelPair pair = new ChannelPair();

    @AfterEach
    void nothingIsLeft() {
        pair.assertNothingLeft();
    }

    @Test
    void bothEndsGetAConnectionToTheOther() {
        Result dialed = upgrade(upgrader(ALICE), pair.dialed(), BOB_ID);
        Result accepted = upgrade(upgrader(BOB), pair.accepted(), null);
        assertThat(pair.dialer.config().isAutoRead()).isTrue();

        pair.pump();

        assertThat(dialed.connection().remotePeer()).isEqualTo(BOB_ID);
        assertThat(accepted.connection().remotePeer()).isEqualTo(ALICE_ID);
        assertThat(dialed.connection().security()).isEqualTo(PlainTestSecurity.PROTOCOL);
        assertThat(accepted.connection().muxer()).isEqualTo(TestMuxer.PROTOCOL);
        assertThat(dialed.ends + accepted.ends).isEqualTo(2);
    }

    @Test
    void theNegotiationsLeaveThePipelineAndTheTimer() {
        Result dialed = upgrade(upgrader(ALICE), pair.dialed(), null);
        upgrade(upgrader(BOB), pair.accepted(), null);
        pair.pump();

        assertThat(pair.dialer.pipeline().get(NegotiationHandler.class)).isNull();
        pair.advance(Duration.ofMinutes(1));
        assertThat(dialed.connection().closeCause()).isEmpty();
        assertThat(pair.dialer.isOpen()).isTrue();
    }

    @Test
    void headerAndProposalLeaveInOneWrite() {
        upgrade(upgrader(ALICE), pair.dialed(), null);
        pair.step();
        assertThat(pair.dialerWrites)
                .containsExactly(20 + 2 + PlainTestSecurity.PROTOCOL.value().length());
    }

    @Test
    void anUpgradeWorksInPiecesOfAnySize() {
        for (int chunk = 1; chunk < 80; chunk++) {
            ChannelPair wire = new ChannelPair(chunk);
            Result dialed = upgrade(upgrader(ALICE), wire.dialed(), BOB_ID);
            Result accepted = upgrade(upgrader(BOB), wire.accepted(), ALICE_ID);
            wire.pump();
            assertThat(dialed.connection().remotePeer()).isEqualTo(BOB_ID);
            assertThat(accepted.connection().remotePeer()).isEqualTo(ALICE_ID);
            wire.assertNothingLeft();
        }
    }

    /** A dialer that is in a hurry sends all steps and its first stream in one packet. */
    @Test
    void bytesReadBeyondEachStepReachTheNext() {
        Result recorded = upgrade(upgrader(ALICE), pair.dialed(), null);
        upgrade(upgrader(BOB), pair.accepted(), null);
        ByteBuf all = Unpooled.buffer();
        ByteBuf open = Unpooled.buffer().writeByte(1).writeInt(1).writeInt(0);
        all.writeBytes(frames("/multistream/1.0.0", PlainTestSecurity.PROTOCOL.value()));
        byte[] key = ALICE.publicKey().encode();
        all.writeShort(key.length).writeBytes(key);
        all.writeBytes(frames("/multistream/1.0.0", TestMuxer.PROTOCOL.value())).writeBytes(open);
        pair.pump();
        assertThat(recorded.connection()).isNotNull();

        for (int split = 0; split <= all.readableBytes(); split++) {
            ChannelPair wire = new ChannelPair();
            List<MuxedStream> streams = new ArrayList<>();
            Result accepted = new Result(connection -> connection.acceptStreams(streams::add));
            upgrader(BOB).upgrade(wire.accepted(), null).subscribe(accepted);
            wire.listener.writeInbound(all.copy(0, split));
            wire.listener.writeInbound(all.copy(split, all.readableBytes() - split));
            assertThat(accepted.connection().remotePeer())
                    .as("split at %d", split)
                    .isEqualTo(ALICE_ID);
            assertThat(streams).hasSize(1);
            wire.assertNothingLeft();
        }
    }

    @Test
    void aMuxerThatTheHandshakeAgreedOnIsNotNegotiated() {
        ConnectionUpgrader dialer =
                upgrader(ALICE, List.of(PlainTestSecurity.withEarlyMuxer()), List.of(TestMuxer.create()));
        ConnectionUpgrader listener =
                upgrader(BOB, List.of(PlainTestSecurity.withEarlyMuxer()), List.of(TestMuxer.create()));
        Result dialed = upgrade(dialer, pair.dialed(), null);
        Result accepted = upgrade(listener, pair.accepted(), null);

        pair.pump();

        assertThat(dialed.connection().muxer()).isEqualTo(TestMuxer.PROTOCOL);
        assertThat(accepted.connection()).isNotNull();
        assertThat(pair.dialerWrites).hasSize(2);
    }

    @Test
    void theDialersPreferenceDecides() {
        ConnectionUpgrader dialer = upgrader(
                ALICE,
                List.of(PlainTestSecurity.named("/x"), PlainTestSecurity.named("/a"), PlainTestSecurity.named("/b")),
                List.of(TestMuxer.named("/y"), TestMuxer.named("/m"), TestMuxer.named("/n")));
        ConnectionUpgrader listener = upgrader(
                BOB,
                List.of(PlainTestSecurity.named("/b"), PlainTestSecurity.named("/a")),
                List.of(TestMuxer.named("/n"), TestMuxer.named("/m")));
        Result dialed = upgrade(dialer, pair.dialed(), null);
        upgrade(listener, pair.accepted(), null);

        pair.pump();

        assertThat(dialed.connection().security()).hasToString("/a");
        assertThat(dialed.connection().muxer()).hasToString("/m");
    }

    @Test
    void noCommonSecurityEndsBothSides() {
        Result dialed = upgrade(
                upgrader(ALICE, List.of(PlainTestSecurity.named("/a")), List.of(TestMuxer.create())),
                pair.dialed(),
                null);
        Result accepted = upgrade(upgrader(BOB), pair.accepted(), null);

        pair.pump();

        assertThat(dialed.error()).isInstanceOf(NegotiationException.class);
        assertThat(accepted.error())
                .isInstanceOf(HandshakeException.class)
                .hasMessageContaining("negotiating security");
        assertThat(pair.dialer.isOpen()).isFalse();
    }

    @Test
    void noCommonMuxerEndsBothSides() {
        Result dialed = upgrade(
                upgrader(ALICE, List.of(PlainTestSecurity.create()), List.of(TestMuxer.named("/m"))),
                pair.dialed(),
                null);
        Result accepted = upgrade(upgrader(BOB), pair.accepted(), null);

        pair.pump();

        assertThat(dialed.error()).isInstanceOf(NegotiationException.class);
        assertThat(accepted.error()).isInstanceOf(HandshakeException.class).hasMessageContaining("negotiating a muxer");
        assertThat(pair.dialer.isOpen()).isFalse();
    }

    @Test
    void anotherPeerThanExpectedIsRefused() {
        PeerId carol = PeerId.of(identity(3).publicKey());
        Result dialed = upgrade(upgrader(ALICE), pair.dialed(), carol);
        Result accepted = upgrade(upgrader(BOB), pair.accepted(), null);

        pair.pump();

        assertThat(dialed.error())
                .isInstanceOf(HandshakeException.class)
                .hasMessageContaining(carol.toString())
                .hasMessageContaining(BOB_ID.toString());
        assertThat(accepted.error()).isInstanceOf(HandshakeException.class);
        assertThat(pair.dialer.isOpen()).isFalse();
    }

    @Test
    void aConnectionToOurselvesIsRefused() {
        Result dialed = upgrade(upgrader(ALICE), pair.dialed(), null);
        Result accepted = upgrade(upgrader(ALICE), pair.accepted(), null);

        pair.pump();

        assertThat(dialed.error()).isInstanceOf(HandshakeException.class).hasMessageContaining("ourselves");
        assertThat(accepted.error()).isInstanceOf(HandshakeException.class);
        assertThat(pair.listener.isOpen()).isFalse();
    }

    @Test
    void hostileBytesEndTheUpgrade() {
        Result accepted = upgrade(upgrader(BOB), pair.accepted(), null);
        pair.listener.writeInbound(Unpooled.wrappedBuffer(new byte[] {0, 0, 0}));
        assertThat(accepted.error()).isInstanceOf(NegotiationException.class);
        assertThat(pair.listener.isOpen()).isFalse();
    }

    @Test
    void timeLimitAndCancellationCloseTheChannelAtEachStep() {
        int steps = 0;
        boolean finished = false;
        while (!finished) {
            finished = stopsAfter(steps, true);
            assertThat(stopsAfter(steps, false)).isEqualTo(finished);
            steps++;
        }
        assertThat(steps).isGreaterThan(3);
    }

    /** Lets the conversation go on for {@code steps} deliveries, then the wire falls silent. */
    private boolean stopsAfter(int steps, boolean cancel) {
        ChannelPair wire = new ChannelPair();
        Result dialed = upgrade(upgrader(ALICE), wire.dialed(), null);
        Result accepted = upgrade(upgrader(BOB), wire.accepted(), null);
        for (int i = 0; i < steps; i++) {
            wire.half(i);
        }
        boolean dialedBefore = dialed.ends == 1;
        boolean acceptedBefore = accepted.ends == 1;
        if (dialedBefore && acceptedBefore) {
            wire.assertNothingLeft();
            return true;
        }
        if (cancel) {
            dialed.cancel();
            accepted.cancel();
        } else {
            wire.advance(UpgraderOptions.DEFAULT_TIMEOUT);
        }
        stopped(dialed, wire.dialer, dialedBefore, cancel);
        stopped(accepted, wire.listener, acceptedBefore, cancel);
        wire.assertNothingLeft();
        return false;
    }

    private static void stopped(Result result, EmbeddedChannel channel, boolean before, boolean cancel) {
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isEqualTo(before);
        assertThat(result.ends).isEqualTo(before || !cancel ? 1 : 0);
        if (!before && !cancel) {
            assertThat(result.error()).isInstanceOf(HandshakeException.class).hasMessageContaining("timed out");
        }
    }

    @Test
    void aChannelThatIsClosedAtAnyStepEndsTheUpgrade() {
        for (int steps = 0; steps < 4; steps++) {
            ChannelPair wire = new ChannelPair();
            Result dialed = upgrade(upgrader(ALICE), wire.dialed(), null);
            Result accepted = upgrade(upgrader(BOB), wire.accepted(), null);
            for (int i = 0; i < steps; i++) {
                wire.half(i);
            }
            wire.listener.close();
            wire.dialer.close();
            assertThat(dialed.ends).as("after %d", steps).isEqualTo(1);
            assertThat(accepted.ends).isEqualTo(1);
            wire.assertNothingLeft();
        }
    }

    @Test
    void aClosedChannelIsNotUpgraded() {
        RawConnection raw = pair.dialed();
        pair.dialer.close();
        assertThat(upgrade(upgrader(ALICE), raw, null).error()).isInstanceOf(HandshakeException.class);
    }

    @Test
    void aSecondSubscriberIsRefused() {
        Mono<MuxedConnection> upgrade = upgrader(ALICE).upgrade(pair.dialed(), null);
        upgrade.subscribe(new Result(connection -> {}));
        Result second = new Result(connection -> {});
        upgrade.subscribe(second);
        assertThat(second.error()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void cancellationReachesTheHandshake() {
        AtomicReference<MonoSink<SecuredConnection>> sink = new AtomicReference<>();
        boolean[] cancelled = new boolean[1];
        Result accepted = upgrade(
                upgrader(
                        BOB,
                        List.of(securing(Mono.create(s -> {
                            sink.set(s);
                            s.onCancel(() -> cancelled[0] = true);
                        }))),
                        List.of(TestMuxer.create())),
                pair.accepted(),
                null);
        pair.listener.writeInbound(frames("/multistream/1.0.0", "/fake"));
        assertThat(sink.get()).isNotNull();

        accepted.cancel();

        assertThat(cancelled[0]).isTrue();
        assertThat(pair.listener.isOpen()).isFalse();
        assertThat(accepted.ends).isZero();
    }

    @Test
    void aHandshakeThatFailsOrEndsEmptyOrThrowsEndsTheUpgrade() {
        HandshakeException cause = new HandshakeException("bad signature");
        assertThat(failing(securing(Mono.error(cause)))).isSameAs(cause);
        assertThat(failing(securing(Mono.empty()))).isInstanceOf(HandshakeException.class);
        assertThat(failing(securing(Mono.error(new IllegalStateException("oops")))))
                .isInstanceOf(HandshakeException.class)
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(failing(securing(null))).isInstanceOf(HandshakeException.class);
    }

    @Test
    void aMuxerThatThrowsEndsTheUpgrade() {
        StreamMuxer broken = new StreamMuxer() {
            @Override
            public ProtocolId protocol() {
                return TestMuxer.PROTOCOL;
            }

            @Override
            public MuxedConnection mux(SecuredConnection secured) {
                throw new IllegalStateException("oops");
            }
        };
        Result dialed = upgrade(upgrader(ALICE), pair.dialed(), null);
        Result accepted =
                upgrade(upgrader(BOB, List.of(PlainTestSecurity.create()), List.of(broken)), pair.accepted(), null);
        pair.pump();
        assertThat(accepted.error()).isInstanceOf(HandshakeException.class).hasMessageContaining("starting");
        assertThat(dialed.ends).isEqualTo(1);
    }

    @Test
    void namesMustBePresentAndDistinct() {
        assertThatIllegalArgumentException().isThrownBy(() -> upgrader(ALICE, List.of(), List.of(TestMuxer.create())));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> upgrader(ALICE, List.of(PlainTestSecurity.create()), List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> upgrader(
                        ALICE, List.of(PlainTestSecurity.create()), List.of(TestMuxer.create(), TestMuxer.create())));
        assertThatIllegalArgumentException().isThrownBy(() -> new UpgraderOptions(Duration.ZERO, null));
    }

    @Test
    void aLazyStreamEchoesOverAnUpgradedConnection() {
        List<String> answers = new ArrayList<>();
        Result dialed = upgrade(upgrader(ALICE), pair.dialed(), null);
        Result accepted = new Result(connection ->
                connection.acceptStreams(stream -> Multistream.respond(stream, ECHO::equals, new EchoOutcome())));
        upgrader(BOB).upgrade(pair.accepted(), null).subscribe(accepted);
        pair.pump();
        MuxedStream raw = dialed.connection().openStream().block(Duration.ofSeconds(1));

        MuxedStream lazy = Multistream.selectLazily(raw, ECHO);
        lazy.attach(new Listening(lazy, answers, false));
        lazy.write(Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII));
        lazy.closeWrite();
        pair.pump();

        assertThat(String.join("", answers)).isEqualTo("hello<end><closed>");
        assertThat(dialed.connection().streamCount()).isZero();
        assertThat(accepted.connection().streamCount()).isZero();
    }

    @Test
    void aLazyStreamForAProtocolThatNobodySpeaksIsRefusedAndGoneOnBothSides() {
        List<String> answers = new ArrayList<>();
        Result dialed = upgrade(upgrader(ALICE), pair.dialed(), null);
        Result accepted = new Result(connection ->
                connection.acceptStreams(stream -> Multistream.respond(stream, ECHO::equals, new EchoOutcome())));
        upgrader(BOB).upgrade(pair.accepted(), null).subscribe(accepted);
        pair.pump();
        MuxedStream raw = dialed.connection().openStream().block(Duration.ofSeconds(1));

        MuxedStream lazy = Multistream.selectLazily(raw, ProtocolId.of("/other"));
        lazy.attach(new Listening(lazy, answers, false));
        lazy.flush();
        pair.pump();

        assertThat(answers).containsExactly("<NegotiationException>");
        assertThat(dialed.connection().streamCount()).isZero();
        assertThat(accepted.connection().streamCount()).isZero();
        dialed.connection().close(ErrorCode.SHUTDOWN);
    }

    private Throwable failing(SecureChannel security) {
        ChannelPair wire = new ChannelPair();
        Result accepted = upgrade(upgrader(BOB, List.of(security), List.of(TestMuxer.create())), wire.accepted(), null);
        wire.listener.writeInbound(frames("/multistream/1.0.0", "/fake"));
        assertThat(wire.listener.isOpen()).isFalse();
        wire.assertNothingLeft();
        return accepted.error();
    }

    private static SecureChannel securing(Mono<SecuredConnection> handshake) {
        return new SecureChannel() {
            @Override
            public ProtocolId protocol() {
                return ProtocolId.of("/fake");
            }

            @Override
            public Mono<SecuredConnection> secure(RawConnection raw, SecurityParameters parameters) {
                if (handshake == null) {
                    throw new IllegalStateException("oops");
                }
                return handshake;
            }
        };
    }

    private static ByteBuf frames(String... texts) {
        ByteBuf out = Unpooled.buffer();
        for (String text : texts) {
            out.writeByte(text.length() + 1);
            out.writeCharSequence(text + "\n", StandardCharsets.US_ASCII);
        }
        return out;
    }

    private static ConnectionUpgrader upgrader(KeyPair identity) {
        return upgrader(identity, List.of(PlainTestSecurity.create()), List.of(TestMuxer.create()));
    }

    private static ConnectionUpgrader upgrader(
            KeyPair identity, List<SecureChannel> securities, List<StreamMuxer> muxers) {
        return ConnectionUpgrader.create(identity, securities, muxers, UpgraderOptions.defaults());
    }

    private static Result upgrade(ConnectionUpgrader upgrader, RawConnection raw, PeerId expected) {
        Result result = new Result(connection -> {});
        upgrader.upgrade(raw, expected).subscribe(result);
        return result;
    }

    private static KeyPair identity(int seed) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) seed);
        return KeyPair.ofSeed(bytes);
    }

    private static final class Result extends BaseSubscriber<MuxedConnection> {

        private final Consumer<MuxedConnection> user;
        private MuxedConnection connection;
        private Throwable error;
        int ends;

        Result(Consumer<MuxedConnection> user) {
            this.user = user;
        }

        MuxedConnection connection() {
            assertThat(error).isNull();
            assertThat(connection).isNotNull();
            return connection;
        }

        Throwable error() {
            assertThat(ends).isEqualTo(1);
            assertThat(connection).isNull();
            return error;
        }

        @Override
        protected void hookOnNext(MuxedConnection value) {
            connection = value;
            user.accept(value);
        }

        @Override
        protected void hookOnComplete() {
            ends++;
        }

        @Override
        protected void hookOnError(Throwable throwable) {
            error = throwable;
            ends++;
        }
    }

    private static final class EchoOutcome implements Multistream.Outcome {

        @Override
        public void selected(ProtocolId protocol, MuxedStream stream) {
            stream.attach(new Listening(stream, new ArrayList<>(), true));
        }

        @Override
        public void failed(Libp2pException cause) {}
    }

    private record Listening(MuxedStream stream, List<String> heard, boolean echo) implements MuxedStream.Listener {

        @Override
        public void onData(ByteBuf data) {
            heard.add(data.toString(StandardCharsets.US_ASCII));
            stream.consumed(data.readableBytes());
            if (echo) {
                stream.write(data);
            } else {
                data.release();
            }
        }

        @Override
        public void onEnd() {
            heard.add("<end>");
            if (echo) {
                stream.closeWrite();
            }
        }

        @Override
        public void onError(Libp2pException cause) {
            heard.add("<" + cause.getClass().getSimpleName() + ">");
        }

        @Override
        public void onWritable() {}

        @Override
        public void onClosed() {
            heard.add("<closed>");
        }
    }
}
