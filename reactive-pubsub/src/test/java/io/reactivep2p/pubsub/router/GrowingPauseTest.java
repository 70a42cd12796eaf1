package io.reactivep2p.pubsub.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GrowingPauseTest {

    /** Draws the least there is. */
    private static final RandomGenerator NO_LUCK = new RandomGenerator() {
        @Override
        public long nextLong() {
            return 0;
        }

        @Override
        public long nextLong(long bound) {
            return 0;
        }
    };

    @Test
    void eachPauseIsTwiceTheOneBeforeUpToTheLongest() {
        GrowingPause pause = new GrowingPause(Duration.ofNanos(3), Duration.ofNanos(20), NO_LUCK);

        assertThat(new long[] {pause.afterNanos(0), pause.afterNanos(1), pause.afterNanos(2), pause.afterNanos(3)})
                .containsExactly(3, 6, 12, 20);
    }

    @Test
    void noNumberOfPausesOverflows() {
        Duration longest = Duration.ofNanos(Long.MAX_VALUE / 2);
        for (long first : new long[] {1, 2, 3, 1_000_000_007}) {
            GrowingPause pause = new GrowingPause(Duration.ofNanos(first), Duration.ofHours(1), NO_LUCK);
            GrowingPause endless = new GrowingPause(Duration.ofNanos(first), longest, NO_LUCK);
            long before = 0;
            for (int tries = 0; tries < 70; tries++) {
                assertThat(endless.afterNanos(tries)).isGreaterThanOrEqualTo(before);
                before = endless.afterNanos(tries);
            }
            assertThat(before).isEqualTo(Long.MAX_VALUE / 2);
            assertThat(pause.afterNanos(Integer.MAX_VALUE))
                    .isEqualTo(Duration.ofHours(1).toNanos());
        }
    }

    @Test
    void upToHalfAsMuchAgainIsAddedByLot() {
        long seed = System.nanoTime();
        GrowingPause pause = new GrowingPause(Duration.ofNanos(100), Duration.ofNanos(100), new Random(seed));
        List<Long> drawn = IntStream.range(0, 1_000).mapToObj(pause::afterNanos).toList();

        assertThat(drawn).as("seed %d", seed).allMatch(each -> each >= 100 && each <= 150);
        assertThat(drawn).as("seed %d", seed).anyMatch(each -> each < 110).anyMatch(each -> each > 140);
    }
}
