package io.reactivep2p.peerstore;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The in-memory peerstore: one bounded map of peers, guarded by its own lock, which is held for no longer than a look-up. */
final class MemoryPeerstore implements Peerstore {

    /** Words remembered about one peer, and the characters of each. */
    static final int MAX_METADATA = 16;

    static final int MAX_METADATA_LENGTH = 1_024;

    private final PeerstoreOptions options;
    private final LongSupplier clock;
    private final Map<PeerId, Known> peers;

    MemoryPeerstore(PeerstoreOptions options) {
        this.options = options;
        this.clock = options.nanoClock();
        this.peers = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<PeerId, Known> eldest) {
                return size() > options.maxPeers();
            }
        };
    }

    @Override
    public void addAddresses(PeerId peer, Collection<Multiaddr> addresses, Duration ttl) {
        synchronized (peers) {
            known(peer).addresses.add(addresses, ttl, clock.getAsLong());
        }
    }

    @Override
    public boolean setCertifiedAddresses(PeerId peer, long sequence, Collection<Multiaddr> addresses, Duration ttl) {
        synchronized (peers) {
            return known(peer).addresses.certify(sequence, addresses, ttl, clock.getAsLong());
        }
    }

    @Override
    public void putSignedRecord(PeerId peer, byte[] envelope) {
        byte[] kept = envelope.length <= MAX_SIGNED_RECORD_BYTES ? envelope.clone() : null;
        synchronized (peers) {
            known(peer).signedRecord = kept;
        }
    }

    @Override
    public Optional<byte[]> signedRecord(PeerId peer) {
        return this.<Optional<byte[]>>ask(peer, Optional.empty(), known -> Optional.ofNullable(known.signedRecord))
                .map(byte[]::clone);
    }

    @Override
    public void updateTtl(PeerId peer, Duration ttl) {
        synchronized (peers) {
            Known known = peers.get(peer);
            if (known != null) {
                known.addresses.updateTtl(ttl, clock.getAsLong());
            }
        }
    }

    @Override
    public List<Multiaddr> addresses(PeerId peer) {
        return ask(peer, List.of(), known -> known.addresses.addresses(clock.getAsLong()));
    }

    @Override
    public void clearAddresses(PeerId peer) {
        synchronized (peers) {
            Known known = peers.get(peer);
            if (known != null) {
                known.addresses.clear();
            }
        }
    }

    @Override
    public void addKey(PeerId peer, PublicKey key) {
        if (!peer.matches(key)) {
            throw new IllegalArgumentException("the key is that of " + PeerId.of(key) + ", not of " + peer);
        }
        synchronized (peers) {
            known(peer).key = key;
        }
    }

    @Override
    public Optional<PublicKey> key(PeerId peer) {
        Optional<PublicKey> held = ask(peer, Optional.empty(), known -> Optional.ofNullable(known.key));
        return held.isPresent() ? held : peer.publicKey();
    }

    @Override
    public void setProtocols(PeerId peer, Set<ProtocolId> protocols) {
        Set<ProtocolId> kept = protocols.size() <= options.maxProtocolsPerPeer()
                ? Set.copyOf(protocols)
                : protocols.stream().limit(options.maxProtocolsPerPeer()).collect(Collectors.toUnmodifiableSet());
        synchronized (peers) {
            known(peer).protocols = kept;
        }
    }

    @Override
    public Set<ProtocolId> protocols(PeerId peer) {
        return ask(peer, Set.of(), known -> known.protocols);
    }

    @Override
    public boolean supports(PeerId peer, ProtocolId protocol) {
        return protocols(peer).contains(protocol);
    }

    @Override
    public void putMetadata(PeerId peer, String key, String value) {
        String kept = value.length() <= MAX_METADATA_LENGTH ? value : value.substring(0, MAX_METADATA_LENGTH);
        synchronized (peers) {
            Map<String, String> metadata = known(peer).metadata;
            if (metadata.size() < MAX_METADATA || metadata.containsKey(key)) {
                metadata.put(key, kept);
            }
        }
    }

    @Override
    public Optional<String> metadata(PeerId peer, String key) {
        return ask(peer, Optional.empty(), known -> Optional.ofNullable(known.metadata.get(key)));
    }

    @Override
    public Set<PeerId> peers() {
        synchronized (peers) {
            return Set.copyOf(peers.keySet());
        }
    }

    @Override
    public void remove(PeerId peer) {
        synchronized (peers) {
            peers.remove(peer);
        }
    }

    private <T> T ask(PeerId peer, T unknown, Function<Known, T> question) {
        synchronized (peers) {
            Known known = peers.get(peer);
            return known == null ? unknown : question.apply(known);
        }
    }

    private Known known(PeerId peer) {
        return peers.computeIfAbsent(peer, id -> new Known(options.maxAddressesPerPeer()));
    }

    /** What is held of one peer. */
    private static final class Known {

        private final AddressBook addresses;
        private final Map<String, String> metadata = new HashMap<>(4);
        private Set<ProtocolId> protocols = Set.of();
        private @Nullable PublicKey key;
        private byte @Nullable [] signedRecord;

        Known(int maxAddresses) {
            this.addresses = new AddressBook(maxAddresses);
        }
    }
}
