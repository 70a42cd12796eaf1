package io.reactivep2p.pubsub.gossipsub.mesh;

import static io.reactivep2p.pubsub.gossipsub.TestPeers.id;
import static io.reactivep2p.pubsub.gossipsub.TestPeers.message;
import static io.reactivep2p.pubsub.gossipsub.TestPeers.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.pubsub.RawMessage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MessageCacheTest {

    private static final int RETRANSMISSIONS = 3;

    private final MessageCache cache = new MessageCache(5, 3, 100, 1 << 20);
    private final RawMessage news = message("news", peer(1), 100);

    @Test
    void aMessageIsToldOfForThreeWindowsAndCanBeAskedForInFive() {
        cache.put(id(1), news);

        for (int window = 0; window < 3; window++) {
            assertThat(cache.gossip()).isEqualTo(Map.of("news", List.of(id(1))));
            cache.shift();
        }
        assertThat(cache.gossip()).isEmpty();
        assertThat(cache.contains(id(1))).isTrue();
        cache.shift();
        assertThat(cache.request(id(1), peer(2), RETRANSMISSIONS)).isSameAs(news);
        cache.shift();
        assertThat(cache.contains(id(1))).isFalse();
        assertThat(cache.size()).isZero();
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void aMessagePutAgainStaysInItsWindow() {
        cache.put(id(1), news);
        cache.shift();
        cache.put(id(1), news);
        for (int i = 0; i < 4; i++) {
            cache.shift();
        }
        assertThat(cache.contains(id(1))).isFalse();
    }

    @Test
    void idsToTellOfAreSortedByTopic() {
        cache.put(id(1), news);
        cache.put(id(2), message("weather", peer(1), 1));
        cache.shift();
        cache.put(id(3), news);

        assertThat(cache.gossip()).isEqualTo(Map.of("news", List.of(id(1), id(3)), "weather", List.of(id(2))));
    }

    @Test
    void aPeerIsSentAMessageThreeTimesAndOthersAreCountedForThemselves() {
        cache.put(id(1), news);

        for (int i = 0; i < RETRANSMISSIONS; i++) {
            assertThat(cache.request(id(1), peer(2), RETRANSMISSIONS)).isSameAs(news);
        }
        assertThat(cache.request(id(1), peer(2), RETRANSMISSIONS)).isNull();
        assertThat(cache.request(id(1), peer(3), RETRANSMISSIONS)).isSameAs(news);
        assertThat(cache.request(id(9), peer(3), RETRANSMISSIONS)).isNull();
    }

    @Test
    void theOldestGoFirstWhereThereAreTooMany() {
        for (int i = 0; i < 101; i++) {
            cache.put(id(i), news);
        }
        assertThat(cache.size()).isEqualTo(100);
        assertThat(cache.contains(id(0))).isFalse();
        assertThat(cache.contains(id(1))).isTrue();
    }

    @Test
    void theOldestGoFirstWhereTheyAreTooLong() {
        MessageCache small = new MessageCache(5, 3, 100, 10_000);
        for (int i = 0; i < 10; i++) {
            small.put(id(i), message("news", peer(1), 3_000));
            assertThat(small.bytes()).isBetween(3_000L, 10_000L);
        }
        assertThat(small.size()).isEqualTo(3);
        assertThat(small.contains(id(9))).isTrue();
    }

    @Test
    void aMessageLongerThanAllThatIsKeptDrivesNothingOut() {
        MessageCache small = new MessageCache(5, 3, 100, 10_000);
        small.put(id(1), news);
        small.put(id(2), message("news", peer(1), 10_000));

        assertThat(small.contains(id(1))).isTrue();
        assertThat(small.contains(id(2))).isFalse();
    }

    @Test
    void countsOfPeersThatAskNeedRoomToo() {
        MessageCache small = new MessageCache(5, 3, 100, 10_000);
        small.put(id(1), news);
        small.put(id(2), news);
        for (int i = 0; i < 1_000; i++) {
            small.request(id(2), peer(i), RETRANSMISSIONS);
            assertThat(small.bytes()).isLessThanOrEqualTo(10_000);
        }
        assertThat(small.contains(id(1))).isFalse();
    }
}
