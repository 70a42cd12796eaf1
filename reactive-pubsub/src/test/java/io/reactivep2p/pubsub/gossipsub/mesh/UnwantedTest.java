package io.reactivep2p.pubsub.gossipsub.mesh;

import static io.reactivep2p.pubsub.gossipsub.TestPeers.id;
import static io.reactivep2p.pubsub.gossipsub.TestPeers.ids;
import static io.reactivep2p.pubsub.gossipsub.TestPeers.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.pubsub.MessageId;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnwantedTest {

    private final Unwanted unwanted = new Unwanted(3, 1_000, 10);

    @Test
    void anIdIsRememberedForThreeHeartbeats() {
        unwanted.add(peer(1), List.of(id(1)), 1);
        for (int i = 0; i < 3; i++) {
            assertThat(unwanted.contains(peer(1), id(1))).isTrue();
            unwanted.tick();
        }
        assertThat(unwanted.contains(peer(1), id(1))).isFalse();
    }

    @Test
    void anIdSaidAgainIsRememberedLonger() {
        unwanted.add(peer(1), List.of(id(1), id(2)), 1);
        unwanted.tick();
        unwanted.add(peer(1), List.of(id(1)), 1);
        unwanted.tick();
        unwanted.tick();

        assertThat(unwanted.contains(peer(1), id(1))).isTrue();
        assertThat(unwanted.contains(peer(1), id(2))).isFalse();
    }

    @Test
    void onePeerSpeaksForItselfOnly() {
        unwanted.add(peer(1), List.of(id(1)), 1);
        assertThat(unwanted.contains(peer(2), id(1))).isFalse();

        unwanted.remove(peer(1));
        assertThat(unwanted.contains(peer(1), id(1))).isFalse();
    }

    @Test
    void tenIdsAreReadOfEachEntry() {
        assertThat(unwanted.add(peer(1), ids(0, 11), 1)).isEqualTo(ids(0, 10));
        assertThat(unwanted.add(peer(2), ids(0, 25), 2)).isEqualTo(ids(0, 20));
    }

    @Test
    void aThousandEntriesAreReadBetweenHeartbeats() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(unwanted.add(peer(1), List.of(id(i)), 1)).hasSize(1);
        }
        assertThat(unwanted.add(peer(1), List.of(id(1_000)), 1)).isEmpty();
        unwanted.tick();
        assertThat(unwanted.add(peer(1), List.of(id(1_000)), 1)).hasSize(1);
    }

    @Test
    void longIdsAreReadUpToTheirBytes() {
        for (int i = 0; i < 10_000; i++) {
            byte[] longId = new byte[MessageId.MAX_BYTES];
            ByteBuffer.wrap(longId).putInt(i);
            unwanted.add(peer(1), List.of(MessageId.of(longId)), 1);
        }
        assertThat(unwanted.size(peer(1)))
                .isEqualTo(Unwanted.MAX_BYTES_PER_HEARTBEAT / (MessageId.MAX_BYTES + Unwanted.ID_OVERHEAD_BYTES));
    }

    @Test
    void entriesWithoutIdsAreNothing() {
        assertThat(unwanted.add(peer(1), List.of(), 5_000)).isEmpty();
        assertThat(unwanted.add(peer(1), List.of(id(1)), 0)).hasSize(1);
    }
}
