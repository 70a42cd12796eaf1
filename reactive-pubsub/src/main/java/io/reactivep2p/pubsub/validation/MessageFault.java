package io.reactivep2p.pubsub.validation;

/** What is wrong with a message, by the network's {@link io.reactivep2p.pubsub.SignaturePolicy}. */
public enum MessageFault {
    /** Messages are signed, and this one is not. */
    MISSING_SIGNATURE,
    /** Messages are signed, and this one names no author. */
    MISSING_AUTHOR,
    /** Messages are signed, and this one has no sequence number. */
    MISSING_SEQNO,
    /** The author is no peer id. */
    MALFORMED_AUTHOR,
    /** The sequence number is not of 8 bytes. */
    MALFORMED_SEQNO,
    /** The key is none, be it in the message or in the author's id. */
    MALFORMED_KEY,
    /** Messages are not signed, and this one is. */
    UNEXPECTED_SIGNATURE,
    /** Messages are not signed, and this one has a key. */
    UNEXPECTED_KEY,
    /** Messages have no authors, and this one has. */
    UNEXPECTED_AUTHOR,
    /** Messages have no sequence numbers, and this one has. */
    UNEXPECTED_SEQNO,
    /** The author's id does not contain its key, and neither does the message. */
    MISSING_KEY,
    /** The key is not the author's. */
    WRONG_KEY,
    /** The signature is not the author's over this message. */
    WRONG_SIGNATURE;

    /** Whether the fields themselves show it, and no key had to be asked. */
    public boolean malformed() {
        return this != WRONG_KEY && this != WRONG_SIGNATURE;
    }
}
