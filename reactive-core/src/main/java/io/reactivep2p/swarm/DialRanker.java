package io.reactivep2p.swarm;

import io.reactivep2p.multiformats.Multiaddr;
import java.util.List;

/** Decides in which order a peer's addresses are tried. */
@FunctionalInterface
public interface DialRanker {

    /** The most addresses that {@link #STANDARD} leaves, as in go-libp2p. */
    int MAX_ADDRESSES = 100;

    /** As they come. */
    DialRanker AS_GIVEN = addresses -> addresses;

    /**
     * Near addresses first (this process, this machine, private networks), then public ones, then relayed ones; within each group as they
     * come, and {@value #MAX_ADDRESSES} in all.
     */
    DialRanker STANDARD = AddressDistance::rank;

    /** The addresses to try, best first; may leave some out. */
    List<Multiaddr> rank(List<Multiaddr> addresses);
}
