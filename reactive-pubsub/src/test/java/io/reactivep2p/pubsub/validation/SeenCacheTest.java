package io.reactivep2p.pubsub.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.testing.Rounds;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeenCacheTest {

    private static final Duration TTL = Duration.ofSeconds(120);
    private static final long SECOND = 1_000_000_000L;
    private static final long START = -7;

    private static MessageId id(int number) {
        return MessageId.of(ByteBuffer.allocate(4).putInt(number).array());
    }

    private static SeenCache cache(int maxMessages) {
        return SeenCache.create(TTL, maxMessages, 1, 2);
    }

    @Test
    void aMessageIsNewOnce() {
        SeenCache cache = cache(100);
        assertThat(cache.contains(id(1), START)).isFalse();
        assertThat(cache.add(id(1), START)).isTrue();
        assertThat(cache.contains(id(1), START)).isTrue();
        assertThat(cache.add(id(1), START)).isFalse();
        assertThat(cache.add(id(2), START)).isTrue();
        assertThat(cache.size()).isEqualTo(2);
    }

    @Test
    void aMessageIsRememberedForTheTimeToLiveAndNotMuchLonger() {
        Rounds.of(200, random -> {
            SeenCache cache = cache(1_000);
            Map<Integer, Long> added = new HashMap<>();
            long now = START;
            for (int i = 0; i < 300; i++) {
                now += random.nextInt(5) * SECOND;
                if (cache.add(id(i), now)) {
                    added.put(i, now);
                }
                int other = random.nextInt(i + 1);
                long age = now - added.get(other);
                if (age <= TTL.toNanos()) {
                    assertThat(cache.contains(id(other), now)).isTrue();
                } else if (age > TTL.toNanos() * 4 / 3) {
                    assertThat(cache.contains(id(other), now)).isFalse();
                }
            }
        });
    }

    @Test
    void aLongSilenceForgetsAll() {
        SeenCache cache = cache(100);
        for (int i = 0; i < 20; i++) {
            cache.add(id(i), START + i * 8 * SECOND);
        }
        assertThat(cache.contains(id(19), START + 10_000 * SECOND)).isFalse();
        assertThat(cache.size()).isZero();
        assertThat(cache.add(id(19), START + 10_000 * SECOND)).isTrue();
        assertThat(cache.contains(id(19), START + 10_120 * SECOND)).isTrue();
        assertThat(cache.contains(id(19), START + 10_160 * SECOND)).isFalse();
    }

    @Test
    void noMoreThanABoundOfMessagesIsRememberedTheNewestForSure() {
        int max = 10_000;
        SeenCache cache = cache(max);
        for (int i = 0; i < 5 * max; i++) {
            assertThat(cache.add(id(i), START)).isTrue();
            assertThat(cache.size()).isLessThanOrEqualTo(max);
            assertThat(cache.contains(id(Math.max(0, i - max * 3 / 4 + 1)), START))
                    .isTrue();
        }
        assertThat(cache.contains(id(4 * max - 1), START)).isFalse();
    }

    @Test
    void theSmallestMemoryWorksToo() {
        SeenCache cache = cache(4);
        for (int i = 0; i < 100; i++) {
            assertThat(cache.add(id(i), START)).isTrue();
            assertThat(cache.add(id(i), START)).isFalse();
            assertThat(cache.size()).isLessThanOrEqualTo(4);
        }
    }

    @Test
    void aTableThatGrewAndEmptiedHoldsWhatComesNext() {
        SeenCache cache = cache(100_000);
        for (int i = 0; i < 20_000; i++) {
            cache.add(id(i), START);
        }
        long later = START;
        for (int round = 0; round < 10; round++) {
            later += 100 * SECOND;
            for (int i = 0; i < 50; i++) {
                assertThat(cache.add(id(1_000_000 + round * 50 + i), later)).isTrue();
            }
        }
        for (int i = 0; i < 50; i++) {
            assertThat(cache.contains(id(1_000_450 + i), later)).isTrue();
        }
    }

    @Test
    void theBoundsMakeSense() {
        assertThatThrownBy(() -> cache(3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SeenCache.create(Duration.ZERO, 100, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SeenCache.create(Duration.ofNanos(-1), 100, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
