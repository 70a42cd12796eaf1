package io.reactivep2p.pubsub.router;

import io.reactivep2p.pubsub.PayloadCodec;
import io.reactivep2p.pubsub.PubsubMessage;
import io.reactivep2p.pubsub.Validation;
import io.reactivep2p.pubsub.Validator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** Who subscribes to topics here, and who validates them. Only touched in the serial section; as large as the application makes it. */
final class TopicTable {

    private final Map<String, Entry> topics = new LinkedHashMap<>();

    /** A validator with the codec of the handle that it was registered with. */
    record Registered<T>(PayloadCodec<T> codec, Validator<? super T> validator) {

        /** What it cannot decode, it rejects. */
        Callable<Publisher<Validation>> question(Arrival arrival) {
            PubsubMessage<T> message = arrival.as(codec);
            if (message == null) {
                return () -> Mono.just(Validation.REJECT);
            }
            @SuppressWarnings("unchecked") // a message is only read, so a message of T is one of anything above T
            Validator<T> asked = (Validator<T>) validator;
            return () -> asked.validate(message);
        }
    }

    private static final class Entry {

        /** Replaced, not changed, since subscribers may come and go while they are told something. */
        List<TopicSubscriber<?>> subscribers = List.of();

        final List<Registered<?>> validators = new ArrayList<>(1);
        int validating;
    }

    /** Returns whether it is the first of its topic. */
    boolean add(TopicSubscriber<?> subscriber) {
        Entry entry = entry(subscriber.topic);
        List<TopicSubscriber<?>> more = new ArrayList<>(entry.subscribers);
        more.add(subscriber);
        entry.subscribers = List.copyOf(more);
        return more.size() == 1;
    }

    /** Returns whether it was there, and was the last of its topic. */
    boolean remove(TopicSubscriber<?> subscriber) {
        Entry entry = topics.get(subscriber.topic);
        if (entry == null || !entry.subscribers.contains(subscriber)) {
            return false;
        }
        entry.subscribers =
                entry.subscribers.stream().filter(known -> known != subscriber).toList();
        forgetIfEmpty(subscriber.topic, entry);
        return entry.subscribers.isEmpty();
    }

    /** The subscribers as of now. */
    List<TopicSubscriber<?>> subscribers(String topic) {
        Entry entry = topics.get(topic);
        return entry == null ? List.of() : entry.subscribers;
    }

    List<TopicSubscriber<?>> allSubscribers() {
        List<TopicSubscriber<?>> all = new ArrayList<>();
        topics.values().forEach(entry -> all.addAll(entry.subscribers));
        return all;
    }

    void addValidator(String topic, Registered<?> validator) {
        entry(topic).validators.add(validator);
    }

    void removeValidator(String topic, Registered<?> validator) {
        Entry entry = topics.get(topic);
        if (entry != null) {
            entry.validators.removeIf(known -> known == validator);
            forgetIfEmpty(topic, entry);
        }
    }

    /** What the topic's validators are to be asked; {@code null} where there are none. */
    @Nullable
    List<Callable<Publisher<Validation>>> questions(Arrival arrival) {
        Entry entry = topics.get(arrival.message.topic());
        if (entry == null || entry.validators.isEmpty()) {
            return null;
        }
        List<Callable<Publisher<Validation>>> questions = new ArrayList<>(entry.validators.size());
        entry.validators.forEach(validator -> questions.add(validator.question(arrival)));
        return questions;
    }

    /** Takes a place among the topic's messages that are being validated, if there is one. */
    boolean beginValidation(String topic, int max) {
        Entry entry = entry(topic);
        if (entry.validating >= max) {
            return false;
        }
        entry.validating++;
        return true;
    }

    void endValidation(String topic) {
        Entry entry = topics.get(topic);
        if (entry != null) {
            entry.validating--;
            forgetIfEmpty(topic, entry);
        }
    }

    private Entry entry(String topic) {
        return topics.computeIfAbsent(topic, name -> new Entry());
    }

    private void forgetIfEmpty(String topic, Entry entry) {
        if (entry.subscribers.isEmpty() && entry.validators.isEmpty() && entry.validating == 0) {
            topics.remove(topic);
        }
    }
}
