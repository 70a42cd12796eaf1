package io.reactivep2p.pubsub.router;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.Overflow;
import io.reactivep2p.pubsub.PayloadCodec;
import io.reactivep2p.pubsub.PubsubEvent;
import io.reactivep2p.pubsub.PubsubMessage;
import io.reactivep2p.pubsub.Topic;
import io.reactivep2p.pubsub.Validator;
import java.util.Objects;
import java.util.Set;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A topic as its user holds it: a name and a codec. */
final class TopicHandle<T> implements Topic<T> {

    private final PubsubNode node;
    private final String name;
    private final PayloadCodec<T> codec;

    TopicHandle(PubsubNode node, String name, PayloadCodec<T> codec) {
        this.node = node;
        this.name = name;
        this.codec = codec;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Flux<PubsubMessage<T>> messages(Overflow overflow) {
        Objects.requireNonNull(overflow, "overflow");
        return new TopicFlux<>(node, name, codec, overflow).assembled();
    }

    @Override
    public Mono<Void> publish(T payload) {
        Objects.requireNonNull(payload, "payload");
        return Mono.create(sink -> {
            Publication publication;
            try {
                publication = node.publishing().prepare(name, codec.encode(payload), Publication.Outcome.of(sink));
            } catch (RuntimeException refused) {
                sink.error(refused);
                return;
            }
            node.publishing().publishCounted(publication);
        });
    }

    @Override
    public Mono<Void> publishAll(Publisher<? extends T> payloads) {
        Objects.requireNonNull(payloads, "payloads");
        return Mono.create(sink -> {
            PublishAll<T> all = new PublishAll<>(node.publishing(), name, codec, sink);
            sink.onCancel(all);
            payloads.subscribe(all);
        });
    }

    @Override
    public Disposable validateWith(Validator<? super T> validator) {
        Objects.requireNonNull(validator, "validator");
        TopicTable.Registered<T> registered = new TopicTable.Registered<>(codec, validator);
        node.section().execute(() -> node.topicTable().addValidator(name, registered));
        return () -> node.section().execute(() -> node.topicTable().removeValidator(name, registered));
    }

    @Override
    public Set<PeerId> peers() {
        return node.subscriptions().subscribersNow(name);
    }

    @Override
    public Flux<PubsubEvent> events() {
        return node.hub()
                .events(event -> event.aboutTopic().filter(name::equals).isPresent());
    }

    @Override
    public String toString() {
        return "topic " + name;
    }
}
