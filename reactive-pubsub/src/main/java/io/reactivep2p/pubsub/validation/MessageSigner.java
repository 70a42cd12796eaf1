package io.reactivep2p.pubsub.validation;

import io.reactivep2p.crypto.KeyPair;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.SignaturePolicy;
import io.reactivep2p.pubsub.wire.MessageBytes;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes payloads into messages of this node's: with author, sequence number and signature, as the policy says. May be called from any
 * thread; sequence numbers ascend in the order of the calls, and receivers may insist that they arrive so.
 */
public final class MessageSigner {

    private final KeyPair keys;
    private final SignaturePolicy policy;
    private final byte[] from;
    private final byte @Nullable [] key;
    private final AtomicLong nextSeqno;

    private MessageSigner(KeyPair keys, SignaturePolicy policy, long firstSeqno) {
        PeerId author = PeerId.of(keys.publicKey());
        this.keys = keys;
        this.policy = policy;
        this.from = author.toBytes();
        this.key = author.publicKey().isPresent() ? null : keys.publicKey().encode();
        this.nextSeqno = new AtomicLong(firstSeqno);
    }

    /**
     * A signer with the node's keys.
     *
     * @param firstSeqno asked once for the first sequence number. It must be above all that were used with these keys before: go-libp2p
     *     takes the Unix time in nanoseconds
     */
    public static MessageSigner create(KeyPair keys, SignaturePolicy policy, LongSupplier firstSeqno) {
        return new MessageSigner(keys, policy, firstSeqno.getAsLong());
    }

    /** The message that says {@code data}, which is shared and must not be written to any more. */
    public RawMessage sign(String topic, byte[] data) {
        if (policy == SignaturePolicy.AUTHORLESS) {
            return new RawMessage(null, data, null, topic, null, null);
        }
        RawMessage unsigned = new RawMessage(from, data, bytes(nextSeqno.getAndIncrement()), topic, null, null);
        if (policy == SignaturePolicy.STRICT_NO_SIGN) {
            return unsigned;
        }
        byte[] signature = keys.sign(MessageBytes.toSign(unsigned));
        return new RawMessage(from, data, unsigned.seqno(), topic, signature, key);
    }

    private static byte[] bytes(long seqno) {
        byte[] bytes = new byte[RawMessage.SEQNO_BYTES];
        long rest = seqno;
        for (int i = bytes.length - 1; i >= 0; i--) {
            bytes[i] = (byte) rest;
            rest >>>= Byte.SIZE;
        }
        return bytes;
    }
}
