package io.reactivep2p.pubsub;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * How messages are told apart. All nodes of a network must agree, since ids are what gossip is about; the implementations' own defaults
 * differ from each other. A pure function, called on any thread; what it throws makes the message invalid.
 */
@FunctionalInterface
public interface MessageIdFunction {

    /** The author's bytes followed by the sequence number's, as in go-libp2p and the specification. */
    MessageIdFunction AUTHOR_AND_SEQNO = message -> {
        byte[] from = message.from() == null ? new byte[0] : message.from();
        byte[] seqno = message.seqno() == null ? new byte[0] : message.seqno();
        byte[] id = new byte[from.length + seqno.length];
        System.arraycopy(from, 0, id, 0, from.length);
        System.arraycopy(seqno, 0, id, from.length, seqno.length);
        return MessageId.of(id);
    };

    /** The SHA-256 digest of the payload: what networks without authors use. */
    MessageIdFunction SHA_256_OF_DATA = message -> {
        try {
            return MessageId.of(MessageDigest.getInstance("SHA-256").digest(message.data()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    };

    MessageId idOf(RawMessage message);
}
