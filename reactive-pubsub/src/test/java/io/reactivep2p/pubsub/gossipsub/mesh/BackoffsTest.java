package io.reactivep2p.pubsub.gossipsub.mesh;

import static io.reactivep2p.pubsub.gossipsub.TestPeers.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BackoffsTest {

    private static final long SECOND = 1_000_000_000L;
    private static final String TOPIC = "news";

    private final Backoffs backoffs = new Backoffs(SECOND);

    @Test
    void aPeerThatWasNeverPrunedMayCome() {
        assertThat(backoffs.remainingNanos(TOPIC, peer(1), 0)).isZero();
        assertThat(backoffs.holdsUsBack(TOPIC, peer(1), 0)).isFalse();
    }

    @Test
    void weWaitOneHeartbeatLongerThanTheOther() {
        backoffs.start(TOPIC, peer(1), 10 * SECOND, 0);

        assertThat(backoffs.remainingNanos(TOPIC, peer(1), 4 * SECOND)).isEqualTo(6 * SECOND);
        assertThat(backoffs.remainingNanos(TOPIC, peer(1), 10 * SECOND)).isZero();
        assertThat(backoffs.holdsUsBack(TOPIC, peer(1), 10 * SECOND)).isTrue();
        assertThat(backoffs.holdsUsBack(TOPIC, peer(1), 11 * SECOND)).isFalse();
    }

    @Test
    void aBackoffGetsLongerAndNeverShorter() {
        backoffs.start(TOPIC, peer(1), 60 * SECOND, 0);
        backoffs.start(TOPIC, peer(1), 10 * SECOND, 0);
        assertThat(backoffs.remainingNanos(TOPIC, peer(1), 0)).isEqualTo(60 * SECOND);

        backoffs.start(TOPIC, peer(1), 60 * SECOND, 30 * SECOND);
        assertThat(backoffs.remainingNanos(TOPIC, peer(1), 30 * SECOND)).isEqualTo(60 * SECOND);
    }

    @Test
    void otherPeersAndOtherTopicsAreFree() {
        backoffs.start(TOPIC, peer(1), 10 * SECOND, 0);

        assertThat(backoffs.holdsUsBack(TOPIC, peer(2), 0)).isFalse();
        assertThat(backoffs.holdsUsBack("weather", peer(1), 0)).isFalse();
    }

    @Test
    void theTimePassesAlsoWhereTheClockWraps() {
        long now = Long.MAX_VALUE - SECOND;
        backoffs.start(TOPIC, peer(1), 10 * SECOND, now);

        assertThat(backoffs.remainingNanos(TOPIC, peer(1), now + 4 * SECOND)).isEqualTo(6 * SECOND);
        backoffs.expire(now + 4 * SECOND);
        assertThat(backoffs.size()).isOne();
        backoffs.expire(now + 11 * SECOND);
        assertThat(backoffs.size()).isZero();
    }

    @Test
    void whatAPeerAsksForIsBelievedUpToAnHour() {
        long standard = 60 * SECOND;
        assertThat(Backoffs.requestedNanos(OptionalLong.empty(), standard)).isEqualTo(standard);
        assertThat(Backoffs.requestedNanos(OptionalLong.of(0), standard)).isEqualTo(standard);
        assertThat(Backoffs.requestedNanos(OptionalLong.of(1), standard)).isEqualTo(SECOND);
        assertThat(Backoffs.requestedNanos(OptionalLong.of(3_600), standard)).isEqualTo(3_600 * SECOND);
        assertThat(Backoffs.requestedNanos(OptionalLong.of(3_601), standard)).isEqualTo(3_600 * SECOND);
    }

    @Test
    void theMostRecentPeersAreRememberedWhereThereAreTooMany() {
        for (int i = 0; i <= Backoffs.MAX_PEERS_PER_TOPIC; i++) {
            backoffs.start(TOPIC, peer(i), 10 * SECOND, 0);
        }

        assertThat(backoffs.size()).isEqualTo(Backoffs.MAX_PEERS_PER_TOPIC);
        assertThat(backoffs.holdsUsBack(TOPIC, peer(0), 0)).isFalse();
        assertThat(backoffs.holdsUsBack(TOPIC, peer(1), 0)).isTrue();
    }
}
