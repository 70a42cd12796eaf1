package io.reactivep2p.pubsub.validation;

import io.reactivep2p.crypto.MalformedKeyException;
import io.reactivep2p.crypto.PublicKey;
import io.reactivep2p.multiformats.Multicodec;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.SignaturePolicy;
import io.reactivep2p.pubsub.wire.MessageBytes;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a message is as the network's policy has it, and its signature its author's. May be used from any thread; takes as long as a
 * signature takes to verify.
 */
public final class SignatureCheck {

    /** What nothing proves need not be well-formed: rust's floodsub sends 20 bytes. A choice of ours. */
    static final int MAX_UNSIGNED_SEQNO_BYTES = 64;

    private final SignaturePolicy policy;
    private final AuthorKeys authors = new AuthorKeys();

    private SignatureCheck(SignaturePolicy policy) {
        this.policy = policy;
    }

    public static SignatureCheck create(SignaturePolicy policy) {
        return new SignatureCheck(policy);
    }

    /** What is wrong with the message; empty for nothing. */
    public Optional<MessageFault> check(RawMessage message) {
        return Optional.ofNullable(
                switch (policy) {
                    case STRICT_SIGN -> signed(message);
                    case STRICT_NO_SIGN -> unsigned(message);
                    case AUTHORLESS -> authorless(message);
                });
    }

    private @Nullable MessageFault signed(RawMessage message) {
        byte[] signature = message.signature();
        byte[] from = message.from();
        byte[] seqno = message.seqno();
        if (signature == null) {
            return MessageFault.MISSING_SIGNATURE;
        } else if (from == null) {
            return MessageFault.MISSING_AUTHOR;
        } else if (seqno == null) {
            return MessageFault.MISSING_SEQNO;
        } else if (seqno.length != RawMessage.SEQNO_BYTES) {
            return MessageFault.MALFORMED_SEQNO;
        }
        Optional<PeerId> author = message.author();
        if (author.isEmpty()) {
            return MessageFault.MALFORMED_AUTHOR;
        }
        return verify(message, from, author.get(), signature);
    }

    private @Nullable MessageFault verify(RawMessage message, byte[] from, PeerId author, byte[] signature) {
        byte[] sentKey = message.key();
        if (sentKey == null && from[0] != Multicodec.IDENTITY.code()) {
            return MessageFault.MISSING_KEY; // known or not, since all nodes must judge alike
        }
        PublicKey key = authors.find(author);
        if (sentKey != null && (key == null || !Arrays.equals(sentKey, key.encode()))) {
            try {
                key = PublicKey.decode(sentKey);
            } catch (MalformedKeyException e) {
                return MessageFault.MALFORMED_KEY;
            }
            if (!author.matches(key)) {
                return MessageFault.WRONG_KEY;
            }
        }
        if (key == null) {
            return MessageFault.MALFORMED_KEY;
        }
        if (!key.verify(MessageBytes.toSign(message), signature)) {
            return MessageFault.WRONG_SIGNATURE;
        }
        authors.remember(author, key);
        return null;
    }

    private static @Nullable MessageFault unsigned(RawMessage message) {
        byte[] seqno = message.seqno();
        if (message.signature() != null) {
            return MessageFault.UNEXPECTED_SIGNATURE;
        } else if (message.key() != null) {
            return MessageFault.UNEXPECTED_KEY;
        } else if (message.from() != null && message.author().isEmpty()) {
            return MessageFault.MALFORMED_AUTHOR;
        } else if (seqno != null && (seqno.length == 0 || seqno.length > MAX_UNSIGNED_SEQNO_BYTES)) {
            return MessageFault.MALFORMED_SEQNO;
        }
        return null;
    }

    private static @Nullable MessageFault authorless(RawMessage message) {
        if (message.signature() != null) {
            return MessageFault.UNEXPECTED_SIGNATURE;
        } else if (message.key() != null) {
            return MessageFault.UNEXPECTED_KEY;
        } else if (message.from() != null) {
            return MessageFault.UNEXPECTED_AUTHOR;
        } else if (message.seqno() != null) {
            return MessageFault.UNEXPECTED_SEQNO;
        }
        return null;
    }
}
