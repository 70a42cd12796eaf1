package io.reactivep2p.security.tls;

import static io.reactivep2p.security.tls.TlsPair.ALICE;
import static io.reactivep2p.security.tls.TlsPair.ALICE_ID;
import static io.reactivep2p.security.tls.TlsPair.BOB;
import static io.reactivep2p.security.tls.TlsPair.BOB_ID;
import static io.reactivep2p.security.tls.TlsPair.MPLEX;
import static io.reactivep2p.security.tls.TlsPair.YAMUX;
import static io.reactivep2p.security.tls.TlsPair.parameters;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.connection.Direction;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.security.HandshakeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole handshakes in memory, with both engines. */
@ParameterizedClass
@EnumSource(TlsEngine.class)
class TlsHandshakeTest {

    /** Dialer, listener, dialer: after the third both know all there is to know. */
    private static final int FLIGHTS = 3;

    @Parameter
    private TlsEngine engine;

    private Tls tls;

    @BeforeEach
    void createTls() {
        tls = Tls.create(spec -> spec.engine(engine));
    }

    @Test
    void bothSidesLearnWhoTheOtherIsAndTheMuxerInThreeFlights() {
        try (TlsPair pair = new TlsPair(tls)) {
            byte[] clientHello = pair.dialer.sent();
            pair.listener.receive(clientHello);
            pair.dialer.receive(pair.listener.sent());
            assertThat(pair.dialer.secured.remotePeer()).isEqualTo(BOB_ID);
            assertThat(pair.dialer.secured.remoteKey()).isEqualTo(BOB.publicKey());
            assertThat(pair.dialer.secured.muxer()).isEqualTo(YAMUX);
            assertThat(pair.listener.secured).isNull();

            pair.listener.receive(pair.dialer.sent());
            assertThat(pair.listener.secured.remotePeer()).isEqualTo(ALICE_ID);
            assertThat(pair.listener.secured.localPeer()).isEqualTo(BOB_ID);
            assertThat(pair.listener.secured.muxer()).isEqualTo(YAMUX);
            assertThat(pair.listener.secured.security()).isEqualTo(Tls.PROTOCOL);
            // No ticket for a session to come, which would be one without a proof of who it is with.
            assertThat(pair.listener.sent()).isEmpty();
        }
    }

    @Test
    void clientHelloNamesNobody() {
        try (TlsPair pair = new TlsPair(tls)) {
            String hello = new String(pair.dialer.sent(), StandardCharsets.ISO_8859_1);
            assertThat(hello).contains("libp2p").doesNotContain(BOB_ID.toString());
        }
    }

    @Test
    void commonMuxerIsAgreedOn() {
        assertAgreed(List.of(MPLEX, YAMUX), List.of(YAMUX), YAMUX);
        assertAgreed(List.of(MPLEX), List.of(YAMUX, MPLEX), MPLEX);
        assertAgreed(List.of(YAMUX, MPLEX), List.of(YAMUX, MPLEX), YAMUX);
    }

    @Test
    void withoutACommonMuxerItIsLeftToMultistream() {
        assertAgreed(List.of(YAMUX), List.of(MPLEX), null);
        assertAgreed(List.of(YAMUX), List.of(), null);
        assertAgreed(List.of(), List.of(YAMUX), null);
    }

    private void assertAgreed(List<ProtocolId> dialers, List<ProtocolId> listeners, @Nullable ProtocolId expected) {
        for (TlsEngine listening : TlsEngine.values()) {
            assertThat(agreed(dialers, listening, listeners)).isEqualTo(expected);
        }
    }

    /** The dialer's order, as the specification wants it; but BoringSSL as Netty uses it goes by the listener's. */
    @Test
    void orderOfOneSideDecidesBetweenSeveralMuxers() {
        assertThat(agreed(List.of(YAMUX, MPLEX), TlsEngine.JDK, List.of(MPLEX, YAMUX)))
                .isEqualTo(YAMUX);
        assertThat(agreed(List.of(YAMUX, MPLEX), TlsEngine.BORINGSSL, List.of(MPLEX, YAMUX)))
                .isEqualTo(MPLEX);
    }

    private @Nullable ProtocolId agreed(List<ProtocolId> dialers, TlsEngine listening, List<ProtocolId> listeners) {
        Tls other = Tls.create(spec -> spec.engine(listening));
        try (TlsPair pair = new TlsPair(
                        tls,
                        parameters(ALICE, null, dialers.toArray(ProtocolId[]::new)),
                        other,
                        parameters(BOB, null, listeners.toArray(ProtocolId[]::new)))
                .pump()) {
            assertThat(pair.dialer.secured.muxer()).isEqualTo(pair.listener.secured.muxer());
            return pair.dialer.secured.muxer();
        }
    }

    @Test
    void earlyMuxerNegotiationCanBeTurnedOff() {
        Tls plain = Tls.create(spec -> spec.engine(engine).earlyMuxerNegotiation(false));
        try (TlsPair pair = new TlsPair(plain, parameters(ALICE, null, YAMUX), tls, parameters(BOB, null, YAMUX))) {
            assertThat(pair.pump().dialer.secured.muxer()).isNull();
            assertThat(pair.listener.secured.muxer()).isNull();
        }
    }

    /** The flights of one whole handshake, for tests that stop somewhere in it. */
    private List<byte[]> flights() {
        try (TlsPair pair = new TlsPair(tls)) {
            byte[] first = pair.dialer.sent();
            pair.listener.receive(first);
            byte[] second = pair.listener.sent();
            pair.dialer.receive(second);
            return List.of(first, second, pair.dialer.sent());
        }
    }

    @Test
    void connectionThatIsCutAnywhereFailsTheHandshakeOfBoth() {
        List<byte[]> flights = flights();
        for (int flight = 0; flight < FLIGHTS; flight++) {
            int length = flights.get(flight).length;
            for (int cut = 0; cut < length - 8; cut += 1 + length / 23) {
                assertCut(flight, cut);
            }
        }
    }

    private void assertCut(int flight, int cut) {
        try (TlsPair pair = new TlsPair(tls)) {
            TlsPair.End from = pair.dialer;
            TlsPair.End to = pair.listener;
            for (int whole = 0; whole < flight; whole++) {
                to.receive(from.sent());
                TlsPair.End turn = from;
                from = to;
                to = turn;
            }
            to.receive(Arrays.copyOf(from.sent(), cut));
            pair.dialer.channel.close();
            pair.listener.channel.close();
            pair.listener.assertRefused("tls: the connection was closed during the handshake");
            if (flight < FLIGHTS - 1) {
                pair.dialer.assertRefused("tls: the connection was closed during the handshake");
            }
        }
    }

    @Test
    void handshakeSucceedsByteByByte() {
        try (TlsPair pair = new TlsPair(tls)) {
            for (boolean moved = true; moved; ) {
                moved = byteByByte(pair.dialer, pair.listener) | byteByByte(pair.listener, pair.dialer);
            }
            assertThat(pair.dialer.secured).isNotNull();
            assertThat(pair.listener.secured).isNotNull();
        }
    }

    private static boolean byteByByte(TlsPair.End from, TlsPair.End to) {
        byte[] bytes = from.sent();
        for (byte one : bytes) {
            to.receive(new byte[] {one});
        }
        return bytes.length > 0;
    }

    @Test
    void cancellationAtEachStepClosesTheChannelAndSaysNothing() {
        for (int step = 0; step < FLIGHTS; step++) {
            for (Direction direction : Direction.values()) {
                assertCancelled(step, direction);
            }
        }
    }

    private void assertCancelled(int step, Direction direction) {
        try (TlsPair pair = new TlsPair(tls)) {
            TlsPair.End from = pair.dialer;
            TlsPair.End to = pair.listener;
            for (int flight = 0; flight < step; flight++) {
                to.receive(from.sent());
                TlsPair.End turn = from;
                from = to;
                to = turn;
            }
            TlsPair.End cancelled = direction.isInitiator() ? pair.dialer : pair.listener;
            if (cancelled.secured != null) {
                return; // the dialer, which is done one flight earlier
            }
            cancelled.subscription.dispose();
            pair.pump();
            assertThat(cancelled.channel.isOpen()).isFalse();
            assertThat(cancelled.secured).isNull();
            assertThat(cancelled.handshakeError).isNull();
        }
    }

    @Test
    void closedConnectionFailsAtOnce() {
        TlsPair.Memory memory = new TlsPair.Memory();
        TlsPair.Wire wire = new TlsPair.Wire(memory);
        wire.channel.close();
        assertThat(refusal(wire)).hasMessage("tls: the connection was closed before the handshake");
        wire.close();
        memory.assertNothingLeft();
    }

    private Throwable refusal(TlsPair.Wire wire) {
        Throwable[] refusal = new Throwable[1];
        tls.secure(TlsPair.raw(wire.channel, Direction.OUTBOUND), parameters(ALICE, null))
                .subscribe(secured -> {}, error -> refusal[0] = error);
        wire.channel.runPendingTasks();
        assertThat(refusal[0]).isInstanceOf(HandshakeException.class);
        return refusal[0];
    }

    @Test
    void connectionThatFailsFailsTheHandshakeWithItsCause() {
        try (TlsPair pair = new TlsPair(tls)) {
            pair.dialer.channel.pipeline().fireExceptionCaught(new IOException("reset on purpose"));
            pair.dialer.assertRefused("tls: the handshake failed: reset on purpose");
        }
    }

    /** No message of a handshake may be longer than it has reason to be, and nothing is kept for one that is. */
    @Test
    void handshakeMessageOfWhichTheEndNeverComesIsRefused() {
        TlsPair.Memory memory = new TlsPair.Memory();
        TlsPair.End us = new TlsPair.End(memory, Direction.INBOUND, tls, parameters(BOB, null));
        byte[] record = new byte[5 + 16_384];
        record[0] = 22;
        record[1] = 3;
        record[2] = 1;
        record[3] = 0x40;
        record[5] = 1; // client_hello
        record[6] = (byte) 0xff; // of 16 MiB
        record[7] = (byte) 0xff;
        record[8] = (byte) 0xff;
        us.receive(record);
        for (int more = 0; more < 20 && us.channel.isOpen(); more++) {
            us.receive(record);
        }
        us.assertRefused("tls: the handshake failed: ");
        us.close();
        memory.assertNothingLeft();
    }

    @Test
    void certificateIsMadeOnceForEachHostKeyAndFewAreRemembered() {
        TlsContext first = tls.context(parameters(ALICE, null));
        assertThat(tls.context(parameters(ALICE, BOB_ID))).isSameAs(first);
        assertThat(tls.context(parameters(ALICE, null, YAMUX))).isNotSameAs(first);
        for (int i = 0; i < Tls.MAX_IDENTITIES; i++) {
            tls.context(parameters(KeyPair.ofSeed(TlsPair.filled(10 + i)), null));
        }
        assertThat(tls.context(parameters(ALICE, null))).isNotSameAs(first);
    }

    @Test
    void engineCanBeNamed() {
        assertThat(tls.engine()).isEqualTo(engine);
        assertThat(TlsEngine.choose(engine.name().toLowerCase(java.util.Locale.ROOT)))
                .isEqualTo(engine);
        assertThat(TlsEngine.choose(null)).isEqualTo(TlsEngine.BORINGSSL);
    }
}
