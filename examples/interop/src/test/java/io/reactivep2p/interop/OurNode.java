package io.reactivep2p.interop;

import io.reactivep2p.Libp2p;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.event.HostEvent;
import io.reactivep2p.host.Host;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.protocol.echo.Echo;
import io.reactivep2p.protocol.perf.Perf;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/** The node under test, as a user would build it, with a record of its events. */
final class OurNode implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestProtocols served = new TestProtocols();
    private final EventLog<HostEvent> events = new EventLog<>("our node", PATIENCE);
    private final Host host;

    private OurNode(Road road) {
        host = Libp2p.host()
                .apply(road::applyTo)
                .service(Echo.create())
                .service(Perf.create())
                .service(served)
                .listen(road.listenAddress())
                .startNow();
        host.events().subscribe(events::add);
    }

    static OurNode start(Road road) {
        return new OurNode(road);
    }

    Host host() {
        return host;
    }

    TestProtocols served() {
        return served;
    }

    String id() {
        return host.id().toString();
    }

    /** Where it listens, with its peer id. */
    String address() {
        return host.fullAddresses().get(0).toString();
    }

    /** A mark in its events, to wait from. */
    int mark() {
        return events.size();
    }

    /** The first event of this kind that matches, past or future. */
    <E extends HostEvent> E event(Class<E> kind, Predicate<? super E> matches) {
        return event(0, kind, matches);
    }

    /** The first one from a mark on. */
    <E extends HostEvent> E event(int from, Class<E> kind, Predicate<? super E> matches) {
        return kind.cast(
                events.await(from, kind.getSimpleName(), e -> kind.isInstance(e) && matches.test(kind.cast(e))));
    }

    /** Makes a connection between this node and {@code peer}; whoever dials, it is one and the same afterwards. */
    Connection connect(Peer peer, boolean weDial) {
        PeerId id = PeerId.of(peer.id());
        int mark = mark();
        if (weDial) {
            host.dial(peer.address()).block(PATIENCE);
        } else {
            peer.call("dial", Map.of("addr", address()));
        }
        return event(mark, HostEvent.ConnectionOpened.class, e -> e.connection()
                        .remotePeer()
                        .equals(id))
                .connection();
    }

    @Override
    public void close() {
        host.close().block(PATIENCE);
    }
}
