package io.reactivep2p.pubsub.router;

import io.reactivep2p.pubsub.Overflow;
import io.reactivep2p.pubsub.PayloadCodec;
import io.reactivep2p.pubsub.PubsubMessage;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/** The messages of a topic: being subscribed to is what joins it. */
final class TopicFlux<T> extends Flux<PubsubMessage<T>> {

    private final PubsubNode node;
    private final String topic;
    private final PayloadCodec<T> codec;
    private final Overflow overflow;

    TopicFlux(PubsubNode node, String topic, PayloadCodec<T> codec, Overflow overflow) {
        this.node = node;
        this.topic = topic;
        this.codec = codec;
        this.overflow = overflow;
    }

    Flux<PubsubMessage<T>> assembled() {
        return onAssembly(this);
    }

    @Override
    public void subscribe(CoreSubscriber<? super PubsubMessage<T>> actual) {
        TopicSubscriber<T> subscriber = new TopicSubscriber<>(node, topic, codec, overflow, actual);
        // First of all, since nothing is signalled before it is registered. Demand that comes here is there already
        // then.
        actual.onSubscribe(subscriber);
        node.section().execute(() -> node.subscribe(subscriber));
    }
}
