package io.reactivep2p.examples.p2p;

import io.reactivep2p.HostBuilder;
import io.reactivep2p.Libp2p;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.protocol.identify.Identify;
import io.reactivep2p.protocol.ping.Ping;
import io.reactivep2p.pubsub.PayloadCodec;
import io.reactivep2p.pubsub.Pubsub;
import io.reactivep2p.pubsub.Topic;
import io.reactivep2p.pubsub.gossipsub.Gossipsub;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** How a command takes part in topics. */
final class TopicOptions {

    private static final Duration GOODBYE = Duration.ofSeconds(30);

    @Mixin
    private final KeyOption key = new KeyOption();

    @Mixin
    private final RoadOptions roads = new RoadOptions();

    @Option(
            names = "--peer",
            arity = "1..*",
            paramLabel = "ADDR",
            description = "Whom to connect to, with or without /p2p/ID; may be repeated.")
    private List<Multiaddr> peers = List.of();

    @Option(
            names = "--listen",
            arity = "1..*",
            paramLabel = "ADDR",
            defaultValue = "/ip4/0.0.0.0/tcp/0",
            description = "Where to listen. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private List<Multiaddr> listen;

    /** A host in the network that the options describe, connected to the peers given. Blocks. */
    Node start(Main main) {
        Ping ping = Ping.create();
        HostBuilder builder = Libp2p.host()
                .identity(key.load(main.console()))
                .apply(roads.stack())
                .service(Identify.create())
                .service(ping)
                .listen(listen.stream().map(Multiaddr::toString).toArray(String[]::new));
        OpenHost host = OpenHost.start(builder);
        try {
            main.console().tell(NodeCommand.listening(host.host()));
            Pubsub pubsub = Gossipsub.create(host.host());
            peers.forEach(host::dial);
            return new Node(host, pubsub, ping);
        } catch (RuntimeException failure) {
            host.close();
            throw failure;
        }
    }

    /** Whether there is anyone to wait for. */
    boolean namesPeers() {
        return !peers.isEmpty();
    }

    /** A host with its part in pubsub; its methods block. */
    record Node(OpenHost host, Pubsub pubsub, Ping ping) implements AutoCloseable {

        Topic<String> topic(String name) {
            return pubsub.topic(name, PayloadCodec.text());
        }

        /** Says goodbye behind what was published, and waits until it has arrived. */
        @Override
        public void close() {
            List<Connection> connections = List.copyOf(host.host().connections());
            pubsub.close().timeout(GOODBYE, Mono.empty()).block();
            OpenHost.awaitArrival(ping, connections);
            host.close();
        }
    }
}
