package io.reactivep2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.swarm.AddressRefusedException.Reason;
import io.reactivep2p.swarm.BlackHoleDetector.Sieved;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class BlackHoleDetectorTest {

    private static final Multiaddr QUIC = Multiaddr.of("/ip4/8.8.8.8/udp/1/quic-v1");
    private static final Multiaddr QUIC6 = Multiaddr.of("/ip6/2a00::1/udp/1/quic-v1");
    private static final Multiaddr TCP = Multiaddr.of("/ip4/8.8.8.8/tcp/1");
    private static final Multiaddr TCP6 = Multiaddr.of("/ip6/2a00::1/tcp/1");
    private static final Multiaddr NEAR_QUIC = Multiaddr.of("/ip4/10.0.0.1/udp/1/quic-v1");
    private static final Multiaddr NEAR_TCP6 = Multiaddr.of("/ip6/fd00::1/tcp/1");
    private static final String RELAY = "/p2p/QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N/p2p-circuit";

    private static final Predicate<Multiaddr> NONE_GIVEN = address -> false;

    private final BlackHoleDetector detector = new BlackHoleDetector();

    @Test
    void atFirstEverythingIsTried() {
        List<Multiaddr> all = List.of(QUIC, QUIC6, TCP, TCP6, NEAR_QUIC, NEAR_TCP6);

        assertThat(detector.sieve(all, NONE_GIVEN)).isEqualTo(new Sieved(all, List.of()));
    }

    @Test
    void udpThatLeadsNowhereIsRefusedAndSaysWhy() {
        fails(QUIC);
        known(TCP6);

        Sieved sieved = detector.sieve(List.of(QUIC, QUIC6, TCP, TCP6, NEAR_QUIC), NONE_GIVEN);

        assertThat(sieved.left()).containsExactly(TCP, TCP6, NEAR_QUIC);
        assertThat(sieved.refused())
                .extracting(AddressRefusedException::address)
                .containsExactly(QUIC, QUIC6);
        assertThat(sieved.refused()).allSatisfy(refusal -> {
            assertThat(refusal.reason()).isEqualTo(Reason.BLACK_HOLE);
            assertThat(refusal).hasMessageContaining("UDP").hasMessageContaining("0 succeeded");
        });
    }

    @Test
    void ip6ThatLeadsNowhereIsRefusedAndIp4IsNot() {
        fails(TCP6);
        known(QUIC);

        Sieved sieved = detector.sieve(List.of(QUIC, QUIC6, TCP, TCP6, NEAR_TCP6), NONE_GIVEN);

        assertThat(sieved.left()).containsExactly(QUIC, TCP, NEAR_TCP6);
        assertThat(sieved.refused())
                .extracting(AddressRefusedException::address)
                .containsExactly(QUIC6, TCP6);
        assertThat(sieved.refused().get(0)).hasMessageContaining("IPv6");
    }

    @Test
    void aKindThatIsBeingProbedIsTriedEvenWhereTheOtherIsBlocked() {
        fails(TCP6); // nothing is known of UDP

        assertThat(detector.sieve(List.of(QUIC6, TCP6), NONE_GIVEN).left()).containsExactly(QUIC6);
    }

    @Test
    void onlyRoutablePublicAddressesCount() {
        fails(NEAR_QUIC);
        fails(NEAR_TCP6);
        fails(Multiaddr.of("/ip4/192.0.2.1/udp/1/quic-v1"));
        fails(Multiaddr.of("/ip6/2001:db8::1/udp/1/quic-v1"));

        assertThat(detector.sieve(List.of(QUIC, QUIC6, TCP6), NONE_GIVEN).left())
                .containsExactly(QUIC, QUIC6, TCP6);
    }

    @Test
    void onePeerIsOneRequestHoweverManyAddressesItHas() {
        fails(QUIC);
        List<Multiaddr> peer = List.of(QUIC, Multiaddr.of("/ip4/8.8.8.8/udp/2/quic-v1"));

        for (int i = 1; i < BlackHoleCounter.WINDOW; i++) {
            assertThat(detector.sieve(peer, NONE_GIVEN).left()).isEmpty();
            assertThat(detector.sieve(List.of(TCP, NEAR_QUIC), NONE_GIVEN).left())
                    .hasSize(2); // no such request
        }
        assertThat(detector.sieve(peer, NONE_GIVEN).left()).isEqualTo(peer);
        detector.onResult(QUIC, true);
        assertThat(detector.sieve(peer, NONE_GIVEN).left()).isEqualTo(peer);
    }

    @Test
    void whereNothingWouldBeLeftTheAddressesGivenAreTried() {
        fails(QUIC);
        known(TCP6);
        Multiaddr remembered = Multiaddr.of("/ip4/8.8.8.8/udp/2/quic-v1");

        Sieved sieved = detector.sieve(List.of(QUIC, remembered), QUIC::equals);

        assertThat(sieved.left()).containsExactly(QUIC);
        assertThat(sieved.refused())
                .extracting(AddressRefusedException::address)
                .containsExactly(remembered);
        assertThat(detector.sieve(List.of(QUIC, TCP), QUIC::equals).left()).containsExactly(TCP);
    }

    @Test
    void aRelayedDialTellsNothingButItsRelayIsJudged() {
        Multiaddr relayed = Multiaddr.of(QUIC + RELAY);
        fails(relayed);
        assertThat(detector.sieve(List.of(relayed), NONE_GIVEN).left()).containsExactly(relayed);

        fails(QUIC);
        assertThat(detector.sieve(List.of(relayed), NONE_GIVEN).left()).isEmpty();
    }

    private void fails(Multiaddr address) {
        for (int i = 0; i < BlackHoleCounter.WINDOW; i++) {
            detector.onResult(address, false);
        }
    }

    private void known(Multiaddr address) {
        for (int i = 0; i < BlackHoleCounter.WINDOW; i++) {
            detector.onResult(address, true);
        }
    }
}
