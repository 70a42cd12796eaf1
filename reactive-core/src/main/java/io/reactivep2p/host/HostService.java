package io.reactivep2p.host;

import io.reactivep2p.connection.Connection;
import reactor.core.publisher.Mono;

/** Something that lives as long as a host and gives it more to do: identify, ping, a DHT, pubsub. */
public interface HostService {

    /** Registers what the service serves. Called once, before the host listens. */
    Mono<Void> start(Host host);

    /**
     * A connection is ready; called for every one, on its event loop, before its first inbound stream is served. Must return at once.
     */
    default void connectionOpened(Connection connection) {}

    /** The host is about to close; its connections are still there. */
    default Mono<Void> stop() {
        return Mono.empty();
    }
}
