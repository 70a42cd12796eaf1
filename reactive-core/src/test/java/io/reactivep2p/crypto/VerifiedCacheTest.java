package io.reactivep2p.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VerifiedCacheTest {

    private final VerifiedCache<String, Integer> cache = new VerifiedCache<>(2);

    @Test
    void whatWasVerifiedIsFoundAgain() {
        assertThat(cache.find("one")).isNull();
        cache.remember("one", 1);
        assertThat(cache.find("one")).isEqualTo(1);
    }

    @Test
    void theOneUnusedLongestIsForgotten() {
        cache.remember("one", 1);
        cache.remember("two", 2);
        assertThat(cache.find("one")).isEqualTo(1);
        cache.remember("three", 3);

        assertThat(cache.find("two")).isNull();
        assertThat(cache.find("one")).isEqualTo(1);
        assertThat(cache.find("three")).isEqualTo(3);
        assertThat(cache.size()).isEqualTo(2);
    }
}
