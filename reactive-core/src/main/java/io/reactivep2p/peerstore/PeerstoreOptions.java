package io.reactivep2p.peerstore;

import java.util.function.LongSupplier;

/**
 * The bounds of an in-memory peerstore.
 *
 * @param maxPeers peers remembered; beyond that the one unused longest is forgotten
 * @param maxAddressesPerPeer addresses of one peer; beyond that those with the shortest life left are forgotten
 * @param maxProtocolsPerPeer protocols of one peer; the rest is ignored
 * @param nanoClock monotonic time in nanoseconds
 */
public record PeerstoreOptions(int maxPeers, int maxAddressesPerPeer, int maxProtocolsPerPeer, LongSupplier nanoClock) {

    /** Room for the routing table and the neighbours of a busy node, at about 1 KiB each. */
    public static final int DEFAULT_MAX_PEERS = 10_000;

    /** go-libp2p takes 500 from a connected peer; no dial tries more than 100. */
    public static final int DEFAULT_MAX_ADDRESSES = 100;

    /** go-libp2p: 1,024 protocols. */
    public static final int DEFAULT_MAX_PROTOCOLS = 1_024;

    public PeerstoreOptions {
        if (maxPeers < 1 || maxAddressesPerPeer < 1 || maxProtocolsPerPeer < 1) {
            throw new IllegalArgumentException("a bound is at least 1");
        }
    }

    public static PeerstoreOptions defaults() {
        return new PeerstoreOptions(DEFAULT_MAX_PEERS, DEFAULT_MAX_ADDRESSES, DEFAULT_MAX_PROTOCOLS, System::nanoTime);
    }
}
