package io.reactivep2p.pubsub.gossipsub;

import static io.reactivep2p.pubsub.gossipsub.TestPeers.message;
import static io.reactivep2p.pubsub.gossipsub.TestPeers.peer;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.gossipsub.score.ScoreParams;
import io.reactivep2p.pubsub.gossipsub.score.ScoreThresholds;
import io.reactivep2p.pubsub.router.Neighbours;
import io.reactivep2p.pubsub.router.RemotePeer;
import io.reactivep2p.pubsub.router.RouterOutput;
import io.reactivep2p.pubsub.wire.Control;
import io.reactivep2p.pubsub.wire.PartialMessage;
import io.reactivep2p.pubsub.wire.PartialSupport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/** One router among peers that the test speaks for; time is a number, and what it wants done collects in {@link #outputs}. */
final class TestRouter implements Neighbours {

    static final String TOPIC = "news";
    static final long SEED = 20_26;
    /** What the tests hold against a peer shows as minus its square. */
    static final ScoreParams SCORES =
            ScoreParams.OFF.withApplicationWeight(1).with(new ScoreParams.Behaviour(-1, 0, 0.9));

    static final ScoreThresholds THRESHOLDS = new ScoreThresholds(-10, -50, -80, 10, 20);

    final GossipsubRouter router;
    final List<RouterOutput> outputs = new ArrayList<>();
    final Map<PeerId, Double> opinions = new HashMap<>();
    final Set<MessageId> seen = new HashSet<>();
    final Map<PeerId, byte[]> records = new HashMap<>();
    /** What peers do with parts of {@link #TOPIC}. */
    final Map<PeerId, PartialSupport> supports = new HashMap<>();

    long now = 1_000_000_000L;

    private final Set<String> joined = new LinkedHashSet<>();
    private final Map<String, Set<PeerId>> subscribers = new LinkedHashMap<>();

    TestRouter() {
        this(spec -> {});
    }

    /** With scores that are what {@link #opinions} say, less the squares of offences. */
    TestRouter(Consumer<GossipsubSpec> configurer) {
        GossipsubSpec spec = new GossipsubSpec()
                .score(SCORES, THRESHOLDS)
                .applicationScore(peer -> opinions.getOrDefault(peer, 0.0));
        configurer.accept(spec);
        router = new GossipsubRouter(spec.params(), this, new Random(SEED), now);
    }

    @Override
    public PeerId self() {
        return peer(0);
    }

    @Override
    public Set<String> joined() {
        return joined;
    }

    @Override
    public Set<PeerId> subscribers(String topic) {
        return subscribers.getOrDefault(topic, Set.of());
    }

    @Override
    public PartialSupport partialSupport(PeerId peer, String topic) {
        return supports.getOrDefault(peer, PartialSupport.NONE);
    }

    @Override
    public boolean seen(MessageId id) {
        return seen.contains(id);
    }

    @Override
    public byte[] signedRecord(PeerId peer) {
        return records.getOrDefault(peer, new byte[0]);
    }

    // ---- what happens

    void connect(PeerId peer, String protocol, boolean outbound) {
        router.onPeerConnected(new RemotePeer(peer, ProtocolId.of(protocol), outbound, null), now);
        drain();
    }

    /** Inbound peers of the newest version that subscribe to {@link #TOPIC}. */
    List<PeerId> subscribed(int from, int count) {
        List<PeerId> peers = TestPeers.peers(from, count);
        peers.forEach(peer -> subscribe(peer, "/meshsub/1.3.0", false));
        return peers;
    }

    PeerId subscribe(PeerId peer, String protocol, boolean outbound) {
        connect(peer, protocol, outbound);
        subscribe(peer, TOPIC);
        return peer;
    }

    void subscribe(PeerId peer, String topic) {
        subscribers.computeIfAbsent(topic, fresh -> new LinkedHashSet<>()).add(peer);
        router.onPeerSubscribed(peer, topic, now);
        drain();
    }

    void unsubscribe(PeerId peer, String topic) {
        subscribers.get(topic).remove(peer);
        router.onPeerUnsubscribed(peer, topic, now);
        drain();
    }

    void disconnect(PeerId peer) {
        subscribers.values().forEach(peers -> peers.remove(peer));
        router.onPeerDisconnected(peer, now);
        drain();
    }

    void join() {
        joined.add(TOPIC);
        router.onJoined(TOPIC, now);
        drain();
    }

    void leave() {
        joined.remove(TOPIC);
        router.onLeft(TOPIC, now);
        drain();
    }

    void heartbeat() {
        router.onHeartbeat(now);
        drain();
    }

    void heartbeats(int count) {
        for (int i = 0; i < count; i++) {
            pass(Duration.ofSeconds(1));
            heartbeat();
        }
    }

    void pass(Duration time) {
        now += time.toNanos();
    }

    void control(PeerId from, Control control) {
        router.onControl(from, control, now);
        drain();
    }

    void receivePartial(PeerId from, PartialMessage partial) {
        router.onPartial(from, partial, now);
        drain();
    }

    /** A peer that subscribes to {@link #TOPIC} and supports partial messages, in the topic as given. */
    void partner(PeerId peer, PartialSupport support) {
        supports.put(peer, support);
        subscribe(peer, "/meshsub/1.3.0", false);
        control(peer, Control.extensions(new Control.Extensions(true, false)));
    }

    void graft(PeerId from) {
        control(from, Control.graft(TOPIC));
    }

    void prune(PeerId from, OptionalLong seconds, List<Control.ExchangedPeer> peers) {
        control(from, Control.prune(new Control.Prune(TOPIC, peers, seconds)));
    }

    void ihave(PeerId from, List<MessageId> ids) {
        control(from, Control.ihave(new Control.IHave(TOPIC, ids)));
    }

    /** A valid message of a third peer comes, and is validated at once. */
    RawMessage receive(PeerId from, MessageId id, int bytes) {
        return receive(from, id, message(TOPIC, peer(999), bytes));
    }

    RawMessage receive(PeerId from, MessageId id, RawMessage message) {
        seen.add(id);
        router.onArrival(from, id, message, now);
        router.onDelivered(from, id, message, now);
        drain();
        return message;
    }

    RawMessage publish(MessageId id, int bytes) {
        RawMessage message = message(TOPIC, self(), bytes);
        seen.add(id);
        router.onPublished(id, message, now);
        drain();
        return message;
    }

    // ---- what it wants done

    private void drain() {
        for (RouterOutput output = router.pollOutput(); output != null; output = router.pollOutput()) {
            outputs.add(output);
        }
    }

    <T extends RouterOutput> List<T> outputs(Class<T> type) {
        return outputs.stream().filter(type::isInstance).map(type::cast).toList();
    }

    void forgetOutputs() {
        outputs.clear();
    }

    Set<PeerId> mesh() {
        return router.state().mesh().peers(TOPIC);
    }

    double score(PeerId peer) {
        return router.state().score().score(peer);
    }

    /** Whom messages went to. */
    List<PeerId> receivers() {
        return outputs(RouterOutput.SendMessage.class).stream()
                .flatMap(send -> send.to().stream())
                .toList();
    }

    List<PeerId> grafted() {
        return outputs(RouterOutput.SendControl.class).stream()
                .filter(send -> !send.control().graft().isEmpty())
                .map(RouterOutput.SendControl::to)
                .toList();
    }

    /** The PRUNEs that a peer was sent. */
    List<Control.Prune> prunes(PeerId peer) {
        return outputs(RouterOutput.SendControl.class).stream()
                .filter(send -> send.to().equals(peer))
                .flatMap(send -> send.control().prune().stream())
                .toList();
    }

    List<PeerId> pruned() {
        return outputs(RouterOutput.SendControl.class).stream()
                .filter(send -> !send.control().prune().isEmpty())
                .map(RouterOutput.SendControl::to)
                .toList();
    }

    List<MessageId> asked(PeerId peer) {
        return outputs(RouterOutput.SendControl.class).stream()
                .filter(send -> send.to().equals(peer))
                .flatMap(send -> send.control().iwant().stream())
                .toList();
    }

    /** Whom IHAVE went to, with the ids. */
    Map<PeerId, List<MessageId>> gossip() {
        Map<PeerId, List<MessageId>> gossip = new LinkedHashMap<>();
        outputs(RouterOutput.SendControl.class)
                .forEach(send -> send.control().ihave().forEach(have -> gossip.computeIfAbsent(
                                send.to(), fresh -> new ArrayList<>())
                        .addAll(have.ids())));
        return gossip;
    }
}
