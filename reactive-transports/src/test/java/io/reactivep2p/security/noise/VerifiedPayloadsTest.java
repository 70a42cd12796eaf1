package io.reactivep2p.security.noise;

import static io.reactivep2p.security.noise.NoisePair.ALICE;
import static io.reactivep2p.security.noise.NoisePair.BOB;
import static io.reactivep2p.security.noise.NoisePair.MPLEX;
import static io.reactivep2p.security.noise.NoisePair.YAMUX;
import static io.reactivep2p.security.noise.NoisePair.filled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.security.HandshakeException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerifiedPayloadsTest {

    private static final byte[] STATIC_KEY = filled(7);

    private final VerifiedPayloads payloads = new VerifiedPayloads();

    @Test
    void theSameBytesAreVerifiedOnce() {
        NoisePayload first = payloads.open(payload(ALICE, STATIC_KEY, YAMUX), STATIC_KEY);
        assertThat(first.identityKey()).isEqualTo(ALICE.publicKey());
        assertThat(payloads.open(payload(ALICE, STATIC_KEY, YAMUX), STATIC_KEY.clone()))
                .isSameAs(first);
    }

    @Test
    void whatIsKnownVouchesForNoOtherStaticKey() {
        byte[] payload = payload(ALICE, STATIC_KEY, YAMUX);
        payloads.open(payload, STATIC_KEY);
        assertThatThrownBy(() -> payloads.open(payload, filled(8)))
                .isInstanceOf(HandshakeException.class)
                .hasMessageContaining("bad signature")
                .hasMessageContaining(NoisePair.ALICE_ID.toString());
    }

    @Test
    void anyOtherByteIsAnotherPayload() {
        byte[] payload = payload(ALICE, STATIC_KEY, YAMUX);
        payloads.open(payload, STATIC_KEY);
        for (int at = 0; at < payload.length; at++) {
            byte[] changed = RemoteEnd.flipped(payload, at);
            try {
                // Only in the muxers, which nobody signs.
                assertThat(payloads.open(changed, STATIC_KEY).muxers()).isNotEqualTo(List.of(YAMUX.value()));
            } catch (HandshakeException refused) {
                assertThat(refused).hasMessageStartingWith("noise: ");
            }
        }
    }

    @Test
    void muxersAreThoseOfThisPayload() {
        payloads.open(payload(ALICE, STATIC_KEY, YAMUX), STATIC_KEY);
        assertThat(payloads.open(payload(ALICE, STATIC_KEY, MPLEX), STATIC_KEY).muxers())
                .containsExactly(MPLEX.value());
    }

    @Test
    void whatIsRefusedIsNotRemembered() {
        byte[] forged = NoisePayload.encode(
                ALICE.publicKey().encode(), BOB.sign(NoisePayload.signedBytes(STATIC_KEY)), List.of());
        for (int time = 0; time < 2; time++) {
            assertThatThrownBy(() -> payloads.open(forged, STATIC_KEY)).isInstanceOf(HandshakeException.class);
        }
        assertThat(payloads.size()).isZero();
    }

    @Test
    void longPayloadsAreNotRemembered() {
        ProtocolId[] many = Collections.nCopies(100, YAMUX).toArray(ProtocolId[]::new);
        byte[] payload = payload(ALICE, STATIC_KEY, many);
        assertThat(payload).hasSizeGreaterThan(VerifiedPayloads.MAX_BYTES);
        assertThat(payloads.open(payload, STATIC_KEY).muxers()).hasSize(100);
        assertThat(payloads.size()).isZero();
    }

    @Test
    void theOneUnusedLongestIsForgotten() {
        NoisePayload first = payloads.open(payload(ALICE, STATIC_KEY), STATIC_KEY);
        NoisePayload second = payloads.open(payload(BOB, STATIC_KEY), STATIC_KEY);
        for (int i = 0; i < VerifiedPayloads.MAX_ENTRIES - 1; i++) {
            byte[] staticKey = filled(8);
            staticKey[0] = (byte) i;
            staticKey[1] = (byte) (i >> 8);
            payloads.open(payload(ALICE, staticKey), staticKey);
            assertThat(payloads.open(payload(ALICE, STATIC_KEY), STATIC_KEY)).isSameAs(first);
        }
        assertThat(payloads.size()).isEqualTo(VerifiedPayloads.MAX_ENTRIES);
        assertThat(payloads.open(payload(BOB, STATIC_KEY), STATIC_KEY)).isNotSameAs(second);
    }

    private static byte[] payload(KeyPair key, byte[] staticKey, ProtocolId... muxers) {
        return NoisePayload.encode(
                key.publicKey().encode(), key.sign(NoisePayload.signedBytes(staticKey)), List.of(muxers));
    }
}
