package io.reactivep2p.pubsub.gossipsub.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivep2p.peer.PeerId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColocationTest {

    private static Scoring scoring(String... exempt) {
        return new Scoring(ScoreParams.OFF.with(new ScoreParams.Colocation(-1, 2, List.of(exempt))));
    }

    private static PeerId peer(Scoring scoring, String... ips) {
        PeerId peer = scoring.peer();
        scoring.score.setIps(peer, List.of(ips));
        return peer;
    }

    @Test
    void peersBehindOneAddressCountFromTheThresholdOn() {
        Scoring scoring = scoring();
        PeerId alone = peer(scoring, "192.0.2.9");
        PeerId first = peer(scoring, "192.0.2.1");
        peer(scoring, "192.0.2.1");
        assertThat(scoring.score(first)).isZero();
        PeerId third = peer(scoring, "192.0.2.1");
        assertThat(scoring.score(first)).isEqualTo(-1);
        assertThat(scoring.score(third)).isEqualTo(-1);
        PeerId fourth = peer(scoring, "192.0.2.1");
        assertThat(scoring.score(first)).isEqualTo(-4);
        assertThat(scoring.score(alone)).isZero();

        scoring.score.setIps(fourth, List.of("198.51.100.1"));
        assertThat(scoring.score(first)).isEqualTo(-1);
        assertThat(scoring.score(fourth)).isZero();
    }

    @Test
    void aPeerIsChargedForEachOfItsAddresses() {
        Scoring scoring = scoring();
        PeerId peer = peer(scoring, "192.0.2.1", "192.0.2.2", "192.0.2.1");
        for (int i = 0; i < 4; i++) {
            peer(scoring, "192.0.2.1");
            peer(scoring, "192.0.2.2");
        }
        assertThat(scoring.score(peer)).isEqualTo(-18);
    }

    @Test
    void theNetworkOfAnIp6AddressCountsToo() {
        Scoring scoring = scoring();
        PeerId first = peer(scoring, "2001:db8:0:1::1");
        for (int i = 2; i <= 5; i++) {
            peer(scoring, "2001:db8:0:1::" + i);
        }
        PeerId elsewhere = peer(scoring, "2001:db8:0:2::1");
        assertThat(scoring.score(first)).as("five share the network").isEqualTo(-9);
        assertThat(scoring.score(elsewhere)).isZero();
        for (int i = 0; i < 3; i++) {
            peer(scoring, "2001:db8:0:1:0:0:0:1");
        }
        assertThat(scoring.score(first))
                .as("eight share the network, four the address")
                .isEqualTo(-36 - 4);
    }

    @Test
    void anIp4AddressInIp6IsTheIp4Address() {
        Scoring scoring = scoring();
        PeerId peer = peer(scoring, "192.0.2.1");
        peer(scoring, "::ffff:192.0.2.1");
        peer(scoring, "::ffff:c000:201");
        assertThat(scoring.score(peer)).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.1.2.3, 11.1.2.3",
        "192.0.2.128/25, 192.0.2.200, 192.0.2.100",
        "192.0.2.1/32, 192.0.2.1, 192.0.2.2"
    })
    void exemptRangesDoNotCount(String range, String inside, String outside) {
        Scoring scoring = scoring("2001:db8::/32", range);
        PeerId exempt = peer(scoring, inside);
        PeerId charged = peer(scoring, outside);
        for (int i = 0; i < 4; i++) {
            peer(scoring, inside);
            peer(scoring, outside);
        }
        assertThat(scoring.score(exempt)).isZero();
        assertThat(scoring.score(charged)).isEqualTo(-9);
    }

    @Test
    void anExemptIp6RangeCoversItsNetworks() {
        Scoring scoring = scoring("2001:db8::/32");
        PeerId peer = peer(scoring, "2001:db8::1");
        peer(scoring, "2001:db8::1");
        peer(scoring, "2001:db8::1");
        assertThat(scoring.score(peer)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "127.8.9.1", "::1", "", "localhost", "1.2.3", "fe80::1%eth0", "/", "1.2.3.4/8"})
    void loopbackAndWhatIsNoAddressDoNotCount(String ip) {
        Scoring scoring = scoring();
        PeerId peer = peer(scoring, ip);
        for (int i = 0; i < 5; i++) {
            peer(scoring, ip);
        }
        assertThat(scoring.score(peer)).isZero();
        assertThat(scoring.score.sizes()).containsExactly(0, 0, 0);
    }

    @Test
    void noMoreThanABoundOfAddressesOfAPeerIsLookedAt() {
        Scoring scoring = scoring();
        String[] ips = new String[100];
        for (int i = 0; i < ips.length; i++) {
            ips[i] = "192.0.2." + i;
        }
        peer(scoring, ips);
        assertThat(scoring.score.sizes()).containsExactly(0, 0, IpGroups.MAX_ADDRESSES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0/8",
                "::/129",
                "::/",
                "/8",
                "ten/8",
                "1.2.3.4/8/8"
            })
    void aMalformedRangeIsRefused(String range) {
        assertThatThrownBy(() -> new ScoreParams.Colocation(-1, 1, List.of(range)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(range);
    }
}
