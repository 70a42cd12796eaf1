package io.reactivep2p.pubsub.gossipsub;

import static io.reactivep2p.pubsub.gossipsub.TestPeers.peer;
import static io.reactivep2p.pubsub.gossipsub.TestRouter.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.router.RemotePeer;
import io.reactivep2p.pubsub.router.RouterOutput;
import io.reactivep2p.pubsub.wire.Control;
import io.reactivep2p.pubsub.wire.Control.Extensions;
import io.reactivep2p.pubsub.wire.PartialMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExtensionsTest {

    private final List<PartialMessage> passed = new ArrayList<>();
    private final TestRouter router =
            new TestRouter(spec -> spec.testExtension(true).partialMessages(this::answer));

    private List<PartialMessage> answer(PeerId from, PartialMessage partial) {
        passed.add(partial);
        return List.of();
    }

    @Test
    void onlyPeersOfVersionOneThreeAreGreetedWithExtensions() {
        assertThat(greeting(router, "/meshsub/1.3.0")).isEqualTo(Control.extensions(new Extensions(true, true)));
        assertThat(greeting(router, "/meshsub/1.2.0")).isNull();
        assertThat(greeting(router, "/floodsub/1.0.0")).isNull();
        assertThat(greeting(new TestRouter(), "/meshsub/1.3.0")).isNull();
    }

    @Test
    void theExtensionForTestsIsUsedOnceWhereBothSupportIt() {
        router.subscribed(1, 2);
        router.control(peer(1), Control.extensions(new Extensions(false, true)));
        router.control(peer(2), Control.extensions(new Extensions(true, false)));

        assertThat(router.outputs).containsExactly(new RouterOutput.SendTestExtension(peer(1)));
    }

    @Test
    void theExtensionForTestsIsNotUsedWhereWeDoNotSupportIt() {
        TestRouter other = new TestRouter();
        other.subscribed(1, 1);
        other.control(peer(1), Control.extensions(new Extensions(false, true)));

        assertThat(other.outputs).isEmpty();
    }

    @Test
    void extensionsSaidASecondTimeAreIgnoredAndCountAgainstThePeer() {
        router.join();
        router.subscribed(1, 1);
        router.forgetOutputs();
        router.control(peer(1), Control.extensions(Extensions.NONE));
        router.control(peer(1), Control.extensions(new Extensions(true, true)));
        router.router.onPartial(peer(1), parts(1), router.now);

        assertThat(router.outputs).isEmpty();
        assertThat(passed).isEmpty();
        assertThat(router.score(peer(1))).isEqualTo(-1);
    }

    @Test
    void aPeerThatComesBackMaySayItsExtensionsAgain() {
        router.subscribed(1, 1);
        router.control(peer(1), Control.extensions(new Extensions(false, true)));
        router.disconnect(peer(1));
        router.subscribed(1, 1);
        router.control(peer(1), Control.extensions(new Extensions(false, true)));

        assertThat(router.outputs(RouterOutput.SendTestExtension.class)).hasSize(2);
        assertThat(router.score(peer(1))).isZero();
    }

    @Test
    void partsArePassedOnWhereBothSupportThemAndTheTopicIsJoined() {
        router.subscribed(1, 2);
        router.control(peer(1), Control.extensions(new Extensions(true, false)));
        router.router.onPartial(peer(1), parts(1), router.now);
        assertThat(passed).as("not joined").isEmpty();

        router.join();
        router.router.onPartial(peer(2), parts(1), router.now);
        assertThat(passed).as("not agreed").isEmpty();

        PartialMessage parts = parts(1);
        router.router.onPartial(peer(1), parts, router.now);
        assertThat(passed).containsExactly(parts);
    }

    @Test
    void answersToPartsAreSentUpToABound() {
        PartialMessage answer = parts(3);
        TestRouter other =
                new TestRouter(spec -> spec.partialMessages((from, partial) -> Collections.nCopies(20, answer)));
        other.join();
        other.subscribed(1, 1);
        other.control(peer(1), Control.extensions(new Extensions(true, false)));
        other.router.onPartial(peer(1), parts(1), other.now);
        other.control(peer(1), Control.iwant(List.of()));

        assertThat(other.outputs(RouterOutput.SendPartial.class))
                .hasSize(PartialMessages.MAX_ANSWERS)
                .containsOnly(new RouterOutput.SendPartial(peer(1), answer));
    }

    @Test
    void aFloodOfPartsIsCutUntilTheNextHeartbeat() {
        router.join();
        router.subscribed(1, 2);
        router.control(peer(1), Control.extensions(new Extensions(true, false)));
        router.control(peer(2), Control.extensions(new Extensions(true, false)));
        for (int i = 0; i < 2_000; i++) {
            router.router.onPartial(peer(1), parts(1), router.now);
        }
        assertThat(passed).hasSize(PartialMessages.MAX_PARTS_PER_HEARTBEAT);

        passed.clear();
        for (int i = 0; i < 10; i++) {
            router.router.onPartial(peer(2), parts(1_000_000), router.now);
        }
        assertThat(passed).hasSize(4);

        passed.clear();
        router.heartbeats(1);
        router.router.onPartial(peer(1), parts(1), router.now);
        assertThat(passed).hasSize(1);
    }

    private static Control greeting(TestRouter router, String protocol) {
        return router.router.greeting(new RemotePeer(peer(1), ProtocolId.of(protocol), false, null));
    }

    private static PartialMessage parts(int bytes) {
        return new PartialMessage(TOPIC, new byte[8], new byte[bytes], null);
    }
}
