package io.reactivep2p.examples.p2p;

import io.reactivep2p.HostBuilder;
import io.reactivep2p.security.pnet.PreSharedKey;
import io.reactivep2p.security.pnet.PrivateNetwork;
import io.reactivep2p.stack.StandardStack;
import io.reactivep2p.transport.websocket.WebSocketSpec;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** On which roads a command meets others. */
final class RoadOptions {

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "Certificates, PEM, to trust when /tls/ws is dialed, in place of those the JDK trusts.")
    private @Nullable Path trust;

    @Option(
            names = "--private-network",
            paramLabel = "FILE",
            description = "A swarm.key: meet only those who have the same. There is no QUIC then.")
    private @Nullable Path privateNetwork;

    /** Whether QUIC, which no private network can protect, is left out. */
    boolean isPrivate() {
        return privateNetwork != null;
    }

    /** The transports and what goes over them, without services. */
    Consumer<HostBuilder> stack() {
        return stack(spec -> {});
    }

    /** @param webSocket more options of WebSocket */
    Consumer<HostBuilder> stack(Consumer<WebSocketSpec> webSocket) {
        Consumer<WebSocketSpec> trusting = spec -> {
            if (trust != null) {
                spec.trust(trust);
            }
            webSocket.accept(spec);
        };
        return privateNetwork == null
                ? StandardStack.transports(trusting)
                : StandardStack.privateNetwork(PrivateNetwork.create(PreSharedKey.load(privateNetwork)), trusting);
    }
}
