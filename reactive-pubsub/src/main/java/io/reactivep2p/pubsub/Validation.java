package io.reactivep2p.pubsub;

/** What a validator makes of a message. */
public enum Validation {
    /** Valid: delivered here and forwarded. */
    ACCEPT,
    /** Invalid: dropped, and the peers that sent it are scored down for it. */
    REJECT,
    /** Dropped without blame. */
    IGNORE
}
