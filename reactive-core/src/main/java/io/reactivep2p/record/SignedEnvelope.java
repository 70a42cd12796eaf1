package io.reactivep2p.record;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.crypto.MalformedKeyException;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.multiformats.Varint;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.record.pb.RecordProto;
import io.reactivep2p.wire.MalformedMessageException;
import io.reactivep2p.wire.Protobuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A payload signed by a host key under a domain (RFC 0002). Immutable. An instance that can be had outside this package
 * was verified, or sealed here.
 */
public final class SignedEnvelope {

    /**
     * The longest envelope that is read. The largest that carry sense, peer records of {@link PeerRecord#MAX_ADDRESSES}
     * addresses, stay below; identify messages and rendezvous have lower limits of their own.
     */
    public static final int MAX_BYTES = 64 * 1024;

    private final PublicKey signer;
    private final byte[] payloadType;
    private final byte[] payload;
    private final byte[] signature;
    private final byte[] bytes;

    private SignedEnvelope(PublicKey signer, byte[] payloadType, byte[] payload, byte[] signature, byte[] bytes) {
        this.signer = signer;
        this.payloadType = payloadType;
        this.payload = payload;
        this.signature = signature;
        this.bytes = bytes;
    }

    /** Signs {@code payload}; the domain is part of what is signed, but not of the envelope. */
    public static SignedEnvelope seal(KeyPair signer, String domain, byte[] payloadType, byte[] payload) {
        byte[] signature = signer.sign(signedBytes(domain, payloadType, payload));
        byte[] bytes = RecordProto.Envelope.newBuilder()
                .setPublicKey(ByteString.copyFrom(signer.publicKey().encode()))
                .setPayloadType(ByteString.copyFrom(payloadType))
                .setPayload(ByteString.copyFrom(payload))
                .setSignature(ByteString.copyFrom(signature))
                .build()
                .toByteArray();
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "an envelope of " + bytes.length + " bytes; nobody would read more than " + MAX_BYTES);
        }
        return new SignedEnvelope(signer.publicKey(), payloadType.clone(), payload.clone(), signature, bytes);
    }

    /**
     * Reads and verifies; what the payload type means is the caller's to look at.
     *
     * @throws MalformedRecordException if the bytes are no envelope, its key is no acceptable one, or the signature is
     *     not the key's for this domain; the message names the check that failed
     */
    public static SignedEnvelope open(byte[] bytes, String domain) {
        return read(bytes).verified(domain);
    }

    /** As {@link #open(byte[], String)}, and the payload type must be the given one. */
    public static SignedEnvelope open(byte[] bytes, String domain, byte[] payloadType) {
        SignedEnvelope envelope = read(bytes);
        if (!envelope.hasType(payloadType)) {
            throw new MalformedRecordException("envelope with the payload type " + envelope.typeText() + "; expected "
                    + HexFormat.of().formatHex(payloadType));
        }
        return envelope.verified(domain);
    }

    /** Reads without verifying. */
    static SignedEnvelope read(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new MalformedRecordException(
                    "envelope of " + bytes.length + " bytes; at most " + MAX_BYTES + " bytes are accepted");
        }
        try {
            RecordProto.Envelope envelope = Protobuf.parse(RecordProto.Envelope.parser(), bytes);
            return new SignedEnvelope(
                    PublicKey.decode(envelope.getPublicKey().toByteArray()),
                    envelope.getPayloadType().toByteArray(),
                    envelope.getPayload().toByteArray(),
                    envelope.getSignature().toByteArray(),
                    bytes.clone());
        } catch (MalformedMessageException | MalformedKeyException e) {
            throw new MalformedRecordException("malformed envelope: " + e.getMessage(), e);
        }
    }

    SignedEnvelope verified(String domain) {
        if (!signer.verify(signedBytes(domain, payloadType, payload), signature)) {
            throw new MalformedRecordException("envelope of " + PeerId.of(signer)
                    + " with a signature that is not valid for the domain " + domain + " and the payload type "
                    + typeText());
        }
        return this;
    }

    boolean hasType(byte[] type) {
        return Arrays.equals(payloadType, type);
    }

    /** The payload type for an error message, cut to a bounded length. */
    String typeText() {
        return HexFormat.of().formatHex(payloadType, 0, Math.min(payloadType.length, 32));
    }

    /** RFC 0002: each part behind its length. */
    private static byte[] signedBytes(String domain, byte[] payloadType, byte[] payload) {
        byte[] domainBytes = domain.getBytes(StandardCharsets.UTF_8);
        ByteBuf out = Unpooled.buffer(3 * Varint.MAX_BYTES + domainBytes.length + payloadType.length + payload.length);
        for (byte[] part : new byte[][] {domainBytes, payloadType, payload}) {
            Varint.write(part.length, out);
            out.writeBytes(part);
        }
        return ByteBufUtil.getBytes(out);
    }

    /** Whose word this is. */
    public PublicKey signer() {
        return signer;
    }

    /** A fresh copy of the payload type. */
    public byte[] payloadType() {
        return payloadType.clone();
    }

    /** A fresh copy of the payload. */
    public byte[] payload() {
        return payload.clone();
    }

    /** A fresh copy of the envelope, for an opened one exactly as it was received. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof SignedEnvelope envelope && Arrays.equals(bytes, envelope.bytes));
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "SignedEnvelope of " + PeerId.of(signer) + ", type " + typeText() + ", " + payload.length + " bytes";
    }
}
