package io.reactivep2p.pubsub.wire;

/**
 * How much one RPC may hold. What is counted is counted before anything is made of it.
 *
 * @param maxBytes the longest RPC, without its length, both ways; a longer one is refused on its declared length
 * @param maxControlBytes the longest control that is sent; longer control is split over several RPCs
 * @param maxSubscriptions subscriptions of one RPC; more make it malformed
 * @param maxMessages messages of one RPC; more make it malformed
 * @param maxControlEntries IHAVE, IWANT, GRAFT, PRUNE and IDONTWANT entries of one RPC together; more make it malformed
 * @param maxIds ids that are read of each of the three kinds of list, over all entries; what follows is skipped
 * @param maxExchangedPeers peers that are read of one PRUNE; what follows is skipped
 */
public record RpcLimits(
        int maxBytes,
        int maxControlBytes,
        int maxSubscriptions,
        int maxMessages,
        int maxControlEntries,
        int maxIds,
        int maxExchangedPeers) {

    /** As go-libp2p; rust-libp2p reads 64 KiB unless told otherwise. */
    public static final int DEFAULT_MAX_BYTES = 1 << 20;

    /** The most control that rust-libp2p reads in one RPC. */
    public static final int DEFAULT_MAX_CONTROL_BYTES = 16 << 10;

    /** As js-libp2p, of each kind of element. */
    public static final int DEFAULT_MAX_ELEMENTS = 5_000;

    /** As go-libp2p and js-libp2p. */
    public static final int DEFAULT_MAX_EXCHANGED_PEERS = 16;

    /** No RPC that says anything fits into less: a topic, an id and their frames. */
    public static final int MIN_BYTES = 512;

    public RpcLimits {
        if (maxControlBytes < MIN_BYTES || maxBytes < maxControlBytes) {
            throw new IllegalArgumentException("RPCs of at most " + maxBytes + " bytes, with at most " + maxControlBytes
                    + " of control; control takes at least " + MIN_BYTES + " bytes and at most a whole RPC");
        }
        if (maxSubscriptions < 1 || maxMessages < 1 || maxControlEntries < 1 || maxIds < 1 || maxExchangedPeers < 0) {
            throw new IllegalArgumentException("a limit on elements is at least 1, that on exchanged peers at least 0");
        }
    }

    public static RpcLimits defaults() {
        return new RpcLimits(
                DEFAULT_MAX_BYTES,
                DEFAULT_MAX_CONTROL_BYTES,
                DEFAULT_MAX_ELEMENTS,
                DEFAULT_MAX_ELEMENTS,
                DEFAULT_MAX_ELEMENTS,
                DEFAULT_MAX_ELEMENTS,
                DEFAULT_MAX_EXCHANGED_PEERS);
    }

    /** The same with RPCs of at most {@code bytes}, and no more control than that. */
    public RpcLimits withMaxBytes(int bytes) {
        return new RpcLimits(
                bytes,
                Math.min(maxControlBytes, bytes),
                maxSubscriptions,
                maxMessages,
                maxControlEntries,
                maxIds,
                maxExchangedPeers);
    }
}
