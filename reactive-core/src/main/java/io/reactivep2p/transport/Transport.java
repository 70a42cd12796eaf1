package io.reactivep2p.transport;

import io.reactivep2p.multiformats.Multiaddr;

/**
 * A way to reach peers by address. It is either a {@link RawTransport}, which makes byte connections for the upgrader to secure and
 * multiplex, or a {@code MuxedTransport}, which comes with both.
 */
public interface Transport {

    /** Whether {@link #canListen addresses} of this shape can be dialed. */
    boolean canDial(Multiaddr address);

    /** Whether this transport can listen on such an address. */
    boolean canListen(Multiaddr address);
}
