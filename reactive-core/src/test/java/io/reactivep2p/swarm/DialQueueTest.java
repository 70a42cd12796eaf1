package io.reactivep2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DialQueueTest {

    private final DialQueue<String> queue = new DialQueue<>(2);

    @Test
    void asManyBeginAsThereArePlaces() {
        add("a", "b", "c");

        assertThat(queue.poll()).isEqualTo("a");
        assertThat(queue.poll()).isEqualTo("b");
        assertThat(queue.poll()).isNull();
        assertThat(queue.underWay()).isEqualTo(2);
        assertThat(queue.waiting()).isEqualTo(1);
    }

    @Test
    void whoEndsLetsTheNextOneIn() {
        add("a", "b", "c", "d");
        queue.poll();
        queue.poll();
        queue.remove("b");

        assertThat(queue.poll()).isEqualTo("c");
        assertThat(queue.poll()).isNull();
    }

    @Test
    void whoGivesUpWhileItWaitsIsPassedOver() {
        add("a", "b", "c", "d");
        queue.poll();
        queue.poll();
        queue.remove("c");
        queue.remove("a");

        assertThat(queue.poll()).isEqualTo("d");
    }

    @Test
    void whoLeavesTwiceTakesNobodysPlace() {
        add("a", "b", "c", "d");
        queue.poll();
        queue.poll();
        queue.remove("a");
        queue.remove("a");

        assertThat(queue.poll()).isEqualTo("c");
        assertThat(queue.poll()).isNull();
        queue.remove("never there");
        assertThat(queue.poll()).isNull();
    }

    @Test
    void thoseThatWaitAreBounded() {
        int places = 2 * DialQueue.WAITING_PER_PLACE;
        IntStream.range(0, places).forEach(i -> add("dial " + i));

        assertThat(queue.add("one too many")).isFalse();
        assertThat(queue.poll()).isEqualTo("dial 0");
        assertThat(queue.add("one more")).isTrue();
        assertThat(queue.add("one too many")).isFalse();
    }

    private void add(String... dials) {
        for (String dial : dials) {
            assertThat(queue.add(dial)).isTrue();
        }
    }
}
