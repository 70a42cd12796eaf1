package io.reactivep2p.peer;

import io.reactivep2p.multiformats.Multiaddr;
import java.util.List;

/** A peer and where it may be reached; the addresses come without a trailing {@code /p2p/...}. */
public record PeerInfo(PeerId id, List<Multiaddr> addresses) {

    public PeerInfo {
        addresses = List.copyOf(addresses);
    }
}
