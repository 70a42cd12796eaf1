package io.reactivep2p.swarm;

import io.reactivep2p.multiformats.Multiaddr;
import java.time.Duration;

/**
 * An address and when to try it.
 *
 * @param delay after the addresses have become known, unless everything begun before has failed by then; not negative
 */
public record RankedAddress(Multiaddr address, Duration delay) {

    public RankedAddress {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("a delay of " + delay + " for " + address + " is negative");
        }
    }
}
