package io.reactivep2p.security;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.peer.PeerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a handshake is to prove and may agree on.
 *
 * @param identity our host key
 * @param expectedPeer whom we mean to talk to; {@code null} takes anyone
 * @param muxers the muxers we speak, in order of preference, for early muxer negotiation
 */
public record SecurityParameters(KeyPair identity, @Nullable PeerId expectedPeer, List<ProtocolId> muxers) {

    public SecurityParameters {
        muxers = List.copyOf(muxers);
    }
}
