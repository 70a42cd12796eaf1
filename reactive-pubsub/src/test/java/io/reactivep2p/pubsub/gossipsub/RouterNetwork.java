package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.router.Acceptance;
import io.reactivep2p.pubsub.router.Neighbours;
import io.reactivep2p.pubsub.router.Rejection;
import io.reactivep2p.pubsub.router.RemotePeer;
import io.reactivep2p.pubsub.router.RouterOutput;
import io.reactivep2p.pubsub.wire.Control;
import io.reactivep2p.pubsub.wire.PartialSupport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Routers that talk with each other over links with some latency, in an order that only the seed decides. Some nodes have no router: the
 * test speaks for them.
 */
final class RouterNetwork {

    static final String TOPIC = "news";
    private static final long HEARTBEAT_NANOS = Duration.ofSeconds(1).toNanos();

    final Map<PeerId, Node> nodes = new LinkedHashMap<>();
    final List<String> trace = new ArrayList<>();
    final Set<MessageId> invalid = new HashSet<>();
    /** The part of messages, not of control, that is lost. */
    double loss;
    /** How long a message is being validated at each node. */
    Duration validation = Duration.ZERO;

    private final long seed;
    private final RandomGenerator random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long now;
    private long sequence;
    private int published;

    RouterNetwork(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
    }

    private record Event(long at, long order, Runnable what) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at == other.at ? Long.compare(order, other.order) : Long.compare(at, other.at);
        }
    }

    // ---- what happens

    Node add(int number, Consumer<GossipsubSpec> configurer) {
        GossipsubSpec spec = new GossipsubSpec();
        configurer.accept(spec);
        Node node = new Node(TestPeers.peer(number));
        node.router = new GossipsubRouter(spec.params(), node, new Random(seed + number), now);
        nodes.put(node.self, node);
        schedule(random.nextLong(HEARTBEAT_NANOS), () -> heartbeat(node));
        return node;
    }

    /** A node without a router: {@code hears} is told what comes. */
    Node addStranger(int number, BiConsumer<PeerId, Control> hears) {
        Node node = new Node(TestPeers.peer(number));
        node.hears = hears;
        nodes.put(node.self, node);
        return node;
    }

    void connect(Node dialer, Node listener) {
        if (dialer == listener || !dialer.connected.add(listener.self)) {
            return;
        }
        listener.connected.add(dialer.self);
        welcome(dialer, listener, true);
        welcome(listener, dialer, false);
    }

    private void welcome(Node node, Node other, boolean outbound) {
        if (node.router != null) {
            node.router.onPeerConnected(
                    new RemotePeer(other.self, ProtocolId.of("/meshsub/1.2.0"), outbound, null), now);
            drain(node);
        }
        node.joined.forEach(topic -> send(node.self, other.self, () -> subscribed(other, node.self, topic)));
    }

    void disconnect(Node one, Node other) {
        if (one.connected.remove(other.self)) {
            other.connected.remove(one.self);
            farewell(one, other);
            farewell(other, one);
        }
    }

    private void farewell(Node node, Node other) {
        node.subscribers.values().forEach(peers -> peers.remove(other.self));
        if (node.router != null) {
            node.router.onPeerDisconnected(other.self, now);
            drain(node);
        }
    }

    void join(Node node) {
        node.joined.add(TOPIC);
        node.connected.forEach(peer -> send(node.self, peer, () -> subscribed(nodes.get(peer), node.self, TOPIC)));
        if (node.router != null) {
            node.router.onJoined(TOPIC, now);
            drain(node);
        }
    }

    void leave(Node node) {
        node.joined.remove(TOPIC);
        node.connected.forEach(peer -> send(node.self, peer, () -> unsubscribed(nodes.get(peer), node.self, TOPIC)));
        node.router.onLeft(TOPIC, now);
        drain(node);
    }

    private void subscribed(Node at, PeerId peer, String topic) {
        at.subscribers.computeIfAbsent(topic, fresh -> new LinkedHashSet<>()).add(peer);
        if (at.router != null) {
            at.router.onPeerSubscribed(peer, topic, now);
            drain(at);
        }
    }

    private void unsubscribed(Node at, PeerId peer, String topic) {
        at.subscribers.getOrDefault(topic, new HashSet<>()).remove(peer);
        if (at.router != null) {
            at.router.onPeerUnsubscribed(peer, topic, now);
            drain(at);
        }
    }

    MessageId publish(Node node, int bytes) {
        MessageId id = TestPeers.id(published++);
        RawMessage message = TestPeers.message(TOPIC, node.self, bytes);
        node.seen.add(id);
        node.delivered.add(id);
        node.router.onPublished(id, message, now);
        drain(node);
        return id;
    }

    void run(Duration time) {
        long end = now + time.toNanos();
        while (!events.isEmpty() && events.peek().at <= end) {
            Event event = events.poll();
            now = event.at;
            event.what.run();
        }
        now = end;
    }

    void every(Duration interval, Runnable what) {
        schedule(interval.toNanos(), () -> {
            what.run();
            every(interval, what);
        });
    }

    // ---- what strangers do

    void control(Node from, Node to, Control control) {
        send(from.self, to.self, () -> controlArrives(to, from.self, control));
    }

    void message(Node from, Node to, MessageId id, RawMessage message) {
        send(from.self, to.self, () -> messageArrives(to, from.self, id, message));
    }

    // ---- what is seen

    boolean areMutual() {
        return nodes.values().stream().allMatch(node -> node.mesh().stream()
                .map(nodes::get)
                .allMatch(peer -> peer.router == null || peer.mesh().contains(node.self)));
    }

    /** The part of the nodes with a router, joined to the topic, that have the message. */
    double coverage(MessageId id) {
        List<Node> joined = nodes.values().stream()
                .filter(node -> node.router != null && node.joined.contains(TOPIC))
                .toList();
        return (double) joined.stream()
                        .filter(node -> node.delivered.contains(id))
                        .count()
                / joined.size();
    }

    long seconds() {
        return Duration.ofNanos(now).toSeconds();
    }

    // ---- how it works

    private void heartbeat(Node node) {
        node.router.onHeartbeat(now);
        drain(node);
        schedule(HEARTBEAT_NANOS, () -> heartbeat(node));
    }

    private void drain(Node node) {
        for (RouterOutput output = node.router.pollOutput(); output != null; output = node.router.pollOutput()) {
            perform(node, output);
        }
    }

    private void perform(Node node, RouterOutput output) {
        if (output instanceof RouterOutput.SendMessage send) {
            trace(node.self + " sends " + send.id() + " to " + send.to());
            for (PeerId to : send.to()) {
                if (loss == 0 || random.nextDouble() >= loss) {
                    send(node.self, to, () -> messageArrives(nodes.get(to), node.self, send.id(), send.message()));
                }
            }
        } else if (output instanceof RouterOutput.SendControl send) {
            trace(node.self + " tells " + send.to() + " " + send.control());
            send(node.self, send.to(), () -> controlArrives(nodes.get(send.to()), node.self, send.control()));
        } else if (output instanceof RouterOutput.Dial dial) {
            trace(node.self + " dials " + dial.peer());
            Node to = nodes.get(dial.peer());
            if (to != null) {
                connect(node, to);
            }
        }
    }

    private void messageArrives(Node at, PeerId from, MessageId id, RawMessage message) {
        if (at.router == null || at.router.acceptance(from, now) != Acceptance.ALL) {
            return;
        }
        at.copies++;
        if (!at.seen.add(id)) {
            at.router.onDuplicate(from, id, message.topic(), now);
        } else if (at.joined.contains(message.topic())) {
            at.router.onArrival(from, id, message, now);
            if (validation.isZero()) {
                validated(at, from, id, message);
            } else {
                schedule(validation.toNanos(), () -> validated(at, from, id, message));
            }
        }
        drain(at);
    }

    private void validated(Node at, PeerId from, MessageId id, RawMessage message) {
        if (invalid.contains(id)) {
            at.router.onRejected(from, id, message.topic(), Rejection.VALIDATOR, now);
        } else {
            at.delivered.add(id);
            at.router.onDelivered(from, id, message, now);
        }
        drain(at);
    }

    private void controlArrives(Node at, PeerId from, Control control) {
        if (at.router == null) {
            at.hears.accept(from, control);
        } else if (at.router.acceptance(from, now) != Acceptance.NONE) {
            at.router.onControl(from, control, now);
            drain(at);
        }
    }

    /** Arrives after 10 to 50 ms, unless the two are not connected then. What one peer sends another arrives in order. */
    private void send(PeerId from, PeerId to, Runnable arrives) {
        Map<PeerId, Long> links = nodes.get(from).latencies;
        long latency = links.computeIfAbsent(to, peer -> random.nextLong(10_000_000, 50_000_000));
        schedule(latency, () -> {
            if (nodes.get(to).connected.contains(from)) {
                arrives.run();
            }
        });
    }

    private void schedule(long delayNanos, Runnable what) {
        events.add(new Event(now + delayNanos, sequence++, what));
    }

    private void trace(String what) {
        trace.add(now + " " + what);
    }

    static final class Node implements Neighbours {

        final PeerId self;
        final Set<PeerId> connected = new LinkedHashSet<>();
        final Set<String> joined = new LinkedHashSet<>();
        final Set<MessageId> delivered = new LinkedHashSet<>();
        GossipsubRouter router;
        int copies;

        private final Map<String, Set<PeerId>> subscribers = new LinkedHashMap<>();
        private final Set<MessageId> seen = new HashSet<>();
        private final Map<PeerId, Long> latencies = new HashMap<>();
        private BiConsumer<PeerId, Control> hears = (peer, control) -> {};

        private Node(PeerId self) {
            this.self = self;
        }

        Set<PeerId> mesh() {
            return router == null ? Set.of() : router.state().mesh().peers(TOPIC);
        }

        double score(Node peer) {
            return router.state().score().score(peer.self);
        }

        @Override
        public PeerId self() {
            return self;
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
            return PartialSupport.NONE;
        }

        @Override
        public boolean seen(MessageId id) {
            return seen.contains(id);
        }

        @Override
        public byte[] signedRecord(PeerId peer) {
            return new byte[0];
        }
    }
}
