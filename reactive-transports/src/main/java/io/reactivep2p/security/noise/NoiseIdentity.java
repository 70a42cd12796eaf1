package io.reactivep2p.security.noise;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.peer.PeerId;
import java.util.List;

/**
 * A host key and the static Noise key it vouches for. Made once and used for every handshake: the signature covers nothing else, so it
 * need not be made again.
 */
final class NoiseIdentity {

    private final KeyPair hostKey;
    private final PeerId peer;
    private final DhKeyPair staticKey;
    private final byte[] encodedHostKey;
    private final byte[] signature;

    NoiseIdentity(KeyPair hostKey, DhKeyPair staticKey) {
        this.hostKey = hostKey;
        this.peer = PeerId.of(hostKey.publicKey());
        this.staticKey = staticKey;
        this.encodedHostKey = hostKey.publicKey().encode();
        this.signature = hostKey.sign(NoisePayload.signedBytes(staticKey.publicKey()));
    }

    boolean belongsTo(KeyPair candidate) {
        return hostKey.equals(candidate);
    }

    PeerId peer() {
        return peer;
    }

    DhKeyPair staticKey() {
        return staticKey;
    }

    byte[] payload(List<ProtocolId> muxers) {
        return NoisePayload.encode(encodedHostKey, signature, muxers);
    }
}
