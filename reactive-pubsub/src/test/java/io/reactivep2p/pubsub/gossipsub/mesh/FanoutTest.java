package io.reactivep2p.pubsub.gossipsub.mesh;

import static io.reactivep2p.pubsub.gossipsub.TestPeers.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FanoutTest {

    private static final long TTL = 60;

    private final Fanout fanout = new Fanout(TTL);

    @Test
    void aTopicIsForgottenWhenItWasNotPublishedToForTheTimeToLive() {
        fanout.published("news", 0);
        fanout.add("news", List.of(peer(1)));
        fanout.published("news", 30);

        fanout.expire(90);
        assertThat(fanout.peers("news")).containsExactly(peer(1));
        fanout.expire(91);
        assertThat(fanout.topics()).isEmpty();
        assertThat(fanout.peers("news")).isEmpty();
    }

    @Test
    void aPeerThatIsGoneIsInNoTopic() {
        fanout.published("news", 0);
        fanout.published("weather", 0);
        fanout.add("news", List.of(peer(1), peer(2)));
        fanout.add("weather", List.of(peer(1)));

        fanout.remove(peer(1));

        assertThat(fanout.peers("news")).containsExactly(peer(2));
        assertThat(fanout.peers("weather")).isEmpty();
    }

    @Test
    void peersAreOnlyAddedToTopicsThatWerePublishedTo() {
        fanout.add("news", List.of(peer(1)));
        assertThat(fanout.topics()).isEmpty();
    }

    @Test
    void theTopicPublishedToLongestAgoGoesFirstWhereThereAreTooMany() {
        for (int i = 0; i < Fanout.MAX_TOPICS; i++) {
            fanout.published("topic " + i, i);
        }
        fanout.published("topic 0", Fanout.MAX_TOPICS);
        fanout.published("one more", Fanout.MAX_TOPICS);

        assertThat(fanout.topics())
                .hasSize(Fanout.MAX_TOPICS)
                .contains("topic 0", "one more")
                .doesNotContain("topic 1");
    }
}
