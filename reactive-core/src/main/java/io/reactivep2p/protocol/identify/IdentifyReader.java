package io.reactivep2p.protocol.identify;

import com.google.protobuf.ByteString;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.ProtocolViolationException;
import io.reactivep2p.crypto.MalformedKeyException;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.MultiformatException;
import io.reactivep2p.multiformats.Protocol;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.protocol.identify.pb.IdentifyProto;
import io.reactivep2p.record.MalformedRecordException;
import io.reactivep2p.record.PeerRecord;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks what a peer sent and makes a description of it. */
final class IdentifyReader {

    /** Messages of one stream that are merged, as in go and js. */
    static final int MAX_MESSAGES = 10;

    /** The longest message, as in go and js. */
    static final int MAX_BYTES = 8 * 1024;

    /** Addresses taken from one peer: more than any dial would try. */
    static final int MAX_ADDRESSES = 100;

    /** Protocols taken from one peer, as in go. */
    static final int MAX_PROTOCOLS = 1_024;

    private final VerifiedRecords records = new VerifiedRecords();

    /** @throws ProtocolViolationException if the key or the record is not that of {@code peer} */
    PeerDescription read(PeerId peer, IdentifyProto.Identify message) {
        PeerRecord record =
                message.hasSignedPeerRecord() && !message.getSignedPeerRecord().isEmpty()
                        ? record(peer, message.getSignedPeerRecord())
                        : null;
        return new PeerDescription(
                message.hasPublicKey() ? key(peer, message.getPublicKey()) : null,
                message.hasProtocolVersion() ? message.getProtocolVersion() : null,
                message.hasAgentVersion() ? message.getAgentVersion() : null,
                protocols(message.getProtocolsList()),
                record == null ? listenAddresses(peer, message.getListenAddrsList()) : own(peer, record.addresses()),
                message.hasObservedAddr() ? observed(message.getObservedAddr()) : null,
                record);
    }

    private static PublicKey key(PeerId peer, ByteString encoded) {
        // Nearly always the key that the id holds and the handshake has proved: to decode it again takes a square root.
        PublicKey known = peer.publicKey().orElse(null);
        if (known != null && encoded.equals(ByteString.copyFrom(known.encode()))) {
            return known;
        }
        PublicKey key;
        try {
            key = PublicKey.decode(encoded.toByteArray());
        } catch (MalformedKeyException malformed) {
            throw new ProtocolViolationException("identify of " + peer + " carries a malformed key", malformed);
        }
        if (!peer.matches(key)) {
            throw new ProtocolViolationException("identify of " + peer + " carries the key of " + PeerId.of(key));
        }
        return key;
    }

    private PeerRecord record(PeerId peer, ByteString envelope) {
        PeerRecord record;
        try {
            record = records.open(envelope);
        } catch (MalformedRecordException malformed) {
            throw new ProtocolViolationException("identify of " + peer + " carries a bad signed record", malformed);
        }
        if (!record.peer().equals(peer)) {
            throw new ProtocolViolationException(
                    "identify of " + peer + " carries the signed record of " + record.peer());
        }
        return record;
    }

    private static Set<ProtocolId> protocols(List<String> names) {
        Set<ProtocolId> protocols = new LinkedHashSet<>();
        for (String name : names) {
            if (protocols.size() == MAX_PROTOCOLS) {
                break;
            }
            if (isProtocol(name)) {
                protocols.add(ProtocolId.of(name));
            }
        }
        return protocols;
    }

    /** Names that multistream-select cannot carry are of no use to us. */
    private static boolean isProtocol(String name) {
        return name.startsWith("/") && name.length() <= ProtocolId.MAX_LENGTH && name.indexOf('\n') < 0;
    }

    private static List<Multiaddr> listenAddresses(PeerId peer, List<ByteString> encoded) {
        List<Multiaddr> addresses = new ArrayList<>();
        for (ByteString bytes : encoded) {
            if (addresses.size() == MAX_ADDRESSES) {
                break;
            }
            Multiaddr address = address(bytes);
            if (address != null) {
                bare(peer, address).ifPresent(addresses::add);
            }
        }
        return addresses;
    }

    private static List<Multiaddr> own(PeerId peer, List<Multiaddr> signed) {
        return signed.stream()
                .flatMap(address -> bare(peer, address).stream())
                .limit(MAX_ADDRESSES)
                .toList();
    }

    /** Without the peer at its end; empty if that is another peer, whose address it is, or if nothing is left. */
    private static Optional<Multiaddr> bare(PeerId peer, Multiaddr address) {
        if (address.last().protocol() != Protocol.P2P) {
            return Optional.of(address);
        }
        return PeerId.in(address).filter(peer::equals).isPresent()
                ? address.slice(0, address.size() - 1)
                : Optional.empty();
    }

    /** js-libp2p adds whom it sees there, which is us. */
    private static @Nullable Multiaddr observed(ByteString bytes) {
        Multiaddr address = address(bytes);
        if (address == null || address.last().protocol() != Protocol.P2P) {
            return address;
        }
        return address.slice(0, address.size() - 1).orElse(null);
    }

    private static @Nullable Multiaddr address(ByteString bytes) {
        try {
            return Multiaddr.of(bytes.toByteArray());
        } catch (MultiformatException malformed) {
            return null; // one bad entry is skipped, the message stands
        }
    }
}
