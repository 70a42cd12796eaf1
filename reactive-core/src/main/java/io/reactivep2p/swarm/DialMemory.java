package io.reactivep2p.swarm;

import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.swarm.AddressRefusedException.Reason;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the dials of a host have taught it: {@link DialBackoff} and {@link BlackHoleDetector}, from any thread. */
final class DialMemory {

    private final LongSupplier nanoClock;
    private final DialBackoff backoff = new DialBackoff();
    private final BlackHoleDetector blackHoles = new BlackHoleDetector();

    DialMemory(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    synchronized void onSuccess(@Nullable PeerId peer, Multiaddr address) {
        backoff.onSuccess(peer, address);
    }

    synchronized void onFailure(@Nullable PeerId peer, Multiaddr address) {
        backoff.onFailure(peer, address, nanoClock.getAsLong());
    }

    /** An attempt that had really begun has ended, whoever ended it. */
    synchronized void onResult(Multiaddr address, boolean reached) {
        blackHoles.onResult(address, reached);
    }

    synchronized BlackHoleDetector.Sieved sieve(List<Multiaddr> addresses, Predicate<Multiaddr> isGiven) {
        return blackHoles.sieve(addresses, isGiven);
    }

    synchronized Optional<AddressRefusedException> backedOff(@Nullable PeerId peer, Multiaddr address) {
        long remaining = backoff.remainingNanos(peer, address, nanoClock.getAsLong());
        return remaining == 0
                ? Optional.empty()
                : Optional.of(new AddressRefusedException(
                        address,
                        Reason.BACKED_OFF,
                        "it failed lately and is not tried for another " + TimeUnit.NANOSECONDS.toMillis(remaining)
                                + " ms"));
    }
}
