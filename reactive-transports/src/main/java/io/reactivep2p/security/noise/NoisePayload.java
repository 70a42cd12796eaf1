package io.reactivep2p.security.noise;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.MalformedKeyException;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.HandshakeException;
import io.reactivep2p.security.noise.pb.NoiseProto.NoiseExtensions;
import io.reactivep2p.security.noise.pb.NoiseProto.NoiseHandshakePayload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What messages 2 and 3 carry: the sender's host key, its signature of the sender's static Noise key, and what it offers.
 *
 * @param muxers names as they came, not yet known to be protocol ids; empty if there are none, or too many
 */
record NoisePayload(PublicKey identityKey, byte[] signature, List<String> muxers) {

    /** Longer lists are ignored, as by go: nobody speaks that many muxers. */
    static final int MAX_MUXERS = 100;

    private static final byte[] SIGNATURE_PREFIX = "noise-libp2p-static-key:".getBytes(StandardCharsets.US_ASCII);

    /** What the host key signs to vouch for a static key. */
    static byte[] signedBytes(byte[] staticKey) {
        return ByteBuffer.allocate(SIGNATURE_PREFIX.length + staticKey.length)
                .put(SIGNATURE_PREFIX)
                .put(staticKey)
                .array();
    }

    static byte[] encode(byte[] identityKey, byte[] signature, List<ProtocolId> muxers) {
        NoiseHandshakePayload.Builder payload = NoiseHandshakePayload.newBuilder()
                .setIdentityKey(UnsafeByteOperations.unsafeWrap(identityKey))
                .setIdentitySig(UnsafeByteOperations.unsafeWrap(signature));
        if (!muxers.isEmpty()) {
            NoiseExtensions.Builder extensions = NoiseExtensions.newBuilder();
            muxers.forEach(muxer -> extensions.addStreamMuxers(muxer.value()));
            payload.setExtensions(extensions);
        }
        return payload.build().toByteArray();
    }

    /** @throws HandshakeException naming the field that is missing or malformed */
    static NoisePayload decode(byte[] bytes) {
        NoiseHandshakePayload payload;
        try {
            payload = NoiseHandshakePayload.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new HandshakeException("noise: the payload is no protobuf: " + e.getMessage(), e);
        }
        // Zero-length means absent: no key and no signature is empty.
        if (payload.getIdentityKey().isEmpty()) {
            throw new HandshakeException("noise: the payload has no identity key");
        }
        if (payload.getIdentitySig().isEmpty()) {
            throw new HandshakeException("noise: the payload has no signature");
        }
        return new NoisePayload(
                identityKey(payload.getIdentityKey()),
                payload.getIdentitySig().toByteArray(),
                muxers(payload.getExtensions().getStreamMuxersList()));
    }

    private static PublicKey identityKey(ByteString encoded) {
        try {
            return PublicKey.decode(encoded.toByteArray());
        } catch (MalformedKeyException e) {
            throw new HandshakeException("noise: the identity key is malformed: " + e.getMessage(), e);
        }
    }

    private static List<String> muxers(List<String> muxers) {
        return muxers.size() > MAX_MUXERS ? List.of() : List.copyOf(muxers);
    }

    /** Whose payload it is. */
    PeerId peer() {
        return PeerId.of(identityKey);
    }

    /** Whether the host key vouches for {@code staticKey}. */
    boolean vouchesFor(byte[] staticKey) {
        return identityKey.verify(signedBytes(staticKey), signature);
    }

    /**
     * The muxer of both sides: the first of the initiator's list that the responder has.
     *
     * @return null if there is none; it is negotiated inside the channel then
     */
    static @Nullable ProtocolId agree(boolean initiator, List<ProtocolId> ours, List<String> theirs) {
        if (initiator) {
            return ours.stream()
                    .filter(muxer -> theirs.contains(muxer.value()))
                    .findFirst()
                    .orElse(null);
        }
        for (String name : theirs) {
            for (ProtocolId muxer : ours) {
                if (muxer.value().equals(name)) {
                    return muxer;
                }
            }
        }
        return null;
    }
}
