package io.reactivep2p.pubsub.router;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.MessageId;
import io.reactivep2p.pubsub.PublishException;
import io.reactivep2p.pubsub.PubsubOptions;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.Validation;
import io.reactivep2p.pubsub.validation.Judgement;
import io.reactivep2p.pubsub.validation.MessageFault;
import io.reactivep2p.pubsub.validation.SeenCache;
import io.reactivep2p.pubsub.validation.SignatureCheck;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * What a message goes through, in the serial section:
 *
 * <pre>
 *   received --> joined? --> known? --> signature --> seen --> validators --> router, subscribers
 *   published -------------------------------------> seen --> validators --> router, subscribers
 * </pre>
 *
 * <p>A message is seen after its signature was found good, since a forged copy must not shadow the true one.
 */
final class MessagePipeline {

    private static final Logger LOG = LoggerFactory.getLogger(MessagePipeline.class);

    private static final MessageId NO_ID = MessageId.of(new byte[0]);

    private final PubsubOptions options;
    private final SerialSection section;
    private final PeerId self;
    private final byte[] selfBytes;
    private final Router router;
    private final OutputDrain outputs;
    private final SubscriptionTable subscriptions;
    private final TopicTable topics;
    private final Counters counters;
    private final SignatureCheck signatures;
    private final SeenCache seen;
    private final Copies copies = new Copies();

    /** Messages that wait for validators; bounded by {@code limits.validations()}. */
    private final Set<Waiting> waiting = new LinkedHashSet<>();

    private boolean closed;

    /** A message that waits for its validators. */
    private static final class Waiting {

        final Arrival arrival;
        final @Nullable Publication own;
        final Disposable.Swap judgement = Disposables.swap();

        Waiting(Arrival arrival, @Nullable Publication own) {
            this.arrival = arrival;
            this.own = own;
        }
    }

    MessagePipeline(
            PubsubOptions options,
            SerialSection section,
            PeerId self,
            Router router,
            OutputDrain outputs,
            SubscriptionTable subscriptions,
            TopicTable topics,
            SeenCache seen,
            Counters counters) {
        this.options = options;
        this.section = section;
        this.self = self;
        this.selfBytes = self.toBytes();
        this.router = router;
        this.outputs = outputs;
        this.subscriptions = subscriptions;
        this.topics = topics;
        this.counters = counters;
        this.signatures = SignatureCheck.create(options.signaturePolicy());
        this.seen = seen;
    }

    // ---- a peer's message ----

    void received(PeerId from, RawMessage message, VerificationLane lane) {
        counters.received.increment();
        if (!subscriptions.isJoined(message.topic())) {
            counters.ignored.increment();
            return;
        }
        MessageId id;
        try {
            id = options.messageId().idOf(message);
        } catch (RuntimeException noId) {
            rejected(from, NO_ID, message.topic(), Rejection.MALFORMED);
            return;
        }
        if (seen.contains(id, now())) {
            duplicate(from, id, message.topic());
            return;
        }
        if (Arrays.equals(selfBytes, message.from())) {
            rejected(from, id, message.topic(), Rejection.OWN_ORIGIN);
            return;
        }
        verify(new Arrival(from, id, message), lane);
    }

    private void verify(Arrival arrival, VerificationLane lane) {
        if (!copies.begin(arrival, lane)) {
            return;
        }
        lane.verify(arrival.message, fault -> {
            List<Copies.Copy> meanwhile = copies.end(arrival.id);
            verified(arrival, fault);
            for (Copies.Copy copy : meanwhile) {
                if (closed) {
                    return;
                } else if (fault.isPresent()) {
                    verify(copy.arrival(), copy.lane()); // the forged one says nothing of it
                } else {
                    duplicate(
                            copy.arrival().from,
                            arrival.id,
                            copy.arrival().message.topic());
                }
            }
            outputs.drain();
        });
    }

    /** A new one for a stream. */
    VerificationLane lane() {
        return new VerificationLane(section, options.verification(), signatures::check);
    }

    private void verified(Arrival arrival, Optional<MessageFault> fault) {
        RawMessage message = arrival.message;
        if (closed) {
            return;
        }
        if (fault.isPresent()) {
            LOG.debug("message of {} from {} rejected: {}", message.topic(), arrival.from, fault.get());
            rejected(
                    arrival.from,
                    arrival.id,
                    message.topic(),
                    fault.get().malformed() ? Rejection.MALFORMED : Rejection.SIGNATURE);
            return;
        }
        long now = now();
        if (!seen.add(arrival.id, now)) {
            // We published the same content meanwhile, where ids are of the content.
            duplicate(arrival.from, arrival.id, message.topic());
            return;
        }
        router.onArrival(arrival.from, arrival.id, message, now);
        validate(arrival, null);
    }

    private void rejected(PeerId from, MessageId id, String topic, Rejection why) {
        counters.rejected.increment();
        router.onRejected(from, id, topic, why, now());
        outputs.drain();
    }

    private void duplicate(PeerId from, MessageId id, String topic) {
        counters.duplicates.increment();
        router.onDuplicate(from, id, topic, now());
        outputs.drain();
    }

    // ---- our own ----

    void publish(Publication publication) {
        RawMessage message = publication.message();
        if (closed) {
            publication.outcome().failed(Publishing.closedException());
            return;
        }
        MessageId id;
        try {
            id = options.messageId().idOf(message);
        } catch (RuntimeException noId) {
            publication.outcome().failed(noId);
            return;
        }
        if (!seen.add(id, now())) {
            // Ids are of the content here, and this content is known already.
            counters.duplicates.increment();
            publication.outcome().published(List.of());
            return;
        }
        validate(new Arrival(self, id, message), publication);
    }

    // ---- validators ----

    private void validate(Arrival arrival, @Nullable Publication own) {
        List<Callable<Publisher<Validation>>> questions = topics.questions(arrival);
        if (questions == null) {
            judged(arrival, own, Validation.ACCEPT);
            return;
        }
        String topic = arrival.message.topic();
        if (waiting.size() >= options.limits().validations()
                || !topics.beginValidation(topic, options.limits().validationsPerTopic())) {
            judged(arrival, own, Validation.IGNORE);
            return;
        }
        Waiting entry = new Waiting(arrival, own);
        waiting.add(entry);
        entry.judgement.update(Judgement.ask(
                questions,
                options.limits().validatorTimeout(),
                options.timer(),
                verdict -> section.execute(() -> {
                    if (waiting.remove(entry)) {
                        topics.endValidation(topic);
                        judged(arrival, own, verdict);
                    }
                })));
    }

    private void judged(Arrival arrival, @Nullable Publication own, Validation verdict) {
        if (own != null) {
            judgedOwn(arrival, own, verdict);
            return;
        }
        long now = now();
        RawMessage message = arrival.message;
        if (verdict == Validation.REJECT) {
            rejected(arrival.from, arrival.id, message.topic(), Rejection.VALIDATOR);
        } else if (verdict == Validation.IGNORE || !subscriptions.isJoined(message.topic())) {
            counters.ignored.increment();
            router.onIgnored(arrival.from, arrival.id, message.topic(), now);
            outputs.drain();
        } else {
            router.onDelivered(arrival.from, arrival.id, message, now);
            outputs.drain();
            deliver(arrival);
        }
    }

    private void judgedOwn(Arrival arrival, Publication own, Validation verdict) {
        RawMessage message = arrival.message;
        if (verdict != Validation.ACCEPT) {
            own.outcome().failed(new PublishException(message.topic(), verdict));
            return;
        }
        counters.published.increment();
        router.onPublished(arrival.id, message, now());
        List<PeerLink> to = outputs.drain(message, own.encoded());
        deliver(arrival);
        own.outcome().published(to);
    }

    private void deliver(Arrival arrival) {
        for (TopicSubscriber<?> subscriber : topics.subscribers(arrival.message.topic())) {
            subscriber.offer(arrival, counters);
        }
    }

    private long now() {
        return options.nanoClock().getAsLong();
    }

    void close() {
        closed = true;
        for (Waiting entry : waiting) {
            entry.judgement.dispose();
            if (entry.own != null) {
                entry.own.outcome().failed(Publishing.closedException());
            }
        }
        waiting.clear();
    }
}
