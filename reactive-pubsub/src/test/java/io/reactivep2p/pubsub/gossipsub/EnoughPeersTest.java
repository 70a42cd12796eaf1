package io.reactivep2p.pubsub.gossipsub;

import static io.reactivep2p.pubsub.gossipsub.TestPeers.peer;
import static io.reactivep2p.pubsub.gossipsub.TestRouter.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Until when a discovery is asked for more peers. */
class EnoughPeersTest {

    private final TestRouter node = new TestRouter();

    @Test
    void aTopicThatIsJoinedHasEnoughWhenItsMeshHasTheLowDegree() {
        node.join();
        node.subscribed(1, 4);
        node.heartbeats(1);
        assertThat(node.mesh()).hasSize(4);
        assertThat(node.router.hasEnoughPeers(TOPIC)).isFalse();

        node.subscribed(5, 1);
        // It subscribes, and is not in the mesh yet.
        assertThat(node.router.hasEnoughPeers(TOPIC)).isFalse();
        node.heartbeats(1);

        assertThat(node.mesh()).hasSize(5);
        assertThat(node.router.hasEnoughPeers(TOPIC)).isTrue();
    }

    @Test
    void thoseWhoSpeakFloodsubCountThoughTheyAreInNoMesh() {
        node.join();
        node.subscribed(1, 4);
        node.heartbeats(1);
        node.connect(peer(10), "/floodsub/1.0.0", false);
        assertThat(node.router.hasEnoughPeers(TOPIC)).isFalse();

        node.subscribe(peer(10), TOPIC);

        assertThat(node.router.hasEnoughPeers(TOPIC)).isTrue();
    }

    @Test
    void aTopicThatIsOnlyPublishedToHasEnoughWithAsManySubscribers() {
        node.subscribed(1, 4);
        assertThat(node.router.hasEnoughPeers(TOPIC)).isFalse();

        node.subscribed(5, 1);

        assertThat(node.router.hasEnoughPeers(TOPIC)).isTrue();
        assertThat(node.router.hasEnoughPeers("sport")).isFalse();
    }
}
