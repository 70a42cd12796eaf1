package io.reactivep2p.benchmarks.perf;

import io.reactivep2p.host.Host;
import io.reactivep2p.pubsub.PayloadCodec;
import io.reactivep2p.pubsub.Pubsub;
import io.reactivep2p.pubsub.PubsubSpec;
import io.reactivep2p.pubsub.Topic;
import io.reactivep2p.pubsub.gossipsub.Gossipsub;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;

/** Gossipsub nodes over TCP, Noise and Yamux on loopback, each connected to each, half of them on each of two event loops. */
final class PubsubMesh implements AutoCloseable {

    static final String TOPIC = "benchmarks";

    private static final String LOOPBACK = "/ip4/127.0.0.1/tcp/0";

    private final Loops loops;
    private final List<Host> hosts = new ArrayList<>();
    private final List<Pubsub> nodes = new ArrayList<>();

    private PubsubMesh(Loops loops) {
        this.loops = loops;
    }

    /** Blocks until they are connected. */
    static PubsubMesh start(int count) {
        return start(count, options -> {});
    }

    static PubsubMesh start(int count, Consumer<PubsubSpec> options) {
        PubsubMesh mesh = new PubsubMesh(Loops.two());
        for (int i = 0; i < count; i++) {
            Host host = HostPair.builder(i % 2 == 0 ? mesh.loops.ofListener() : mesh.loops.ofDialer(), spec -> {})
                    .listen(LOOPBACK)
                    .startNow();
            mesh.nodes.add(Gossipsub.create(host, spec -> spec.common(options)));
            mesh.hosts.forEach(
                    other -> HostPair.await(host.dial(other.fullAddresses().get(0))));
            mesh.hosts.add(host);
        }
        return mesh;
    }

    int size() {
        return nodes.size();
    }

    /** The payloads travel as they are: what is measured is not a codec. */
    Topic<byte[]> topic(int node) {
        return nodes.get(node).topic(TOPIC, PayloadCodec.of(bytes -> bytes, bytes -> bytes));
    }

    /** Blocks until every node knows of each other one that it subscribes, and meshes have had the time to form. */
    void awaitSubscriptions() {
        for (int i = 0; i < nodes.size(); i++) {
            Topic<byte[]> topic = topic(i);
            Pause.until(() -> topic.peers().size() == nodes.size() - 1, "all others to subscribe");
        }
        Pause.millis(2_500); // two heartbeats and some
    }

    /** Messages that any node lost, on the way out or at its subscribers. */
    long lost() {
        return nodes.stream()
                .map(Pubsub::statistics)
                .mapToLong(statistics -> statistics.lostByPeers() + statistics.lostBySubscribers())
                .sum();
    }

    @Override
    public void close() {
        Flux.fromIterable(nodes).flatMap(Pubsub::close).blockLast(HostPair.PATIENCE);
        Flux.fromIterable(hosts).flatMap(Host::close).blockLast(HostPair.PATIENCE);
        loops.dispose();
    }
}
