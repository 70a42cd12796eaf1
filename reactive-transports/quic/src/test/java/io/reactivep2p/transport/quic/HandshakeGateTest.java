package io.reactivep2p.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HandshakeGateTest {

    private final HandshakeGate gate = new HandshakeGate(2, 3);

    @Test
    void aFewBeginFreelyMoreProveTheirAddressAndThenNobody() {
        gate.listening(true);
        assertThat(gate.demandsToken()).isFalse();
        gate.began();
        assertThat(gate.demandsToken()).isFalse();
        gate.began();
        assertThat(gate.demandsToken()).isTrue();
        assertThat(gate.admits()).isTrue();
        gate.began();
        assertThat(gate.demandsToken()).isTrue();
        assertThat(gate.admits()).isFalse();
        gate.ended();
        assertThat(gate.admits()).isTrue();
        assertThat(gate.underWay()).isEqualTo(2);
    }

    @Test
    void whoDoesNotListenAdmitsNobody() {
        assertThat(gate.admits()).isFalse();
        assertThat(gate.demandsToken()).isTrue();
        assertThat(gate.isListening()).isFalse();
    }

    @Test
    void theLimitHoldsWithoutTokensToo() {
        HandshakeGate small = new HandshakeGate(100, 1);
        small.listening(true);
        small.began();
        assertThat(small.demandsToken()).isTrue();
        assertThat(small.admits()).isFalse();
    }
}
