package io.reactivep2p.pubsub.gossipsub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LotsTest {

    private final Random random = new Random(7);

    @Test
    void allAreKeptWhenTheyAreShuffled() {
        List<Integer> all = numbers();
        Lots.shuffle(all, random);

        assertThat(all).containsExactlyInAnyOrderElementsOf(numbers()).isNotEqualTo(numbers());
    }

    @Test
    void noMoreAreDrawnThanThereAre() {
        assertThat(Lots.draw(numbers(), 200, random)).containsExactlyInAnyOrderElementsOf(numbers());
        assertThat(Lots.draw(numbers(), 0, random)).isEmpty();
        assertThat(Lots.draw(numbers(), -1, random)).isEmpty();
    }

    @Test
    void eachIsDrawnAboutAsOften() {
        int[] drawn = new int[100];
        for (int i = 0; i < 10_000; i++) {
            Lots.draw(numbers(), 10, random).forEach(number -> drawn[number]++);
        }
        // 1,000 each are expected, and 30 is the standard deviation.
        assertThat(drawn).hasSize(100).matches(counts -> IntStream.of(counts).allMatch(n -> n > 850 && n < 1_150));
    }

    private static List<Integer> numbers() {
        return new ArrayList<>(IntStream.range(0, 100).boxed().toList());
    }
}
