package io.reactivep2p.protocol.identify;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.record.PeerRecord;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one peer said of itself, checked. In a push, what is {@code null} or empty has not changed.
 *
 * @param addresses those to believe: the signed ones where there are any
 * @param record the signed record, verified
 */
record PeerDescription(
        @Nullable PublicKey key,
        @Nullable String protocolVersion,
        @Nullable String agentVersion,
        Set<ProtocolId> protocols,
        List<Multiaddr> addresses,
        @Nullable Multiaddr observedAddress,
        @Nullable PeerRecord record) {}
