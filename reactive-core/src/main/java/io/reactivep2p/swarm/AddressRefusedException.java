package io.reactivep2p.swarm;

import io.reactivep2p.connection.Libp2pException;
import io.reactivep2p.multiformats.Multiaddr;

/** An address was not even tried; see {@link #reason()}. Stackless. */
public final class AddressRefusedException extends Libp2pException {

    private static final long serialVersionUID = 1L;

    private final transient Multiaddr address;
    private final Reason reason;

    AddressRefusedException(Multiaddr address, Reason reason, String message) {
        super(message, null, true);
        this.address = address;
        this.reason = reason;
    }

    public Multiaddr address() {
        return address;
    }

    public Reason reason() {
        return reason;
    }

    /** Why an address is not tried. */
    public enum Reason {
        /** No transport of this host dials such an address. */
        NO_TRANSPORT,
        /** It ends in the {@code /p2p/...} of somebody else. */
        OTHER_PEER,
        /** This host itself listens there. */
        OWN_ADDRESS,
        /** An IP that leads nowhere: {@code 0.0.0.0}, {@code ::}, a link-local one without its zone. */
        NOWHERE,
        /** It failed lately. */
        BACKED_OFF,
        /** This network seems to swallow UDP, or IPv6. */
        BLACK_HOLE,
        /** One dial tries no more addresses, and looks up no more names. */
        TOO_MANY
    }
}
