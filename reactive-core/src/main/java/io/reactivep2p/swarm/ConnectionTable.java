package io.reactivep2p.swarm;

import io.reactivep2p.event.EventHub;
import io.reactivep2p.event.HostEvent;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.resource.Limits;
import io.reactivep2p.resource.ResourceLimitException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The open connections by peer, within the limits. Thread-safe: each connection comes and goes on its own event loop. */
final class ConnectionTable {

    private final Map<PeerId, List<DefaultConnection>> byPeer = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final Limits limits;
    private final EventHub<HostEvent> events;

    ConnectionTable(Limits limits, EventHub<HostEvent> events) {
        this.limits = limits;
        this.events = events;
    }

    /** @throws ResourceLimitException if the connection would be one too many */
    void add(DefaultConnection connection) {
        if (count.incrementAndGet() > limits.connections()) {
            count.decrementAndGet();
            throw new ResourceLimitException(
                    "connections", "there are " + limits.connections() + " connections already");
        }
        PeerId peer = connection.remotePeer();
        List<DefaultConnection> now = byPeer.compute(peer, (id, before) -> with(before, connection));
        if (!now.contains(connection)) {
            count.decrementAndGet();
            throw new ResourceLimitException(
                    "peer", "there are " + limits.connectionsPerPeer() + " connections to " + peer + " already");
        }
        if (now.size() == 1) {
            events.publish(new HostEvent.PeerConnected(peer));
        }
    }

    /** Takes a connection out that has been added, once. */
    void remove(DefaultConnection connection) {
        PeerId peer = connection.remotePeer();
        List<DefaultConnection> left = byPeer.computeIfPresent(peer, (id, before) -> without(before, connection));
        count.decrementAndGet();
        if (left == null) {
            events.publish(new HostEvent.PeerDisconnected(peer));
        }
    }

    /** The connections to {@code peer}, oldest first. */
    List<DefaultConnection> of(PeerId peer) {
        return byPeer.getOrDefault(peer, List.of());
    }

    /** The connection to {@code peer} to use: the oldest that is open, {@code null} if there is none. */
    @Nullable
    DefaultConnection best(PeerId peer) {
        for (DefaultConnection connection : of(peer)) {
            if (!connection.isDisposed()) {
                return connection;
            }
        }
        return null;
    }

    Collection<DefaultConnection> all() {
        List<DefaultConnection> all = new ArrayList<>();
        byPeer.values().forEach(all::addAll);
        return all;
    }

    /** Lists are replaced, never changed, so that readers need no lock. */
    private List<DefaultConnection> with(@Nullable List<DefaultConnection> before, DefaultConnection connection) {
        if (before == null) {
            return List.of(connection);
        }
        if (before.size() >= limits.connectionsPerPeer()) {
            return before;
        }
        List<DefaultConnection> after = new ArrayList<>(before);
        after.add(connection);
        return List.copyOf(after);
    }

    private static @Nullable List<DefaultConnection> without(
            List<DefaultConnection> before, DefaultConnection connection) {
        List<DefaultConnection> after = new ArrayList<>(before);
        after.remove(connection);
        return after.isEmpty() ? null : List.copyOf(after);
    }
}
