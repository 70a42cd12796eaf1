package io.reactivep2p.security;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.transport.RawConnection;
import org.jspecify.annotations.Nullable;

/**
 * An encrypted byte connection to a peer that has proved who it is.
 *
 * @param raw the channel, whose last handler now encrypts and decrypts
 * @param muxer the muxer that the handshake agreed on, {@code null} where it is still to be negotiated
 */
public record SecuredConnection(
        RawConnection raw,
        PeerId localPeer,
        PeerId remotePeer,
        PublicKey remoteKey,
        ProtocolId security,
        @Nullable ProtocolId muxer) {}
