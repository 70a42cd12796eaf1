package io.reactivep2p.examples.p2p;

import io.reactivep2p.HostBuilder;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.host.Host;
import io.reactivep2p.multiformats.Multiaddr;
import java.time.Duration;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** A host for the length of a try block; its methods block. */
record OpenHost(Host host) implements AutoCloseable {

    private static final Duration CLOSING = Duration.ofSeconds(5);

    static OpenHost start(HostBuilder builder) {
        return new OpenHost(await(builder.start()));
    }

    Connection dial(Multiaddr address) {
        return await(host.dial(address));
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
