package io.reactivep2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.multiformats.Multiaddr;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DialBackoffTest {

    private static final Multiaddr ADDRESS = Multiaddr.of("/memory/1");

    private final DialBackoff backoff = new DialBackoff();

    @Test
    void anAddressThatNeverFailedMayBeDialed() {
        assertThat(backoff.remainingNanos(ADDRESS, 0)).isZero();
    }

    @Test
    void theWaitGrowsWithTheSquareOfTheFailuresUpToFiveMinutes() {
        for (int seconds : new int[] {5, 6, 9, 14, 21}) {
            backoff.onFailure(ADDRESS, 0);
            assertThat(backoff.remainingNanos(ADDRESS, 0))
                    .isEqualTo(Duration.ofSeconds(seconds).toNanos());
        }
        for (int i = 0; i < 1_000; i++) {
            backoff.onFailure(ADDRESS, 0);
        }
        assertThat(backoff.remainingNanos(ADDRESS, 0))
                .isEqualTo(Duration.ofMinutes(5).toNanos());
    }

    @Test
    void theWaitPassesAlsoWhereTheClockWraps() {
        long now = Long.MAX_VALUE - 1;
        backoff.onFailure(ADDRESS, now);

        assertThat(backoff.remainingNanos(ADDRESS, now + Duration.ofSeconds(4).toNanos()))
                .isEqualTo(Duration.ofSeconds(1).toNanos());
        assertThat(backoff.remainingNanos(ADDRESS, now + Duration.ofSeconds(6).toNanos()))
                .isZero();
    }

    @Test
    void successForgivesEverything() {
        backoff.onFailure(ADDRESS, 0);
        backoff.onSuccess(ADDRESS);
        assertThat(backoff.remainingNanos(ADDRESS, 0)).isZero();

        backoff.onFailure(ADDRESS, 0);
        assertThat(backoff.remainingNanos(ADDRESS, 0)).isEqualTo(DialBackoff.BASE_NANOS);
    }

    @Test
    void theAddressesRememberedAreBounded() {
        backoff.onFailure(ADDRESS, 0);
        for (int i = 0; i < DialBackoff.MAX_ADDRESSES; i++) {
            backoff.onFailure(Multiaddr.of("/memory/" + (i + 2)), 0);
        }
        assertThat(backoff.remainingNanos(ADDRESS, 0)).isZero();
    }
}
