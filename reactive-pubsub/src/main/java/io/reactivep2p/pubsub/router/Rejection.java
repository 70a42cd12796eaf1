package io.reactivep2p.pubsub.router;

/** Why a message was found invalid. */
public enum Rejection {
    /** The policy demands a field that is missing, or forbids one that is there. */
    MALFORMED,
    /** The signature is not the author's. */
    SIGNATURE,
    /** It says that we are its author, and we are not the sender. */
    OWN_ORIGIN,
    /** The payload cannot be decoded. */
    PAYLOAD,
    /** A validator said so. */
    VALIDATOR
}
