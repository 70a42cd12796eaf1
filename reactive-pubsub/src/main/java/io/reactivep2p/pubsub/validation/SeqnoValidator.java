package io.reactivep2p.pubsub.validation;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.PubsubMessage;
import io.reactivep2p.pubsub.Validation;
import io.reactivep2p.pubsub.Validator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * Ignores messages that are not newer than what is known of their author, so that old ones cannot be played again once they are no longer
 * remembered. For networks whose messages of one author may be lost when they overtake each other.
 *
 * @param <T> the topic's payload
 */
public final class SeqnoValidator<T> implements Validator<T> {

    private final int maxAuthors;

    /** The author unheard of for longest comes first. */
    private final Map<PeerId, Long> newest = new LinkedHashMap<>(16, 0.75f, true);

    private SeqnoValidator(int maxAuthors) {
        if (maxAuthors < 1) {
            throw new IllegalArgumentException("a memory of " + maxAuthors + " authors; expected 1 or more");
        }
        this.maxAuthors = maxAuthors;
    }

    /**
     * A validator for one topic or several. It must be asked after any that could still not accept a message.
     *
     * @param maxAuthors authors that are remembered; beyond that the one unheard of for longest is forgotten, and its messages could be
     *     played again
     */
    public static <T> SeqnoValidator<T> create(int maxAuthors) {
        return new SeqnoValidator<>(maxAuthors);
    }

    /** Accepts a message with a higher sequence number than those of its author before. Without author or number: ignores. */
    @Override
    public Publisher<Validation> validate(PubsubMessage<T> message) {
        return Mono.fromSupplier(() -> judge(message));
    }

    private Validation judge(PubsubMessage<T> message) {
        if (message.author().isEmpty() || message.sequence().isEmpty()) {
            return Validation.IGNORE;
        }
        return isNewest(message.author().get(), message.sequence().getAsLong()) ? Validation.ACCEPT : Validation.IGNORE;
    }

    private synchronized boolean isNewest(PeerId author, long seqno) {
        Long known = newest.get(author);
        if (known != null && Long.compareUnsigned(seqno, known) <= 0) {
            return false;
        }
        newest.put(author, seqno);
        if (newest.size() > maxAuthors) {
            newest.remove(newest.keySet().iterator().next());
        }
        return true;
    }
}
