package io.reactivep2p.record;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.multiformats.MultiformatException;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.record.pb.RecordProto;
import io.reactivep2p.wire.MalformedMessageException;
import io.reactivep2p.wire.Protobuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A peer's own word on where it listens (RFC 0003).
 *
 * @param peer who says so
 * @param sequence an unsigned number that grows with each record of the peer; only {@link #isNewerThan compared}, since
 *     implementations count in different units of time
 * @param addresses where the peer listens, without a trailing {@code /p2p/...}
 */
public record PeerRecord(PeerId peer, long sequence, List<Multiaddr> addresses) {

    /** The domain that peer records are signed under. */
    public static final String DOMAIN = "libp2p-peer-record";

    /** The most addresses of one record: what go-libp2p keeps of a connected peer (CVE-2023-40583). */
    public static final int MAX_ADDRESSES = 500;

    private static final byte[] PAYLOAD_TYPE = {0x03, 0x01};

    private static final String RFC_DOMAIN = "libp2p-routing-state";
    private static final byte[] RFC_PAYLOAD_TYPE = "/libp2p/routing-state-record".getBytes(StandardCharsets.US_ASCII);

    private static final int ADDRESSES_TAG =
            RecordProto.PeerRecord.ADDRESSES_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    /**
     * A record to be sealed.
     *
     * @throws IllegalArgumentException for more than {@link #MAX_ADDRESSES} addresses
     */
    public PeerRecord {
        if (addresses.size() > MAX_ADDRESSES) {
            throw new IllegalArgumentException(
                    "a peer record with " + addresses.size() + " addresses; at most " + MAX_ADDRESSES + " are allowed");
        }
        addresses = List.copyOf(addresses);
    }

    /** The payload type of peer records: the two bytes {@code 03 01}. */
    public static byte[] payloadType() {
        return PAYLOAD_TYPE.clone();
    }

    /**
     * Signs the record.
     *
     * @throws IllegalArgumentException if {@code signer} is not the key of {@link #peer()}
     */
    public SignedEnvelope seal(KeyPair signer) {
        if (!peer.matches(signer.publicKey())) {
            throw new IllegalArgumentException(
                    "the record of " + peer + " cannot be signed by " + PeerId.of(signer.publicKey()));
        }
        RecordProto.PeerRecord.Builder record = RecordProto.PeerRecord.newBuilder()
                .setPeerId(ByteString.copyFrom(peer.toBytes()))
                .setSeq(sequence);
        for (Multiaddr address : addresses) {
            record.addAddressesBuilder().setMultiaddr(ByteString.copyFrom(address.toBytes()));
        }
        return SignedEnvelope.seal(signer, DOMAIN, PAYLOAD_TYPE, record.build().toByteArray());
    }

    /**
     * Reads, verifies, and checks that the signer is the peer that the record is about. Malformed addresses are left out.
     *
     * @throws MalformedRecordException if any check fails; the message names it
     */
    public static PeerRecord open(byte[] envelope) {
        SignedEnvelope read = SignedEnvelope.read(envelope);
        if (read.hasType(PAYLOAD_TYPE)) {
            read.verified(DOMAIN);
        } else if (read.hasType(RFC_PAYLOAD_TYPE)) {
            read.verified(RFC_DOMAIN);
        } else {
            throw new MalformedRecordException(
                    "envelope with the payload type " + read.typeText() + "; expected a peer record (0301)");
        }
        PeerRecord record = ofPayload(read.payload());
        if (!record.peer.matches(read.signer())) {
            throw new MalformedRecordException(
                    "peer record about " + record.peer + " signed by " + PeerId.of(read.signer()));
        }
        return record;
    }

    /** Reads the bare record, which nothing vouches for. */
    static PeerRecord ofPayload(byte[] payload) {
        try {
            checkAddressCount(payload);
            RecordProto.PeerRecord message = Protobuf.parse(RecordProto.PeerRecord.parser(), payload);
            PeerId peer = PeerId.of(message.getPeerId().toByteArray());
            List<Multiaddr> addresses = new ArrayList<>(message.getAddressesCount());
            for (RecordProto.PeerRecord.AddressInfo info : message.getAddressesList()) {
                addAddress(info.getMultiaddr().toByteArray(), addresses);
            }
            return new PeerRecord(peer, message.getSeq(), addresses);
        } catch (MalformedMessageException | MultiformatException | IOException e) {
            throw new MalformedRecordException("malformed peer record: " + e.getMessage(), e);
        }
    }

    /** One bad entry is no reason to lose the others: it may be of a protocol that is younger than this code. */
    private static void addAddress(byte[] bytes, List<Multiaddr> addresses) {
        try {
            addresses.add(Multiaddr.of(bytes));
        } catch (MultiformatException skipped) {
            // left out
        }
    }

    /** Counts before anything is made of the entries. */
    private static void checkAddressCount(byte[] payload) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(payload);
        in.setRecursionLimit(Protobuf.MAX_DEPTH);
        int count = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == ADDRESSES_TAG && ++count > MAX_ADDRESSES) {
                throw new MalformedRecordException("peer record with more than " + MAX_ADDRESSES + " addresses");
            }
            if (!in.skipField(tag)) {
                return; // a stray end of a group, which the parser reports
            }
        }
    }

    /** Whether this record replaces {@code known}, a record of the same peer. */
    public boolean isNewerThan(PeerRecord known) {
        return Long.compareUnsigned(sequence, known.sequence) > 0;
    }

    @Override
    public String toString() {
        return "PeerRecord of " + peer + ", sequence " + Long.toUnsignedString(sequence) + ", addresses " + addresses;
    }
}
