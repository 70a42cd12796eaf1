package io.reactivep2p.pubsub.router;

import io.reactivep2p.pubsub.PubsubOptions;
import io.reactivep2p.pubsub.RawMessage;
import io.reactivep2p.pubsub.validation.MessageSigner;
import io.reactivep2p.pubsub.wire.EncodedMessage;
import java.util.ArrayList;
import java.util.List;

/** How messages of our own get to the {@link MessagePipeline}: one by one, counted while they wait; or as a stream that is held up. */
final class Publishing {

    private final PubsubOptions options;
    private final SerialSection section;
    private final MessageSigner signer;
    private final MessagePipeline messages;
    private final TopicDiscovery discovery;
    private final WaitingBytes waiting;

    /** Streams that wait for room in the queues, each for its last message. */
    private final List<PublishAll<?>> waitingForRoom = new ArrayList<>();

    private volatile boolean closed;

    Publishing(
            PubsubOptions options,
            SerialSection section,
            MessageSigner signer,
            MessagePipeline messages,
            TopicDiscovery discovery,
            WaitingBytes waiting) {
        this.options = options;
        this.section = section;
        this.signer = signer;
        this.messages = messages;
        this.discovery = discovery;
        this.waiting = waiting;
    }

    SerialSection section() {
        return section;
    }

    /** Signs and encodes, on whichever thread. */
    Publication prepare(String topic, byte[] data, Publication.Outcome outcome) {
        if (closed) {
            throw closedException();
        }
        int max = options.limits().maxRpcBytes();
        RawMessage message = signer.sign(topic, data);
        EncodedMessage encoded = EncodedMessage.of(message);
        if (encoded.rpcBytes() > max) {
            throw new IllegalArgumentException("a message of " + encoded.rpcBytes() + " bytes for the topic " + topic
                    + "; at most " + max + " may be sent");
        }
        return new Publication(message, encoded, outcome);
    }

    /** As {@link #publish}, from any thread, as long as not too many wait. */
    void publishCounted(Publication publication) {
        int bytes = publication.encoded().frameBytes() + WaitingBytes.OVERHEAD;
        if (!waiting.take(bytes)) {
            publication.outcome().failed(WaitingBytes.exhausted());
            return;
        }
        section.execute(() -> {
            waiting.giveBack(bytes);
            publish(publication);
        });
    }

    /** In the serial section. */
    void publish(Publication publication) {
        messages.publish(publication);
        discovery.published(publication.message().topic());
    }

    /** Has it go on when there is room. */
    void awaitRoom(PublishAll<?> stream) {
        waitingForRoom.add(stream);
    }

    /** There may be room. What goes on may bring more to publish, which comes as a task. */
    void goOn() {
        waitingForRoom.removeIf(PublishAll::proceed);
    }

    /** In the serial section. What is under way is the pipeline's. */
    void close() {
        closed = true;
        IllegalStateException cause = closedException();
        waitingForRoom.forEach(stream -> stream.failed(cause));
        waitingForRoom.clear();
    }

    static IllegalStateException closedException() {
        return new IllegalStateException("pubsub has closed");
    }
}
