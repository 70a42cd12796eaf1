package io.reactivep2p.benchmarks.perf;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.event.HostEvent;
import io.reactivep2p.host.Host;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Waits until the peer at the other end of a connection has said what it is. */
final class Identifications implements Disposable {

    /** Connections that one of two things has happened to: they were identified, or somebody waits for that. */
    private final Map<Connection, Sinks.Empty<Void>> connections = new ConcurrentHashMap<>();

    private final Disposable subscription;

    Identifications(Host host) {
        subscription = host.events(HostEvent.PeerIdentified.class)
                .filter(event -> !event.pushed())
                .subscribe(event -> of(event.connection()).tryEmitEmpty());
    }

    /** To be asked once for each connection. */
    Mono<Connection> await(Connection connection) {
        return of(connection)
                .asMono()
                .doFinally(end -> connections.remove(connection))
                .thenReturn(connection);
    }

    private Sinks.Empty<Void> of(Connection connection) {
        return connections.computeIfAbsent(connection, key -> Sinks.empty());
    }

    @Override
    public void dispose() {
        subscription.dispose();
    }
}
