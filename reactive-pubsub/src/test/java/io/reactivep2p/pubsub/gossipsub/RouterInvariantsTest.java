package io.reactivep2p.pubsub.gossipsub;

import static io.reactivep2p.pubsub.gossipsub.TestPeers.id;
import static io.reactivep2p.pubsub.gossipsub.TestPeers.peer;
import static io.reactivep2p.pubsub.gossipsub.TestRouter.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peer.PeerInfo;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.router.RouterOutput;
import io.reactivep2p.pubsub.wire.Control;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens in whatever order, some things always hold. */
class RouterInvariantsTest {

    private static final int STEPS = 20_000;
    private static final int PEERS = 40;
    private static final PeerId DIRECT = peer(1);
    private static final List<String> PROTOCOLS =
            List.of("/floodsub/1.0.0", "/meshsub/1.0.0", "/meshsub/1.1.0", "/meshsub/1.2.0", "/meshsub/1.3.0");

    private final Set<PeerId> connected = new LinkedHashSet<>();
    private final Set<PeerId> subscribed = new LinkedHashSet<>();
    private TestRouter router;
    private Random random;
    private boolean joined;
    private int messages;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void theRouterStaysWithinItsBoundsAndOnlySpeaksToPeersThatAreThere(long seed) {
        random = new Random(seed);
        router = new TestRouter(spec -> spec.directPeer(new PeerInfo(DIRECT, List.of()))
                .peerExchange(true)
                .floodPublish(random.nextBoolean())
                .cache(200, 100_000));
        for (int step = 0; step < STEPS; step++) {
            router.forgetOutputs();
            router.pass(Duration.ofMillis(random.nextInt(50)));
            step();
            check("step " + step);
        }
        assertThat(messages).isGreaterThan(1_000);
    }

    private void step() {
        PeerId peer = peer(1 + random.nextInt(PEERS));
        switch (random.nextInt(12)) {
            case 0 -> arriveOrGo(peer);
            case 1 -> subscribeOrNot(peer);
            case 2 -> {
                if (random.nextInt(20) == 0) {
                    joinOrLeave();
                }
            }
            case 3 -> router.heartbeat();
            case 4 -> router.opinions.put(peer, random.nextGaussian() * 30);
            case 5 -> router.publish(id(messages++), random.nextInt(2_000));
            case 6, 7 -> receive(peer);
            default -> {
                if (connected.contains(peer)) {
                    router.control(peer, anyControl());
                }
            }
        }
    }

    private void arriveOrGo(PeerId peer) {
        if (connected.add(peer)) {
            router.connect(peer, PROTOCOLS.get(random.nextInt(PROTOCOLS.size())), random.nextBoolean());
        } else if (random.nextInt(4) == 0) {
            connected.remove(peer);
            subscribed.remove(peer);
            router.disconnect(peer);
        }
    }

    private void subscribeOrNot(PeerId peer) {
        if (!connected.contains(peer)) {
            return;
        }
        if (subscribed.add(peer)) {
            router.subscribe(peer, TOPIC);
        } else if (random.nextInt(4) == 0) {
            subscribed.remove(peer);
            router.unsubscribe(peer, TOPIC);
        }
    }

    private void joinOrLeave() {
        joined = !joined;
        if (joined) {
            router.join();
        } else {
            router.leave();
        }
    }

    private void receive(PeerId from) {
        if (!connected.contains(from) || !joined) {
            return;
        }
        PeerId author = peer(1 + random.nextInt(PEERS));
        RawMessage message =
                router.receive(from, id(messages++), TestPeers.message(TOPIC, author, random.nextInt(2_000)));
        assertThat(message).isNotNull();
        assertThat(router.receivers()).doesNotContain(from, author).doesNotHaveDuplicates();
    }

    private Control anyControl() {
        List<MessageId> ids = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            ids.add(id(Math.max(0, messages - random.nextInt(50)) + random.nextInt(10)));
        }
        return switch (random.nextInt(6)) {
            case 0 -> Control.graft(random.nextInt(4) == 0 ? "unheard of" : TOPIC);
            case 1 ->
                Control.prune(new Control.Prune(
                        TOPIC,
                        List.of(new Control.ExchangedPeer(peer(100 + random.nextInt(100)), new byte[0])),
                        OptionalLong.of(random.nextInt(10) == 0 ? random.nextLong() : random.nextInt(3))));
            case 2 -> Control.ihave(new Control.IHave(TOPIC, ids));
            case 3 -> Control.iwant(ids);
            case 4 -> Control.idontwant(ids);
            default -> Control.extensions(new Control.Extensions(random.nextBoolean(), random.nextBoolean()));
        };
    }

    private void check(String when) {
        GossipsubState state = router.router.state();
        assertThat(router.mesh()).as(when).isSubsetOf(connected).doesNotContain(DIRECT);
        assertThat(state.mesh().topics()).as(when).isEqualTo(joined ? List.of(TOPIC) : List.of());
        assertThat(state.fanout().peers(TOPIC)).as(when).isSubsetOf(subscribed).hasSizeLessThanOrEqualTo(6);
        assertThat(state.cache().size()).as(when).isLessThanOrEqualTo(200);
        assertThat(state.cache().bytes()).as(when).isBetween(0L, 100_000L);
        assertThat(state.backoffs().size()).as(when).isLessThanOrEqualTo(PEERS);
        assertThat(state.promises().size()).as(when).isBetween(0, PEERS * 10 * 5);
        long inbound = router.mesh().stream()
                .filter(peer -> !state.peers().isOutbound(peer))
                .count();
        assertThat(inbound).as(when).isLessThanOrEqualTo(12);
        for (RouterOutput output : router.outputs) {
            assertThat(addressees(output)).as("%s: %s", when, output).isSubsetOf(connected);
        }
    }

    private static List<PeerId> addressees(RouterOutput output) {
        if (output instanceof RouterOutput.SendMessage send) {
            return send.to();
        } else if (output instanceof RouterOutput.SendControl send) {
            return List.of(send.to());
        } else if (output instanceof RouterOutput.Unsend unsend) {
            return List.of(unsend.to());
        } else if (output instanceof RouterOutput.SendTestExtension send) {
            return List.of(send.to());
        }
        return List.of();
    }
}
