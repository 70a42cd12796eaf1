package io.reactivep2p.transport.netty;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Multiaddr.Component;
import io.reactivep2p.multiformats.Protocol;
import io.reactivep2p.transport.AddressResolver;
import io.reactivep2p.transport.TransportException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Resolves {@code dns}, {@code dns4}, {@code dns6} and {@code dnsaddr} without blocking. See the package for the rules.
 *
 * <p>Nothing is cached here: the system's resolver does that, and a cache filled by addresses that strangers advertise would need its
 * own bounds.
 */
public final class DnsAddressResolver implements AddressResolver, Disposable {

    /** How many addresses come of one, at most; as go-libp2p. */
    public static final int MAX_ADDRESSES = 100;

    /** How many {@code dnsaddr} may lead to one another; as go-libp2p. */
    public static final int MAX_RECURSION = 4;

    /** How many names are looked up for one address, at most: a tree of records cannot multiply them. Ours. */
    public static final int MAX_LOOKUPS = 64;

    /** How many names are looked up at a time for one address. Ours. */
    public static final int MAX_PARALLEL_LOOKUPS = 8;

    /** As the usual {@code resolv.conf}. */
    public static final Duration DEFAULT_QUERY_TIMEOUT = Duration.ofSeconds(5);

    /** Ours; a dial is given 15 s by go-libp2p and should have some left to connect. */
    public static final Duration DEFAULT_TOTAL_TIMEOUT = Duration.ofSeconds(10);

    private final NameLookup names;
    private final DnsSpec spec;

    private DnsAddressResolver(DnsSpec spec) {
        this.spec = spec;
        this.names = new NameLookup(spec);
    }

    /** The one that the JVM shares, with all defaults; its {@link #dispose()} must not be called. */
    public static DnsAddressResolver shared() {
        return Shared.RESOLVER;
    }

    public static DnsAddressResolver create(Consumer<DnsSpec> configuration) {
        DnsSpec spec = new DnsSpec();
        configuration.accept(spec);
        return new DnsAddressResolver(spec);
    }

    @Override
    public Flux<Multiaddr> resolve(Multiaddr address) {
        return isConcrete(address) ? Flux.just(address) : Flux.defer(() -> new Expansion(address).run());
    }

    /** Closes the sockets; what is still asked fails. */
    @Override
    public void dispose() {
        names.dispose();
    }

    /** Whether there is no name in {@code address} to look up. */
    public static boolean isConcrete(Multiaddr address) {
        return nameIndex(address) < 0;
    }

    private static int nameIndex(Multiaddr address) {
        for (int i = 0; i < address.size(); i++) {
            switch (address.get(i).protocol()) {
                case DNS, DNS4, DNS6, DNSADDR -> {
                    return i;
                }
                default -> {}
            }
        }
        return -1;
    }

    /** All that is looked up for one subscriber. Its parts may run on any thread. */
    private final class Expansion {

        private final Multiaddr asked;
        private final Set<Multiaddr> seen = ConcurrentHashMap.newKeySet();
        private final AtomicInteger lookups = new AtomicInteger();
        private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();

        Expansion(Multiaddr asked) {
            this.asked = asked;
        }

        Flux<Multiaddr> run() {
            Mono<Long> outOfTime = Mono.delay(spec.totalTimeout, spec.timers)
                    .doOnNext(tick -> failed("not answered within " + spec.totalTimeout));
            return expand(asked, 0)
                    .takeUntilOther(outOfTime)
                    .distinct()
                    .take(MAX_ADDRESSES)
                    .switchIfEmpty(Mono.error(this::failure));
        }

        private Flux<Multiaddr> expand(Multiaddr address, int depth) {
            int index = nameIndex(address);
            if (index < 0) {
                return Flux.just(address);
            }
            if (!seen.add(address)) {
                return failed(address + " leads back to itself");
            }
            if (lookups.incrementAndGet() > MAX_LOOKUPS) {
                return failed("more than " + MAX_LOOKUPS + " names");
            }
            Component name = address.get(index);
            String host = Optional.ofNullable(name.value()).orElseThrow();
            Flux<Multiaddr> answers;
            int reached = depth;
            if (name.protocol() == Protocol.DNSADDR) {
                if (++reached > MAX_RECURSION) {
                    return failed("dnsaddr records lead from one to another more than " + MAX_RECURSION + " times");
                }
                answers = names.texts(host).flatMapMany(found -> answers(host, found, address, index));
            } else {
                Multiaddr named = ServerName.kept(address, index, host);
                answers = ips(name.protocol(), host)
                        .take(MAX_ADDRESSES)
                        .map(ip -> named.replace(index, Component.of(ip)));
            }
            int next = reached;
            return answers.flatMapSequential(found -> expand(found, next), MAX_PARALLEL_LOOKUPS);
        }

        private Flux<Multiaddr> answers(String host, NameLookup.Answer<String> found, Multiaddr address, int index) {
            Optional<Multiaddr> prefix = address.slice(0, index);
            Optional<Multiaddr> suffix = address.slice(index + 1, address.size());
            List<Multiaddr> matching = DnsaddrRecords.matching(found.values(), suffix.orElse(null));
            if (found.failure() != null) {
                return failed(found.failure());
            }
            if (matching.isEmpty()) {
                return failed("no dnsaddr record of " + host
                        + suffix.map(s -> " ends with " + s).orElse(""));
            }
            return Flux.fromIterable(matching)
                    .map(record -> prefix.map(p -> p.encapsulate(record)).orElse(record));
        }

        private Flux<InetAddress> ips(Protocol protocol, String host) {
            return switch (protocol) {
                case DNS4 -> ips(names.ip4(host));
                case DNS6 -> ips(names.ip6(host));
                // Both at once, IPv6 first (specification of dnsaddr).
                default -> Flux.mergeSequential(ips(names.ip6(host)), ips(names.ip4(host)));
            };
        }

        private Flux<InetAddress> ips(Mono<NameLookup.Answer<InetAddress>> lookup) {
            return lookup.flatMapIterable(answer -> {
                if (answer.failure() != null) {
                    failed(answer.failure());
                }
                return answer.values();
            });
        }

        private <T> Flux<T> failed(String reason) {
            return failed(new UnknownHostException(reason));
        }

        private <T> Flux<T> failed(Throwable cause) {
            firstFailure.compareAndSet(null, cause);
            return Flux.empty();
        }

        private TransportException failure() {
            Throwable cause = firstFailure.get();
            String reason = cause == null ? "no address" : cause.getMessage();
            return new TransportException(asked, "cannot resolve " + asked + ": " + reason, cause);
        }
    }

    private static final class Shared {
        static final DnsAddressResolver RESOLVER = create(spec -> {});
    }
}
