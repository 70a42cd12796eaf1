package io.reactivep2p.pubsub;

/** What messages say of their authors; the same in the whole network. */
public enum SignaturePolicy {
    /** Every message has an author, a sequence number and the author's signature; others are rejected. The default everywhere. */
    STRICT_SIGN,
    /** Messages name an author and a sequence number that nothing proves; those with a signature or key are rejected. As in go. */
    STRICT_NO_SIGN,
    /** Messages have neither author nor sequence number, signature or key; others are rejected. The specification's StrictNoSign. */
    AUTHORLESS
}
