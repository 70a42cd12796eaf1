package io.reactivep2p.pubsub.gossipsub.mesh;

import static io.reactivep2p.pubsub.gossipsub.TestPeers.id;
import static io.reactivep2p.pubsub.gossipsub.TestPeers.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PromisesTest {

    private final Promises promises = new Promises(3);

    @Test
    void aPromiseIsBrokenAfterItsTimeAndOnlyOnce() {
        promises.add(peer(1), id(1), "news", 10);

        assertThat(promises.broken(13)).isEmpty();
        assertThat(promises.broken(14)).isEqualTo(Map.of(peer(1), 1));
        assertThat(promises.broken(15)).isEmpty();
        assertThat(promises.size()).isZero();
    }

    @Test
    void theMessageKeepsThePromisesOfAllWhoMadeThem() {
        promises.add(peer(1), id(1), "news", 0);
        promises.add(peer(2), id(1), "news", 0);
        promises.add(peer(1), id(2), "news", 0);

        promises.fulfil(id(1));

        assertThat(promises.broken(100)).isEqualTo(Map.of(peer(1), 1));
    }

    @Test
    void aPromiseMadeAgainDoesNotBeginAgain() {
        promises.add(peer(1), id(1), "news", 0);
        promises.add(peer(1), id(1), "news", 3);

        assertThat(promises.broken(4)).isEqualTo(Map.of(peer(1), 1));
    }

    @Test
    void promisesOfATopicThatIsLeftAreForgotten() {
        promises.add(peer(1), id(1), "news", 0);
        promises.add(peer(1), id(2), "weather", 0);

        promises.forget("news");

        assertThat(promises.size()).isOne();
        assertThat(promises.broken(100)).isEqualTo(Map.of(peer(1), 1));
    }

    @Test
    void promisesAreCountedUpToABound() {
        for (int i = 0; i <= Promises.MAX_PROMISES; i++) {
            promises.add(peer(i), id(1), "news", 0);
        }
        assertThat(promises.size()).isEqualTo(Promises.MAX_PROMISES);
        promises.fulfil(id(1));
        assertThat(promises.size()).isZero();
    }
}
