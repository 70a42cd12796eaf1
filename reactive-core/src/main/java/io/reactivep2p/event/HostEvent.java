package io.reactivep2p.event;

import io.reactivep2p.connection.Connection;
import io.reactivep2p.connection.ConnectionClosedException;
import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.multiformats.Multiaddr;
import io.reactivep2p.peer.PeerId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What happens to a host and its peers. Immutable facts, told after they happened. */
public sealed interface HostEvent {

    /** The host listens on {@code address}. */
    record ListenerOpened(Multiaddr address) implements HostEvent {}

    /** The host no longer listens on {@code address}. */
    record ListenerClosed(Multiaddr address) implements HostEvent {}

    /** A connection is ready for streams. */
    record ConnectionOpened(Connection connection) implements HostEvent {}

    /** A connection ended, for the reason {@code cause}. */
    record ConnectionClosed(Connection connection, ConnectionClosedException cause) implements HostEvent {}

    /** The first connection to {@code peer} is ready. */
    record PeerConnected(PeerId peer) implements HostEvent {}

    /** The last connection to {@code peer} ended. */
    record PeerDisconnected(PeerId peer) implements HostEvent {}

    /** A connection that a remote peer began came to nothing, for example in its security handshake. */
    record InboundFailed(Multiaddr remoteAddress, Throwable cause) implements HostEvent {}

    /** The protocols that this host serves have changed. */
    record ProtocolsChanged(Set<ProtocolId> protocols) implements HostEvent {}

    /** The addresses that this host announces have changed. */
    record AddressesChanged(List<Multiaddr> addresses) implements HostEvent {}

    /**
     * A peer told about itself, on connecting or later.
     *
     * @param observedAddress where the peer says that it sees us
     * @param pushed whether the peer told unasked, because something changed
     */
    record PeerIdentified(
            PeerId peer,
            Connection connection,
            String protocolVersion,
            String agentVersion,
            Set<ProtocolId> protocols,
            List<Multiaddr> listenAddresses,
            Optional<Multiaddr> observedAddress,
            boolean signed,
            boolean pushed)
            implements HostEvent {}
}
