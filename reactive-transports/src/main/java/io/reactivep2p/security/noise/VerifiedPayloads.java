package io.reactivep2p.security.noise;

import io.reactivep2p.crypto.VerifiedCache;
import io.reactivep2p.security.HandshakeException;
import java.nio.ByteBuffer;

/**
 * Verifies payloads and remembers them, by all their bytes and the static key they vouch for: a peer that keeps its static key (ours, rust,
 * js) comes back with the same. What is spared is a third of a handshake's cost; that the peer holds the static key is for each handshake
 * to prove. Thread-safe.
 */
final class VerifiedPayloads {

    /** Payloads remembered; beyond that the one unused longest is forgotten. */
    static final int MAX_ENTRIES = 512;

    /** Those with Ed25519 keys have 120 bytes, with RSA of 2,048 bits 600; longer ones are verified each time. */
    static final int MAX_BYTES = 1_024;

    private final VerifiedCache<ByteBuffer, NoisePayload> verified = new VerifiedCache<>(MAX_ENTRIES);

    /** @throws HandshakeException if the payload is malformed, or its host key does not vouch for {@code staticKey} */
    NoisePayload open(byte[] payload, byte[] staticKey) {
        if (payload.length > MAX_BYTES) {
            return verify(payload, staticKey);
        }
        // The static key has a fixed length, so no other pair has the same bytes.
        ByteBuffer all = ByteBuffer.allocate(staticKey.length + payload.length)
                .put(staticKey)
                .put(payload)
                .flip();
        NoisePayload known = verified.find(all);
        if (known != null) {
            return known;
        }
        NoisePayload opened = verify(payload, staticKey);
        verified.remember(all, opened);
        return opened;
    }

    private static NoisePayload verify(byte[] bytes, byte[] staticKey) {
        NoisePayload payload = NoisePayload.decode(bytes);
        if (!payload.vouchesFor(staticKey)) {
            throw new HandshakeException("noise: bad signature: the host key of " + payload.peer()
                    + " has not signed the static key of this handshake");
        }
        return payload;
    }

    int size() {
        return verified.size();
    }
}
