package io.reactivep2p.pubsub.simulation;

import io.reactivep2p.host.Host;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.Overflow;
import io.reactivep2p.pubsub.Pubsub;
import io.reactivep2p.pubsub.PubsubEvent;
import io.reactivep2p.pubsub.SignaturePolicy;
import io.reactivep2p.pubsub.gossipsub.Gossipsub;
import io.reactivep2p.pubsub.gossipsub.GossipsubSpec;
import io.reactivep2p.testkit.sim.SimNetwork;
import io.reactivep2p.testkit.sim.SimSpec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import reactor.core.scheduler.Schedulers;

/** Honest gossipsub nodes on one topic of a simulated network, and what becomes of their messages. */
final class Scenario implements AutoCloseable {

    static final String TOPIC = "simulation";

    private static final int PAYLOAD_BYTES = 1_100; // so that IDONTWANT is said

    final SimNetwork network;
    final Deliveries deliveries = new Deliveries();
    final List<SimNode> nodes = new ArrayList<>();
    final List<String> trace = new ArrayList<>();
    private final Map<PeerId, Set<PeerId>> meshes = new HashMap<>();
    private final RandomGenerator random;
    private final Consumer<GossipsubSpec> options;
    private long published;
    private long duplicatesBefore;

    /** @param options of every honest node */
    Scenario(Consumer<? super SimSpec> networkSpec, Consumer<GossipsubSpec> options) {
        this.network = SimNetwork.create(networkSpec);
        this.random = network.randomness();
        this.options = options;
    }

    /** Nodes that subscribe at once, connected to nobody. */
    List<SimNode> add(int count) {
        List<SimNode> added = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            SimNode node = node(options);
            subscribe(node);
            added.add(node);
        }
        return added;
    }

    /** A node that does not subscribe yet. */
    SimNode node(Consumer<GossipsubSpec> itsOptions) {
        Host host = network.host();
        Pubsub pubsub = Gossipsub.create(host, spec -> {
            itsOptions.accept(spec);
            spec.common(
                    common -> common.signaturePolicy(SignaturePolicy.STRICT_NO_SIGN) // what is simulated is the mesh
                            .timer(network.scheduler())
                            .nanoClock(network::nanoTime)
                            .verification(Schedulers.immediate())
                            .random(network.randomness())
                            .firstSequence(() -> TimeUnit.MILLISECONDS.toNanos(network.millis()))
                            .seen(20_000, Duration.ofMinutes(2)));
        });
        SimNode node = new SimNode(host, pubsub, pubsub.topic(TOPIC));
        nodes.add(node);
        Set<PeerId> mesh = new HashSet<>();
        meshes.put(node.id(), mesh);
        pubsub.events().subscribe(event -> {
            if (event instanceof PubsubEvent.Grafted grafted) {
                mesh.add(grafted.peer());
            } else if (event instanceof PubsubEvent.Pruned pruned) {
                mesh.remove(pruned.peer());
            }
        });
        return node;
    }

    /** Which part of the places in the meshes of {@code some} is held by peers that are no nodes of ours. */
    double strangersIn(Collection<SimNode> some) {
        Set<PeerId> ours = new HashSet<>(ids());
        long places = 0;
        long strangers = 0;
        for (SimNode node : some) {
            for (PeerId peer : meshes.getOrDefault(node.id(), Set.of())) {
                places++;
                strangers += ours.contains(peer) ? 0 : 1;
            }
        }
        return places == 0 ? 0 : (double) strangers / places;
    }

    void subscribe(SimNode node) {
        node.topic().messages(Overflow.dropNewest(100_000)).subscribe(message -> {
            deliveries.onMessage(node.id(), message, network.nanoTime());
            trace.add(network.nanoTime() + " " + node.id() + " " + message.id() + " " + message.receivedFrom());
        });
    }

    /** Each dials {@code degree} others, so that each has about twice as many connections. */
    void connect(List<SimNode> group, int degree) {
        network.connectRandomly(group.stream().map(SimNode::host).toList(), degree);
    }

    /** Lets the mesh form. */
    void settle() {
        network.run(Duration.ofSeconds(15));
    }

    /** Each of {@code publishers} publishes {@code each} messages, spread over the time. Then the last ones get their time. */
    void publish(List<SimNode> publishers, int each, Duration over) {
        int total = publishers.size() * each;
        for (int i = 0; i < total; i++) {
            publishOne(publishers.get(i % publishers.size()));
            network.run(over.dividedBy(total));
        }
        network.run(Duration.ofSeconds(10));
    }

    void publishOne(SimNode publisher) {
        byte[] payload = new byte[PAYLOAD_BYTES];
        random.nextBytes(payload);
        ByteBuffer.wrap(payload).putLong(published++);
        publisher.topic().publish(payload).subscribe();
    }

    List<SimNode> some(int count) {
        List<SimNode> left = new ArrayList<>(nodes);
        List<SimNode> chosen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            chosen.add(left.remove(random.nextInt(left.size())));
        }
        return chosen;
    }

    List<PeerId> ids() {
        return nodes.stream().map(SimNode::id).toList();
    }

    /** Publishes something now and then, for networks whose nodes expect of each other that there are messages. */
    void chatter(Duration time) {
        Duration pause = Duration.ofMillis(500);
        for (long i = 0; i < time.dividedBy(pause); i++) {
            publishOne(nodes.get(random.nextInt(nodes.size())));
            network.run(pause);
        }
    }

    /** From here on it is measured; what was before does not count. */
    void measureFromHere() {
        duplicatesBefore = allDuplicates();
        deliveries.clear();
    }

    long duplicates() {
        return allDuplicates() - duplicatesBefore;
    }

    private long allDuplicates() {
        return nodes.stream()
                .mapToLong(node -> node.pubsub().statistics().duplicates())
                .sum();
    }

    @Override
    public void close() {
        network.close();
    }
}
