package io.reactivep2p.swarm;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.Protocol;
import io.reactivep2p.swarm.AddressRefusedException.Reason;
import io.reactivep2p.swarm.BlackHoleCounter.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Notices networks that swallow UDP, or IPv6: dials there would end in nothing but a time limit, and UDP state in routers. Only routable
 * public addresses count and are refused, so one's own network is never touched.
 *
 * <p>A peer is judged once for all its addresses together, so that the occasional probe is really dialed. A kind that is being probed is
 * let through even where the other kind is blocked: QUIC on IPv6 tells about both.
 *
 * <p>As go-libp2p, but for one thing: where nothing would be left to try, the addresses that the caller gave are tried all the same. go
 * has no such addresses, everything there comes from its peerstore.
 */
@SansIo
final class BlackHoleDetector {

    private final BlackHoleCounter udp = new BlackHoleCounter();
    private final BlackHoleCounter ip6 = new BlackHoleCounter();

    /** What is left of a peer's addresses, and what is refused of them. */
    record Sieved(List<Multiaddr> left, List<AddressRefusedException> refused) {}

    /** @param isGiven whether the caller asked for an address by name */
    Sieved sieve(List<Multiaddr> addresses, Predicate<Multiaddr> isGiven) {
        Verdict onUdp = verdict(udp, addresses, BlackHoleDetector::isUdp);
        Verdict onIp6 = verdict(ip6, addresses, BlackHoleDetector::isIp6);
        List<Multiaddr> left = new ArrayList<>();
        List<AddressRefusedException> refused = new ArrayList<>();
        for (Multiaddr address : addresses) {
            refusal(address, onUdp, onIp6).ifPresentOrElse(refused::add, () -> left.add(address));
        }
        if (left.isEmpty()) {
            refused.stream()
                    .map(AddressRefusedException::address)
                    .filter(isGiven)
                    .forEach(left::add);
            refused.removeIf(refusal -> left.contains(refusal.address()));
        }
        return new Sieved(left, refused);
    }

    private static Verdict verdict(BlackHoleCounter counter, List<Multiaddr> addresses, Predicate<Multiaddr> kind) {
        return addresses.stream().anyMatch(kind) ? counter.onRequest() : Verdict.ALLOW;
    }

    private Optional<AddressRefusedException> refusal(Multiaddr address, Verdict onUdp, Verdict onIp6) {
        boolean isUdp = isUdp(address);
        boolean isIp6 = isIp6(address);
        if ((isUdp && onUdp == Verdict.PROBE) || (isIp6 && onIp6 == Verdict.PROBE)) {
            return Optional.empty();
        }
        if (isUdp && onUdp == Verdict.BLOCK) {
            return Optional.of(refusal(address, "UDP", udp));
        }
        return isIp6 && onIp6 == Verdict.BLOCK ? Optional.of(refusal(address, "IPv6", ip6)) : Optional.empty();
    }

    private static AddressRefusedException refusal(Multiaddr address, String kind, BlackHoleCounter counter) {
        return new AddressRefusedException(
                address,
                Reason.BLACK_HOLE,
                kind + " seems to lead nowhere from here: of the last " + BlackHoleCounter.WINDOW + " such dials "
                        + counter.successes() + " succeeded");
    }

    /**
     * What became of a dial. One that was cancelled counts as failed: nobody knows better, and the threshold allows for it. A relayed one
     * tells about the relay, the dial of which counts by itself.
     */
    void onResult(Multiaddr address, boolean success) {
        if (address.has(Protocol.P2P_CIRCUIT)) {
            return;
        }
        if (isUdp(address)) {
            udp.onResult(success);
        }
        if (isIp6(address)) {
            ip6.onResult(success);
        }
    }

    private static boolean isUdp(Multiaddr address) {
        return address.has(Protocol.UDP) && AddressDistance.isRoutable(address);
    }

    private static boolean isIp6(Multiaddr address) {
        return address.has(Protocol.IP6) && AddressDistance.isRoutable(address);
    }
}
