package io.reactivep2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.swarm.BlackHoleCounter.Verdict;
import org.junit.jupiter.api.Test;

class BlackHoleCounterTest {

    private static final int WINDOW = BlackHoleCounter.WINDOW;

    private final BlackHoleCounter counter = new BlackHoleCounter();

    @Test
    void itProbesUntilAHundredResultsAreKnown() {
        results(false, WINDOW - 1);
        assertThat(counter.onRequest()).isEqualTo(Verdict.PROBE);

        results(false, 1);
        assertThat(counter.onRequest()).isEqualTo(Verdict.BLOCK);
    }

    @Test
    void fiveSuccessesInAHundredAreEnough() {
        results(true, 5);
        results(false, WINDOW - 5);

        assertThat(counter.successes()).isEqualTo(5);
        assertThat(counter.onRequest()).isEqualTo(Verdict.ALLOW);
    }

    @Test
    void fourAreNot() {
        results(true, 4);
        results(false, WINDOW - 4);

        assertThat(counter.onRequest()).isEqualTo(Verdict.BLOCK);
    }

    @Test
    void onlyTheLastHundredCount() {
        results(true, WINDOW);
        results(false, WINDOW - 5);
        assertThat(counter.onRequest()).isEqualTo(Verdict.ALLOW);

        results(false, 1);
        assertThat(counter.successes()).isEqualTo(4);
        assertThat(counter.onRequest()).isEqualTo(Verdict.BLOCK);
    }

    @Test
    void everyHundredthRequestIsLetThroughWhileItIsBlocked() {
        results(false, WINDOW);

        for (int round = 0; round < 3; round++) {
            for (int i = 1; i < WINDOW; i++) {
                assertThat(counter.onRequest()).isEqualTo(Verdict.BLOCK);
            }
            assertThat(counter.onRequest()).isEqualTo(Verdict.PROBE);
            results(false, 1);
        }
    }

    @Test
    void oneSuccessWhileItIsBlockedBeginsAnew() {
        results(false, WINDOW);
        assertThat(counter.onRequest()).isEqualTo(Verdict.BLOCK);
        results(true, 1);

        assertThat(counter.successes()).isZero();
        for (int i = 0; i < WINDOW; i++) {
            assertThat(counter.onRequest()).isEqualTo(Verdict.PROBE);
        }
        results(false, WINDOW - 1);
        assertThat(counter.onRequest()).isEqualTo(Verdict.PROBE);
        results(false, 1);
        assertThat(counter.onRequest()).isEqualTo(Verdict.BLOCK);
    }

    @Test
    void whatIsAllowedIsNotProbed() {
        results(true, WINDOW);

        for (int i = 0; i < 3 * WINDOW; i++) {
            assertThat(counter.onRequest()).isEqualTo(Verdict.ALLOW);
        }
    }

    private void results(boolean success, int count) {
        for (int i = 0; i < count; i++) {
            counter.onResult(success);
        }
    }
}
