package io.reactivep2p.pubsub.gossipsub;

import static io.reactivep2p.pubsub.gossipsub.TestPeers.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.pubsub.router.RemotePeer;
import io.reactivep2p.pubsub.router.RouterOutput;
import io.reactivep2p.pubsub.wire.Control;
import io.reactivep2p.pubsub.wire.Control.Extensions;
import org.junit.jupiter.api.Test;

class ExtensionsTest {

    private final TestRouter router =
            new TestRouter(spec -> spec.testExtension(true).partialMessages((from, partial, known) -> null));

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

        assertThat(router.outputs).isEmpty();
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

    private static Control greeting(TestRouter router, String protocol) {
        return router.router.greeting(new RemotePeer(peer(1), ProtocolId.of(protocol), false, null));
    }
}
