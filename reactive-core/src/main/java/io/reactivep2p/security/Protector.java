package io.reactivep2p.security;

import io.reactivep2p.transport.RawConnection;

/**
 * Keeps strangers out of a private network. It stands below everything else on a raw connection, so that who is not a member cannot
 * make sense of one byte of it. It replaces no {@link SecureChannel}: it says that the peer is a member, not which one.
 */
public interface Protector {

    /**
     * Adds a handler to the end of the channel's pipeline, which from then on encrypts and decrypts for the handlers added behind it.
     * Called on the channel's event loop, before anything is read. What it has to say itself it sends at once, without waiting for the
     * remote peer, since that one may be waiting for it.
     *
     * <p>There is nothing to complete: a remote peer that is no member shows when the negotiation that follows cannot make sense of
     * what arrives.
     */
    void protect(RawConnection raw);
}
