package io.reactivep2p.swarm;

import io.reactivep2p.multiformats.Multiaddr;
import java.time.Duration;
import java.util.List;

/** Decides which of a peer's addresses are tried, in which order, and how far apart. */
@FunctionalInterface
public interface DialRanker {

    /** The most addresses that one dial tries, as in go-libp2p. */
    int MAX_ADDRESSES = 100;

    /** RFC 8305 (happy eyeballs): about one round trip between two attempts on the same kind of public address. */
    Duration PUBLIC_DELAY = Duration.ofMillis(250);

    /** The same on one's own network, where a round trip is short. */
    Duration NEAR_DELAY = Duration.ofMillis(30);

    /** How long relays wait for a direct public address to answer. */
    Duration RELAY_DELAY = Duration.ofMillis(500);

    /** How long other transports than QUIC and TCP wait for the last of these. */
    Duration PUBLIC_OTHER_DELAY = Duration.ofSeconds(1);

    /** The same on one's own network. */
    Duration NEAR_OTHER_DELAY = Duration.ofMillis(100);

    /** As they come and all at once, as far as the limits let them: where both sides dial at the same time. */
    DialRanker AS_GIVEN = addresses -> addresses.stream()
            .distinct()
            .map(address -> new RankedAddress(address, Duration.ZERO))
            .toList();

    /**
     * The rules and figures of go-libp2p, so that a dial costs few attempts and seldom any time.
     *
     * <p>There are four groups, each ranked by itself:
     * <ul>
     *   <li><b>near</b>: this process, this machine, private networks; from the start;
     *   <li><b>public</b>: other IPs, and names that a transport resolves itself; from the start, too;
     *   <li><b>relayed</b>: {@link #RELAY_DELAY} later where there is a public address, else from the start;
     *   <li><b>elsewhere</b>: what has no IP, {@link #PUBLIC_OTHER_DELAY} after the last of all others.
     * </ul>
     *
     * <p>Within a group, with D standing for {@link #NEAR_DELAY} or {@link #PUBLIC_DELAY}:
     * <ol>
     *   <li>QUIC first. If there is IPv6 and IPv4, one IPv6 address at 0, one IPv4 address at D, the rest at 2 D; else one at 0, the
     *       rest at D. The best comes first: QUIC before WebTransport, then IPv6 before IPv4, then the lower port, which is more likely to
     *       be the one listened on.
     *   <li>TCP and WebSocket the same way, the first of them D after the last QUIC address.
     *   <li>Others, WebRTC for one, {@link #NEAR_OTHER_DELAY} or {@link #PUBLIC_OTHER_DELAY} after the last QUIC or TCP address; {@code
     *       memory} and {@code unix} from the start.
     * </ol>
     *
     * <p>Left out are WebTransport and draft QUIC where {@code quic-v1} is to be had at the same IP and port, WebSocket where plain TCP is,
     * and what comes behind the first {@value #MAX_ADDRESSES}.
     */
    DialRanker STANDARD = HappyEyeballs::rank;

    /**
     * The addresses to try, each once. Called on any thread, with addresses that can be dialed; an address that fails lets the next one
     * begin before its time.
     */
    List<RankedAddress> rank(List<Multiaddr> addresses);
}
