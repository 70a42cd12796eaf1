package io.reactivep2p.host;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.transport.Listener;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The open listeners and where each can be reached. Thread-safe; changes are rare. */
final class ListenerTable {

    private final Map<Listener, List<Multiaddr>> reachable = new LinkedHashMap<>();
    private volatile List<Multiaddr> addresses = List.of();

    synchronized void add(Listener listener, List<Multiaddr> reachableAt) {
        reachable.put(listener, reachableAt);
        flatten();
    }

    synchronized void remove(Listener listener) {
        reachable.remove(listener);
        flatten();
    }

    synchronized Collection<Listener> all() {
        return List.copyOf(reachable.keySet());
    }

    List<Multiaddr> addresses() {
        return addresses;
    }

    private void flatten() {
        addresses = reachable.values().stream().flatMap(List::stream).distinct().toList();
    }
}
