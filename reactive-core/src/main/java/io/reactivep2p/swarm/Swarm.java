package io.reactivep2p.swarm;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ErrorCode;
import io.reactivep2p.event.HostEvent;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.muxer.MuxedConnection;
import io.reactivep2p.muxer.MuxedTransport;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.resource.ResourceLimitException;
import io.reactivep2p.transport.Listener;
import io.reactivep2p.transport.RawConnection;
import io.reactivep2p.transport.RawTransport;
import io.reactivep2p.transport.Transport;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Every connection of a host: listens, dials, and keeps the table of what is open. Thread-safe. */
public final class Swarm {

    private final SwarmOptions options;
    private final InboundStreams inbound;
    private final Consumer<Connection> onOpened;
    private final ConnectionTable table;
    private final Dialer dialer;
    private final AtomicInteger upgrading = new AtomicInteger();
    private final Set<RawConnection> halfOpen = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private Swarm(
            SwarmOptions options,
            InboundStreams inbound,
            Supplier<? extends Collection<Multiaddr>> own,
            Consumer<Connection> onOpened) {
        this.options = options;
        this.inbound = inbound;
        this.onOpened = onOpened;
        this.table = new ConnectionTable(options.limits(), options.events());
        this.dialer = new Dialer(options, own, table::best, this::admit);
    }

    /**
     * A swarm without connections.
     *
     * @param own where this host listens now, so that it does not dial itself
     * @param onOpened told of every connection on its event loop, before its first inbound stream is served
     */
    public static Swarm create(
            SwarmOptions options,
            InboundStreams inbound,
            Supplier<? extends Collection<Multiaddr>> own,
            Consumer<Connection> onOpened) {
        return new Swarm(options, inbound, own, onOpened);
    }

    /** Listens on {@code address} through the first transport that can. */
    public Mono<Listener> listen(Multiaddr address) {
        for (Transport transport : options.transports()) {
            if (!transport.canListen(address)) {
                continue;
            }
            if (transport instanceof RawTransport raw) {
                return raw.listen(address, this::upgradeInbound);
            }
            if (transport instanceof MuxedTransport whole) {
                return whole.listen(address, options.identity(), this::admitInbound);
            }
        }
        return Mono.error(new IllegalArgumentException("no transport listens on an address like " + address));
    }

    /**
     * The connection to {@code peer} if there is one, else a new one to one of the addresses given or known; a dial under way is joined,
     * and tries these addresses too.
     *
     * <p><b>Errors</b>: {@link DialException}; {@link ConnectionClosedException} when the host closes.
     *
     * <p><b>Cancellation</b>: gives the dial up if nobody else waits for it.
     */
    public Mono<Connection> dial(PeerId peer, List<Multiaddr> addresses) {
        return Mono.defer(() -> {
            Connection existing = table.best(peer);
            if (existing != null) {
                return Mono.just(existing);
            }
            return closed ? Mono.error(hostClosed()) : dialer.dial(peer, addresses);
        });
    }

    /** A new connection to whoever is at {@code address}. */
    public Mono<Connection> dial(Multiaddr address) {
        return Mono.defer(() -> closed ? Mono.error(hostClosed()) : dialer.dial(address));
    }

    /** A snapshot. */
    public Collection<Connection> connections() {
        return List.copyOf(table.all());
    }

    /** A snapshot, the one to use first. */
    public List<Connection> connections(PeerId peer) {
        return List.copyOf(table.of(peer));
    }

    /** Admits no more connections and closes those there are; completes when all are gone. */
    public Mono<Void> close() {
        return Mono.defer(() -> {
            closed = true;
            dialer.close(hostClosed());
            halfOpen.forEach(RawConnection::close);
            return Flux.fromIterable(table.all())
                    .flatMap(Connection::close, options.limits().connections())
                    .then();
        });
    }

    private static ConnectionClosedException hostClosed() {
        return new ConnectionClosedException(ErrorCode.SHUTDOWN, false);
    }

    private void upgradeInbound(RawConnection raw) {
        if (upgrading.incrementAndGet() > options.limits().inboundUpgrades()) {
            upgrading.decrementAndGet();
            raw.close();
            return;
        }
        halfOpen.add(raw);
        if (closed) { // asked after the connection was entered, as close() closes what is entered after it says so
            raw.close();
        }
        options.upgrader()
                .upgrade(raw, null)
                .doFinally(end -> {
                    halfOpen.remove(raw);
                    upgrading.decrementAndGet();
                })
                .subscribe(this::admitInbound, cause -> inboundFailed(raw.remoteAddress(), cause));
    }

    private void admitInbound(MuxedConnection muxed) {
        try {
            admit(muxed);
        } catch (ResourceLimitException | ConnectionClosedException refused) {
            inboundFailed(muxed.remoteAddress(), refused);
        }
    }

    private void inboundFailed(Multiaddr remoteAddress, Throwable cause) {
        if (options.events().hasSubscribers()) {
            options.events().publish(new HostEvent.InboundFailed(remoteAddress, cause));
        }
    }

    /** Enters a connection that has just been made; on its event loop, in the turn in which its upgrade completed. */
    private Connection admit(MuxedConnection muxed) {
        if (closed) {
            muxed.close(ErrorCode.SHUTDOWN);
            throw hostClosed();
        }
        DefaultConnection connection = new DefaultConnection(
                muxed,
                inbound,
                options.peerstore(),
                options.limits().negotiatingStreams(),
                options.negotiationTimeout());
        try {
            table.add(connection);
        } catch (ResourceLimitException refused) {
            muxed.close(ErrorCode.RESOURCE_LIMIT_EXCEEDED);
            throw refused;
        }
        muxed.onDispose().subscribe(null, null, () -> removed(connection));
        if (closed) { // close() may have looked into the table a moment before
            muxed.close(ErrorCode.SHUTDOWN);
            throw hostClosed();
        }
        onOpened.accept(connection);
        connection.start();
        options.events().publish(new HostEvent.ConnectionOpened(connection));
        return connection;
    }

    private void removed(DefaultConnection connection) {
        connection.onClosed();
        table.remove(connection);
        options.events()
                .publish(new HostEvent.ConnectionClosed(
                        connection,
                        connection.closeCause().orElseGet(() -> new ConnectionClosedException(ErrorCode.NONE, true))));
    }
}
