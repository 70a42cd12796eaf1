package io.reactivep2p.testkit;

import io.reactivep2p.host.Host;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.peer.PeerInfo;
import io.reactivep2p.routing.PeerDiscovery;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Lets the hosts of a test find each other as a rendezvous point or a DHT would, without either. Each host has its own view of it; what
 * one advertises, all find, itself included, until its time is over. Thread-safe; as large as the test makes it.
 *
 * <pre>{@code
 * MemoryDiscovery discovery = MemoryDiscovery.create();
 * Pubsub alices = Gossipsub.create(alice, spec -> spec.common(common -> common.discovery(discovery.of(alice))));
 * Pubsub bobs = Gossipsub.create(bob, spec -> spec.common(common -> common.discovery(discovery.of(bob))));
 * }</pre>
 */
public final class MemoryDiscovery {

    /** The longest that is granted by {@link #create()}. */
    public static final Duration DEFAULT_MAX_TTL = Duration.ofHours(2);

    private final Duration maxTtl;
    private final LongSupplier nanoClock;
    private final Map<String, Map<PeerId, Advertisement>> namespaces = new LinkedHashMap<>();

    private record Advertisement(PeerInfo peer, long endNanos) {}

    private MemoryDiscovery(Duration maxTtl, LongSupplier nanoClock) {
        this.maxTtl = maxTtl;
        this.nanoClock = nanoClock;
    }

    public static MemoryDiscovery create() {
        return create(DEFAULT_MAX_TTL, System::nanoTime);
    }

    /**
     * @param maxTtl the longest that is granted
     * @param nanoClock monotonic nanoseconds, such as those of a simulated network
     */
    public static MemoryDiscovery create(Duration maxTtl, LongSupplier nanoClock) {
        return new MemoryDiscovery(maxTtl, nanoClock);
    }

    /** What {@code host} is given to use. */
    public PeerDiscovery of(Host host) {
        return new PeerDiscovery() {
            @Override
            public Mono<Duration> advertise(String namespace, Duration ttl) {
                return Mono.fromSupplier(() -> put(namespace, new PeerInfo(host.id(), host.addresses()), ttl));
            }

            @Override
            public Flux<PeerInfo> findPeers(String namespace, int limit) {
                return Flux.defer(() -> Flux.fromIterable(list(namespace))).take(limit);
            }
        };
    }

    /** Those who are advertised under {@code namespace} now. */
    public Set<PeerId> advertised(String namespace) {
        Set<PeerId> ids = new LinkedHashSet<>();
        list(namespace).forEach(peer -> ids.add(peer.id()));
        return ids;
    }

    private synchronized Duration put(String namespace, PeerInfo peer, Duration ttl) {
        Duration granted = ttl.compareTo(maxTtl) < 0 ? ttl : maxTtl;
        namespaces
                .computeIfAbsent(namespace, name -> new LinkedHashMap<>())
                .put(peer.id(), new Advertisement(peer, nanoClock.getAsLong() + granted.toNanos()));
        return granted;
    }

    private synchronized List<PeerInfo> list(String namespace) {
        Map<PeerId, Advertisement> here = namespaces.getOrDefault(namespace, new LinkedHashMap<>());
        here.values().removeIf(each -> each.endNanos - nanoClock.getAsLong() <= 0);
        return here.values().stream().map(Advertisement::peer).toList();
    }
}
