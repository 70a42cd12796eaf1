package io.reactivep2p.pubsub.router;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.peer.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * A peer as a router sees it.
 *
 * @param id who
 * @param protocol what was agreed on the stream that we opened to it
 * @param outbound whether we dialed the connection
 * @param ip the text of its IP address, IPv6 in full canonical form, or {@code null} where it has none (relays, memory)
 */
public record RemotePeer(
        PeerId id,
        ProtocolId protocol,
        boolean outbound,
        @Nullable String ip) {}
