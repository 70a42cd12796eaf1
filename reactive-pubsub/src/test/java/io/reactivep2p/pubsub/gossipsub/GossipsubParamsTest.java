package io.reactivep2p.pubsub.gossipsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class GossipsubParamsTest {

    @Test
    void theDefaultsAreThoseOfGo() {
        GossipsubParams defaults = GossipsubParams.DEFAULTS;

        assertThat(defaults.degrees()).isEqualTo(new GossipsubParams.Degrees(6, 5, 12, 4, 2));
        assertThat(defaults.times())
                .isEqualTo(new GossipsubParams.Times(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(60),
                        60,
                        2,
                        300));
        assertThat(defaults.gossip())
                .isEqualTo(new GossipsubParams.Gossip(
                        6, 0.25, 5, 3, 65_536, 16 << 20, 10, 5_000, 3, Duration.ofSeconds(3), 1_024, 3, 1_000, 10));
        assertThat(GossipsubParams.EXCHANGED_PEERS).isEqualTo(16);
        assertThat(defaults.peerExchange()).isFalse();
        assertThat(defaults.floodPublish()).isTrue();
        assertThat(defaults.thresholds()).isEqualTo(GossipsubParams.NO_THRESHOLDS);
    }

    @Test
    void degreesThatContradictEachOtherAreRefused() {
        assertRefused(spec -> spec.meshPeers(6, 7, 12));
        assertRefused(spec -> spec.meshPeers(6, 5, 5));
        assertRefused(spec -> spec.bestPeers(13));
        assertRefused(spec -> spec.outboundPeers(4));
        assertRefused(spec -> spec.meshPeers(6, 2, 12));
        assertNotRefused(spec -> spec.outboundPeers(3));
        assertNotRefused(spec -> spec.meshPeers(1, 0, 2).bestPeers(0).outboundPeers(0));
    }

    @Test
    void timesAndLimitsWithoutMeaningAreRefused() {
        assertRefused(spec -> spec.heartbeat(Duration.ZERO));
        assertRefused(spec -> spec.backoff(Duration.ofMillis(900), Duration.ofSeconds(10), Duration.ZERO));
        assertRefused(spec -> spec.backoff(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(6)));
        assertRefused(spec -> spec.opportunisticGraft(0, 2));
        assertRefused(spec -> spec.directConnect(0));
        assertRefused(spec -> spec.history(3, 4));
        assertRefused(spec -> spec.gossip(6, Double.NaN));
        assertRefused(spec -> spec.gossip(6, 1.1));
        assertRefused(spec -> spec.cache(-1, 1));
        assertRefused(spec -> spec.followUp(Duration.ZERO));
        assertNotRefused(spec -> spec.cache(0, 0));
    }

    private static void assertRefused(Consumer<GossipsubSpec> configurer) {
        GossipsubSpec spec = new GossipsubSpec();
        configurer.accept(spec);
        assertThatIllegalArgumentException().isThrownBy(spec::params);
    }

    private static void assertNotRefused(Consumer<GossipsubSpec> configurer) {
        GossipsubSpec spec = new GossipsubSpec();
        configurer.accept(spec);
        assertThatNoException().isThrownBy(spec::params);
    }
}
