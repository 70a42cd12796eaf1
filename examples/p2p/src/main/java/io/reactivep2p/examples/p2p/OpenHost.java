package io.reactivep2p.examples.p2p;

import io.reactivep2p.HostBuilder;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.host.Host;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.protocol.ping.Ping;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A host for the length of a try block; its methods block. */
record OpenHost(Host host) implements AutoCloseable {

    private static final Duration ARRIVAL = Duration.ofSeconds(30);
    private static final Duration CLOSING = Duration.ofSeconds(5);

    static OpenHost start(HostBuilder builder) {
        return new OpenHost(await(builder.start()));
    }

    Connection dial(Multiaddr address) {
        return await(host.dial(address));
    }

    /**
     * Waits until the peers have what was sent to them. It is only handed to the connections by then; closing a socket that has unread
     * window updates would have the kernel throw the rest away. A pong comes after everything before the ping has arrived. No pong means
     * that the peer is gone, or knows no ping; then there is nothing to wait for.
     */
    static void awaitArrival(Ping ping, Collection<Connection> connections) {
        Flux.fromIterable(connections)
                .flatMap(connection -> ping.ping(connection).timeout(ARRIVAL).onErrorComplete())
                .blockLast();
    }

    /** The element; throws what the Mono fails with. */
    static <T> T await(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(), "a Mono that has an element");
    }

    @Override
    public void close() {
        host.close().timeout(CLOSING, Mono.empty()).block();
    }
}
