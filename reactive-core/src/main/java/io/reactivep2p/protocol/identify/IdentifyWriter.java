package io.reactivep2p.protocol.identify;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.host.Host;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.protocol.identify.pb.IdentifyProto;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Writes our own description. All but the observed address is made once and kept until something changes. Thread-safe. */
final class IdentifyWriter {

    /** All that rust-libp2p reads; and go, which sends no more either. */
    static final int MAX_BYTES = 4_096;

    /** Room left for what differs from peer to peer: the address we see it at. */
    private static final int OBSERVED_BYTES = 128;

    /** The tag of a field and a length below 16 KiB. */
    private static final int FIELD_BYTES = 3;

    private final Host host;
    private final PublicKey key;
    private final IdentifyOptions options;
    private final AtomicLong changes = new AtomicLong();
    private volatile @Nullable Made made;

    IdentifyWriter(Host host, PublicKey key, IdentifyOptions options) {
        this.host = host;
        this.key = key;
        this.options = options;
    }

    /** Addresses or protocols are not what they were. */
    void onChange() {
        changes.incrementAndGet();
    }

    IdentifyProto.Identify message(Connection connection) {
        long version =
                changes.get(); // asked before anything is read: a change in the meantime makes this one out of date
        Made known = made;
        if (known == null || known.version != version) {
            known = new Made(version, make());
            made = known;
        }
        byte[] observed = connection.remoteAddress().toBytes();
        return observed.length > OBSERVED_BYTES
                ? known.message
                : known.message.toBuilder()
                        .setObservedAddr(ByteString.copyFrom(observed))
                        .build();
    }

    /** What does not fit any more stays out; protocols come first, but leave a quarter of the room to the addresses. */
    private IdentifyProto.Identify make() {
        IdentifyProto.Identify.Builder message = IdentifyProto.Identify.newBuilder()
                .setPublicKey(ByteString.copyFrom(key.encode()))
                .setProtocolVersion(options.protocolVersion())
                .setAgentVersion(options.agentVersion());
        int left = MAX_BYTES - OBSERVED_BYTES - FIELD_BYTES - message.build().getSerializedSize();
        List<Multiaddr> addresses = host.addresses();
        int reserved = Math.min(
                left / 4,
                addresses.stream()
                        .mapToInt(address -> address.length() + FIELD_BYTES)
                        .sum());
        for (ProtocolId protocol : host.protocols()) {
            int size = CodedOutputStream.computeStringSizeNoTag(protocol.value()) + 1;
            if (size <= left - reserved) {
                message.addProtocols(protocol.value());
                left -= size;
            }
        }
        for (Multiaddr address : addresses) {
            int size = address.length() + FIELD_BYTES;
            if (size <= left) {
                message.addListenAddrs(ByteString.copyFrom(address.toBytes()));
                left -= size;
            }
        }
        byte[] record = host.peerRecord().toBytes();
        if (record.length + FIELD_BYTES <= left) {
            message.setSignedPeerRecord(ByteString.copyFrom(record));
        }
        return message.build();
    }

    /** A message and how many changes it knows of. */
    private record Made(long version, IdentifyProto.Identify message) {}
}
