package io.reactivep2p.pubsub.gossipsub;

import static io.reactivep2p.pubsub.gossipsub.TestPeers.id;
import static io.reactivep2p.pubsub.gossipsub.TestPeers.message;
import static io.reactivep2p.pubsub.gossipsub.TestPeers.peer;
import static io.reactivep2p.pubsub.gossipsub.TestRouter.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peer.PeerInfo;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.router.RouterOutput;
import io.reactivep2p.pubsub.wire.Control;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForwardingTest {

    private final TestRouter router = new TestRouter();

    // ---- messages of others

    @Test
    void aValidMessageGoesToTheMeshButNotBackToItsSenderOrAuthor() {
        router.join();
        router.subscribed(1, 8);
        TestPeers.peers(1, 5).forEach(router::graft);
        RawMessage message = router.receive(peer(1), id(1), message(TOPIC, peer(2), 10));

        assertThat(router.outputs(RouterOutput.SendMessage.class))
                .containsExactly(new RouterOutput.SendMessage(List.of(peer(3), peer(4), peer(5)), id(1), message));
    }

    @Test
    void aMessageWithoutAnAuthorGoesToAllButItsSender() {
        router.join();
        router.subscribed(1, 3).forEach(router::graft);
        router.receive(peer(1), id(1), new RawMessage(null, new byte[10], null, TOPIC, null, null));

        assertThat(router.receivers()).containsExactly(peer(2), peer(3));
    }

    @Test
    void aMessageThatIsNotValidGoesNowhere() {
        router.join();
        router.subscribed(1, 3).forEach(router::graft);
        router.router.onArrival(peer(1), id(1), message(TOPIC, peer(9), 10), router.now);
        router.router.onIgnored(peer(1), id(1), TOPIC, router.now);
        router.heartbeat();

        assertThat(router.receivers()).isEmpty();
        assertThat(router.router.state().cache().size()).isZero();
    }

    @Test
    void directAndFloodsubPeersOfTheTopicAreSentEveryMessage() {
        TestRouter other = new TestRouter(spec -> spec.directPeer(new PeerInfo(peer(10), List.of()))
                .directPeer(new PeerInfo(peer(11), List.of()))
                .directPeer(new PeerInfo(peer(12), List.of())));
        other.join();
        other.subscribed(1, 2).forEach(other::graft);
        other.subscribe(peer(10), "/meshsub/1.1.0", true);
        other.subscribe(peer(11), "/floodsub/1.0.0", true);
        other.connect(peer(12), "/meshsub/1.1.0", true);
        other.subscribe(peer(20), "/floodsub/1.0.0", false);
        other.subscribe(peer(21), "/floodsub/1.0.0", false);
        other.connect(peer(22), "/floodsub/1.0.0", false);
        other.opinions.put(peer(10), -100.0);
        other.opinions.put(peer(20), -50.0);
        other.opinions.put(peer(21), -50.1);
        other.receive(peer(1), id(1), 10);

        assertThat(other.receivers()).containsExactly(peer(10), peer(11), peer(20), peer(2));
    }

    // ---- messages of our own

    @Test
    void whatWePublishGoesToAllPeersOfTheTopicThatAreAboveTheThreshold() {
        router.join();
        router.subscribed(1, 20);
        TestPeers.peers(1, 6).forEach(router::graft);
        router.subscribe(peer(30), "/floodsub/1.0.0", false);
        router.connect(peer(31), "/meshsub/1.2.0", false);
        router.opinions.put(peer(7), -50.0);
        router.opinions.put(peer(8), -50.1);
        router.publish(id(1), 10);

        assertThat(router.receivers()).hasSize(20).contains(peer(7), peer(30)).doesNotContain(peer(8), peer(31));
    }

    @Test
    void whatWePublishGoesToTheMeshOnlyWhereItIsNotFlooded() {
        TestRouter other = new TestRouter(spec -> spec.floodPublish(false));
        other.join();
        other.subscribed(1, 20);
        TestPeers.peers(1, 6).forEach(other::graft);
        other.subscribe(peer(30), "/floodsub/1.0.0", false);
        other.publish(id(1), 10);

        assertThat(other.receivers()).hasSize(7).contains(peer(30)).containsAll(TestPeers.peers(1, 6));
    }

    @Test
    void withoutJoiningTheSamePeersArePublishedToForAMinute() {
        TestRouter other = new TestRouter(spec -> spec.floodPublish(false));
        other.subscribed(1, 40);
        TestPeers.peers(1, 10).forEach(bad -> other.opinions.put(bad, -50.1));
        other.publish(id(1), 10);
        List<PeerId> first = other.receivers();
        assertThat(first).hasSize(6).doesNotContainAnyElementsOf(TestPeers.peers(1, 10));

        other.heartbeats(60);
        other.forgetOutputs();
        other.publish(id(2), 10);
        assertThat(other.receivers()).containsExactlyElementsOf(first);

        other.heartbeats(61);
        assertThat(other.router.state().fanout().topics()).isEmpty();
    }

    @Test
    void peersThatArePublishedToAreReplacedWhenTheyLeaveOrLoseTrust() {
        TestRouter other = new TestRouter(spec -> spec.floodPublish(false));
        other.subscribed(1, 20);
        other.publish(id(1), 10);
        List<PeerId> first = other.receivers();
        other.opinions.put(first.get(0), -50.1);
        other.unsubscribe(first.get(1), TOPIC);
        other.disconnect(first.get(2));
        other.heartbeats(1);

        assertThat(other.router.state().fanout().peers(TOPIC))
                .hasSize(6)
                .containsAll(first.subList(3, 6))
                .doesNotContainAnyElementsOf(first.subList(0, 3));
    }

    @Test
    void aTopicWithoutPeersIsPublishedToNobody() {
        router.publish(id(1), 10);
        assertThat(router.outputs).isEmpty();
    }

    // ---- IDONTWANT

    @Test
    void theMeshIsToldOfALongMessageBeforeItIsValidated() {
        router.join();
        router.subscribe(peer(1), "/meshsub/1.2.0", false);
        router.subscribe(peer(2), "/meshsub/1.3.0", false);
        router.subscribe(peer(3), "/meshsub/1.1.0", false);
        router.subscribe(peer(4), "/meshsub/1.2.0", false);
        TestPeers.peers(1, 4).forEach(router::graft);
        router.forgetOutputs();
        router.router.onArrival(peer(4), id(1), message(TOPIC, peer(9), 1_024), router.now);
        router.control(peer(1), Control.iwant(List.of()));

        Control expected = Control.idontwant(List.of(id(1)));
        assertThat(router.outputs)
                .containsExactly(
                        new RouterOutput.SendControl(peer(1), expected),
                        new RouterOutput.SendControl(peer(2), expected));
    }

    @Test
    void theMeshIsNotToldOfAShortMessage() {
        router.join();
        router.subscribed(1, 3).forEach(router::graft);
        router.forgetOutputs();
        router.receive(peer(1), id(1), 1_023);

        assertThat(router.outputs(RouterOutput.SendControl.class)).isEmpty();
    }

    @Test
    void whoHasAMessageIsNotSentItAndWhatWaitsIsTakenBack() {
        router.join();
        router.subscribed(1, 4).forEach(router::graft);
        router.forgetOutputs();
        router.control(peer(2), Control.idontwant(List.of(id(1))));
        assertThat(router.outputs).containsExactly(new RouterOutput.Unsend(peer(2), List.of(id(1))));

        router.receive(peer(1), id(1), 10);
        assertThat(router.receivers()).containsExactly(peer(3), peer(4));
    }

    @Test
    void afterThreeHeartbeatsItIsForgottenWhoHasAMessage() {
        router.join();
        router.subscribed(1, 3).forEach(router::graft);
        router.control(peer(2), Control.idontwant(List.of(id(1))));
        router.heartbeats(3);
        router.receive(peer(1), id(1), 10);

        assertThat(router.receivers()).containsExactly(peer(2), peer(3));
    }

    @Test
    void aFloodOfIdontwantIsCutAndNotHeldAgainstThePeer() {
        router.join();
        router.subscribed(1, 1).forEach(router::graft);
        for (int i = 0; i < 3_000; i++) {
            router.control(peer(1), Control.idontwant(List.of(id(i))));
        }
        assertThat(router.outputs(RouterOutput.Unsend.class)).hasSize(1_000);
        assertThat(router.score(peer(1))).isZero();
    }
}
