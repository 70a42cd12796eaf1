package io.reactivep2p.peerstore;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of peers: where they may be reached and for how long that is to be believed, their keys, their protocols and a few words
 * about them. Bounded in every direction. Thread-safe; nothing blocks.
 */
public interface Peerstore {

    /** For addresses of peers that are connected now. */
    Duration CONNECTED_TTL = Duration.ofSeconds(Long.MAX_VALUE / 1_000_000_000L);

    /** For addresses of peers that were connected a moment ago (go-libp2p). */
    Duration RECENTLY_CONNECTED_TTL = Duration.ofMinutes(15);

    /** For addresses heard of in passing (go-libp2p). */
    Duration TEMPORARY_TTL = Duration.ofMinutes(2);

    /** For addresses given by the user or by discovery (go-libp2p). */
    Duration ADDRESS_TTL = Duration.ofHours(1);

    /** The longest signed record that is kept: some 80 addresses. */
    int MAX_SIGNED_RECORD_BYTES = 4 * 1_024;

    /** A peerstore that lives in memory and forgets with the process. */
    static Peerstore inMemory() {
        return inMemory(PeerstoreOptions.defaults());
    }

    /** A peerstore in memory with bounds of its own. */
    static Peerstore inMemory(PeerstoreOptions options) {
        return new MemoryPeerstore(options);
    }

    /** Remembers addresses (without {@code /p2p/...}); one already known keeps the longer of the two lives. */
    void addAddresses(PeerId peer, Collection<Multiaddr> addresses, Duration ttl);

    /**
     * Replaces all addresses that are not certified by those of a signed peer record, if its sequence number is higher than that of
     * the record held before.
     *
     * @return whether the record was new
     */
    boolean setCertifiedAddresses(PeerId peer, long sequence, Collection<Multiaddr> addresses, Duration ttl);

    /** Shortens or extends the lives of all addresses held of {@code peer}. */
    void updateTtl(PeerId peer, Duration ttl);

    /**
     * Remembers a peer's signed record as it came, to be told to others who can verify it themselves.
     *
     * @param envelope the bytes of the envelope, verified; one of more than {@value #MAX_SIGNED_RECORD_BYTES} is not kept
     */
    void putSignedRecord(PeerId peer, byte[] envelope);

    /** The bytes of the signed record last remembered; a fresh copy. */
    Optional<byte[]> signedRecord(PeerId peer);

    /** The addresses that are still believed, best known first. */
    List<Multiaddr> addresses(PeerId peer);

    void clearAddresses(PeerId peer);

    /** @throws IllegalArgumentException if {@code key} is not the key of {@code peer} */
    void addKey(PeerId peer, PublicKey key);

    Optional<PublicKey> key(PeerId peer);

    void setProtocols(PeerId peer, Set<ProtocolId> protocols);

    Set<ProtocolId> protocols(PeerId peer);

    /** Whether {@code peer} said that it speaks {@code protocol}; hot. */
    boolean supports(PeerId peer, ProtocolId protocol);

    /** Remembers a word about a peer, such as its agent version. */
    void putMetadata(PeerId peer, String key, String value);

    Optional<String> metadata(PeerId peer, String key);

    /** The peers that anything is known of. A snapshot. */
    Set<PeerId> peers();

    /** Forgets a peer. */
    void remove(PeerId peer);
}
