package io.reactivep2p.swarm;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Multiaddr.Component;
import io.reactivep2p.multiformats.Protocol;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.swarm.AddressRefusedException.Reason;
import io.reactivep2p.transport.Transport;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * Finds the addresses to try for a dial: those the caller gave and those remembered, names resolved, without those that cannot or shall
 * not be dialed, ranked. Addresses without a name do not wait for those with one.
 */
final class DialCandidates {

    /** Names that are looked up for one caller, at most; each may fan out as far as the resolver lets it. Ours. */
    static final int MAX_NAMES = 16;

    /** How many of them at a time. Ours. */
    static final int MAX_PARALLEL_NAMES = 4;

    /** Addresses that are looked at for one caller, at most. Ours. */
    static final int MAX_CANDIDATES = 4 * DialRanker.MAX_ADDRESSES;

    private final SwarmOptions options;
    private final DialMemory memory;
    private final Supplier<? extends Collection<Multiaddr>> own;

    DialCandidates(SwarmOptions options, DialMemory memory, Supplier<? extends Collection<Multiaddr>> own) {
        this.options = options;
        this.memory = memory;
        this.own = own;
    }

    /** Adds the addresses to {@code dial}, at once those that are known already, and says when there are no more. */
    void prepare(PeerDial dial, List<Multiaddr> given) {
        Set<Multiaddr> asked = new LinkedHashSet<>(given.subList(0, Math.min(given.size(), MAX_CANDIDATES)));
        Set<Multiaddr> all = new LinkedHashSet<>(asked);
        PeerId peer = dial.peer();
        if (peer != null) {
            all.addAll(options.peerstore().addresses(peer));
        }
        List<Multiaddr> names = all.stream().filter(DialCandidates::isName).toList();
        offer(dial, all.stream().filter(address -> !isName(address)).toList(), asked);
        if (names.isEmpty()) {
            dial.prepared();
            return;
        }
        for (Multiaddr name : names.subList(Math.min(names.size(), MAX_NAMES), names.size())) {
            dial.refused(
                    new AddressRefusedException(name, Reason.TOO_MANY, "one dial looks up " + MAX_NAMES + " names"));
        }
        Set<Multiaddr> behindAsked = ConcurrentHashMap.newKeySet();
        Flux.fromIterable(names)
                .take(MAX_NAMES)
                .flatMapSequential(name -> resolve(dial, name, asked.contains(name), behindAsked), MAX_PARALLEL_NAMES)
                .takeUntilOther(dial.onOver())
                .distinct()
                .take(MAX_CANDIDATES)
                .collectList()
                .subscribe(
                        found -> {
                            offer(dial, found, behindAsked);
                            dial.prepared();
                        },
                        dial::fail);
    }

    /** Names may stand for many peers, as those of bootstrap nodes do: what belongs to others is passed over in silence. */
    private Flux<Multiaddr> resolve(PeerDial dial, Multiaddr name, boolean asked, Set<Multiaddr> behindAsked) {
        return Flux.defer(() -> options.resolver().resolve(name))
                .filter(address -> !leadsToAnother(dial.peer(), address))
                .doOnNext(address -> {
                    if (asked) {
                        behindAsked.add(address);
                    }
                })
                .switchIfEmpty(Flux.error(() -> new AddressRefusedException(
                        name,
                        Reason.OTHER_PEER,
                        dial.peer() == null ? "nothing is behind it" : "nothing behind it belongs to " + dial.peer())))
                .onErrorResume(cause -> {
                    dial.unresolved(name, cause);
                    return Flux.empty();
                });
    }

    private void offer(PeerDial dial, List<Multiaddr> addresses, Set<Multiaddr> asked) {
        List<Multiaddr> dialable = new ArrayList<>();
        Set<Multiaddr> given = new HashSet<>();
        Collection<Multiaddr> ours = own.get();
        for (Multiaddr address : addresses) {
            Multiaddr bare = dial.peer() == null ? address : withoutPeer(address);
            if (asked.contains(address)) {
                given.add(bare);
            }
            AddressRefusedException refusal = refusal(dial.peer(), address, bare, given.contains(bare), ours);
            if (refusal == null) {
                dialable.add(bare);
            } else {
                dial.refused(refusal);
            }
        }
        BlackHoleDetector.Sieved sieved = memory.sieve(dialable, given::contains);
        sieved.refused().forEach(dial::refused);
        dial.offer(options.ranker().rank(sieved.left()));
    }

    private @Nullable AddressRefusedException refusal(
            @Nullable PeerId peer, Multiaddr address, Multiaddr bare, boolean given, Collection<Multiaddr> ours) {
        if (leadsToAnother(peer, address)) {
            return new AddressRefusedException(address, Reason.OTHER_PEER, "it is an address of another peer");
        }
        if (leadsNowhere(bare)) {
            return new AddressRefusedException(bare, Reason.NOWHERE, "its IP means nothing to another host");
        }
        if (transport(options.transports(), bare).isEmpty()) {
            return new AddressRefusedException(bare, Reason.NO_TRANSPORT, noTransport(bare));
        }
        if (ours.contains(withoutPeer(bare))) {
            return new AddressRefusedException(bare, Reason.OWN_ADDRESS, "this host itself listens there");
        }
        return given ? null : memory.backedOff(peer, bare).orElse(null);
    }

    static Optional<Transport> transport(List<Transport> transports, Multiaddr address) {
        return transports.stream()
                .filter(transport -> transport.canDial(address))
                .findFirst();
    }

    private static String noTransport(Multiaddr address) {
        return address.has(Protocol.P2P_CIRCUIT)
                ? "relayed addresses are not dialed: no transport for them"
                : "no transport dials such an address";
    }

    /** Whether it ends in the {@code /p2p/...} of somebody else. A relay is in the middle, and is nobody's end. */
    private static boolean leadsToAnother(@Nullable PeerId peer, Multiaddr address) {
        return peer != null
                && PeerId.in(address).filter(end -> !end.equals(peer)).isPresent();
    }

    private static Multiaddr withoutPeer(Multiaddr address) {
        return address.last().protocol() == Protocol.P2P
                ? address.slice(0, address.size() - 1).orElse(address)
                : address;
    }

    /** Listeners are told by such IPs which interface they are on; nobody is reached there. */
    private static boolean leadsNowhere(Multiaddr address) {
        Component head = AddressDistance.head(address);
        if (head.protocol() != Protocol.IP4 && head.protocol() != Protocol.IP6) {
            return false;
        }
        InetAddress ip = address.ipAddress().orElseThrow();
        boolean zoned = address.first().protocol() == Protocol.IP6ZONE;
        return ip.isAnyLocalAddress()
                || ip.isMulticastAddress()
                || (head.protocol() == Protocol.IP6 && ip.isLinkLocalAddress() && !zoned);
    }

    private static boolean isName(Multiaddr address) {
        return address.has(Protocol.DNSADDR)
                || address.has(Protocol.DNS)
                || address.has(Protocol.DNS4)
                || address.has(Protocol.DNS6);
    }
}
