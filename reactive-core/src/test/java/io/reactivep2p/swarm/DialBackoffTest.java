package io.reactivep2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DialBackoffTest {

    private static final Multiaddr ADDRESS = Multiaddr.of("/memory/1");

    private static final PeerId PEER = PeerId.of("12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN");

    private final DialBackoff backoff = new DialBackoff();

    @Test
    void anAddressThatNeverFailedMayBeDialed() {
        assertThat(backoff.remainingNanos(PEER, ADDRESS, 0)).isZero();
    }

    @Test
    void theWaitGrowsWithTheSquareOfTheFailuresUpToFiveMinutes() {
        for (int seconds : new int[] {5, 6, 9, 14, 21}) {
            backoff.onFailure(PEER, ADDRESS, 0);
            assertThat(backoff.remainingNanos(PEER, ADDRESS, 0))
                    .isEqualTo(Duration.ofSeconds(seconds).toNanos());
        }
        for (int i = 0; i < 1_000; i++) {
            backoff.onFailure(PEER, ADDRESS, 0);
        }
        assertThat(backoff.remainingNanos(PEER, ADDRESS, 0))
                .isEqualTo(Duration.ofMinutes(5).toNanos());
    }

    @Test
    void theWaitPassesAlsoWhereTheClockWraps() {
        long now = Long.MAX_VALUE - 1;
        backoff.onFailure(PEER, ADDRESS, now);

        assertThat(backoff.remainingNanos(
                        PEER, ADDRESS, now + Duration.ofSeconds(4).toNanos()))
                .isEqualTo(Duration.ofSeconds(1).toNanos());
        assertThat(backoff.remainingNanos(
                        PEER, ADDRESS, now + Duration.ofSeconds(6).toNanos()))
                .isZero();
    }

    @Test
    void successForgivesEverything() {
        backoff.onFailure(PEER, ADDRESS, 0);
        backoff.onSuccess(PEER, ADDRESS);
        assertThat(backoff.remainingNanos(PEER, ADDRESS, 0)).isZero();

        backoff.onFailure(PEER, ADDRESS, 0);
        assertThat(backoff.remainingNanos(PEER, ADDRESS, 0)).isEqualTo(DialBackoff.BASE_NANOS);
    }

    @Test
    void oneAddressOfOnePeerHoldsBackNoOther() {
        backoff.onFailure(PEER, ADDRESS, 0);

        PeerId other = PeerId.of("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N");
        assertThat(backoff.remainingNanos(PEER, Multiaddr.of("/memory/2"), 0)).isZero();
        assertThat(backoff.remainingNanos(other, ADDRESS, 0)).isZero();
        assertThat(backoff.remainingNanos(null, ADDRESS, 0)).isZero();
    }

    @Test
    void theAddressesRememberedAreBounded() {
        backoff.onFailure(PEER, ADDRESS, 0);
        for (int i = 0; i < DialBackoff.MAX_ADDRESSES; i++) {
            backoff.onFailure(PEER, Multiaddr.of("/memory/" + (i + 2)), 0);
        }
        assertThat(backoff.remainingNanos(PEER, ADDRESS, 0)).isZero();
    }
}
