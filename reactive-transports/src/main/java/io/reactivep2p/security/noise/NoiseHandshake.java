package io.reactivep2p.security.noise;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.connection.SansIo;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.security.HandshakeException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One side of the libp2p handshake: a Noise XX handshake and what its payloads prove. Any error ends it. */
@SansIo
final class NoiseHandshake {

    /**
     * The most we read of messages 2 and 3 (libp2p sets no limit below Noise's 65,535). The largest honest ones, with an 8,192-bit RSA
     * key and a hundred muxers, stay under 6 KiB.
     */
    static final int MAX_MESSAGE_LENGTH = 16_384;

    private final boolean initiator;
    private final HandshakeState state;
    private final NoiseIdentity identity;
    private final VerifiedPayloads payloads;
    private final @Nullable PeerId expectedPeer;
    private final List<ProtocolId> muxers;
    private @Nullable Result result;

    /** @param muxers to offer; empty to leave the muxer to a later negotiation */
    NoiseHandshake(
            boolean initiator,
            HandshakeState state,
            NoiseIdentity identity,
            VerifiedPayloads payloads,
            @Nullable PeerId expectedPeer,
            List<ProtocolId> muxers) {
        this.initiator = initiator;
        this.state = state;
        this.identity = identity;
        this.payloads = payloads;
        this.expectedPeer = expectedPeer;
        this.muxers = muxers;
    }

    /** The first message, which only the initiator sends; null for the responder, who waits for it. */
    byte @Nullable [] begin() {
        return initiator ? state.writeMessage(AeadCipher.NO_DATA) : null;
    }

    /** The most that the next message from the remote may have; the first one brings a key and no payload. */
    int maxMessageLength() {
        return state.messages() == 0 ? state.nextMessageOverhead() : MAX_MESSAGE_LENGTH;
    }

    /**
     * Reads the remote's next message.
     *
     * @return the answer to send, if one is due
     * @throws HandshakeException naming the check that failed
     */
    byte @Nullable [] onMessage(byte[] in, int length) {
        boolean first = state.messages() == 0;
        byte[] payload = state.readMessage(in, 0, length);
        if (first) {
            return state.writeMessage(identity.payload(muxers));
        }
        NoisePayload proof = payloads.open(payload, state.remoteStaticKey());
        PeerId remotePeer = expected(proof.peer());
        byte[] answer = initiator ? state.writeMessage(identity.payload(muxers)) : null;
        result = new Result(
                remotePeer, proof.identityKey(), NoisePayload.agree(initiator, muxers, proof.muxers()), state.split());
        return answer;
    }

    private PeerId expected(PeerId remotePeer) {
        if (expectedPeer != null && !expectedPeer.equals(remotePeer)) {
            throw new HandshakeException(
                    "noise: the peer id does not match: expected " + expectedPeer + ", but this is " + remotePeer);
        }
        return remotePeer;
    }

    /** For errors: what the handshake waits for. */
    String awaited() {
        return "message " + (state.messages() + 1);
    }

    /** Null until the handshake is complete. */
    @Nullable
    Result result() {
        return result;
    }

    byte[] handshakeHash() {
        return state.handshakeHash();
    }

    /** @param muxer null where nothing was agreed on */
    record Result(
            PeerId remotePeer,
            PublicKey remoteKey,
            @Nullable ProtocolId muxer,
            HandshakeState.TransportKeys keys) {}
}
