package io.reactivep2p.interop.gossip;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.gossipsub.Gossipsub;
import io.reactivep2p.pubsub.gossipsub.PartialAnswer;
import io.reactivep2p.pubsub.gossipsub.PartialMessages;
import io.reactivep2p.pubsub.gossipsub.PartialSource;
import io.reactivep2p.pubsub.wire.PartialMessage;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A node's messages in parts, as the gossipsub suite has them. It tells everybody which parts it has whenever it hears of a message, so that
 * all get what one of them has. Thread-safe.
 */
public final class ScriptedPartials implements PartialMessages {

    private static final int NOTHING = 0;

    private final BiConsumer<String, Long> complete;
    private final Consumer<String> diagnostics;
    private final Map<Key, PartialGroup> groups = new HashMap<>();
    private volatile @Nullable Gossipsub gossipsub;

    private record Key(String topic, long group) {}

    /**
     * @param complete told once, of the topic and the group, when a message has all its parts
     * @param diagnostics told of what comes and is not right
     */
    public ScriptedPartials(BiConsumer<String, Long> complete, Consumer<String> diagnostics) {
        this.complete = complete;
        this.diagnostics = diagnostics;
    }

    /** Comes before anything is published or received. */
    public void publishWith(Gossipsub node) {
        gossipsub = node;
    }

    /** Has those parts from now on, a bit for each. */
    public void add(String topic, long group, int parts) {
        boolean completed;
        synchronized (groups) {
            PartialGroup own = of(new Key(topic, group));
            boolean before = own.isComplete();
            own.fill(parts);
            completed = own.isComplete() && !before;
        }
        if (completed) {
            complete.accept(topic, group);
        }
    }

    /** Tells these peers, or the mesh where there are none, which parts are here. As {@link Gossipsub#publishPartial}. */
    public Mono<Void> publish(String topic, long group, Collection<PeerId> to) {
        return Objects.requireNonNull(gossipsub, "gossipsub")
                .publishPartial(topic, new Source(new Key(topic, group)), to);
    }

    @Override
    public byte @Nullable [] onPartial(PeerId from, PartialMessage partial, byte @Nullable [] known) {
        try {
            long group = PartialGroup.number(partial.group());
            boolean completed = false;
            synchronized (groups) {
                PartialGroup own = of(new Key(partial.topic(), group));
                if (partial.parts() != null && partial.parts().length > 0) {
                    completed = own.extend(partial.parts()) && own.isComplete();
                }
            }
            if (completed) {
                complete.accept(partial.topic(), group);
            }
            publish(partial.topic(), group, List.of())
                    .subscribe(none -> {}, failure -> diagnostics.accept(failure.toString()));
        } catch (IllegalArgumentException malformed) {
            diagnostics.accept(from + " sent " + malformed.getMessage());
            return null;
        }
        return new byte[] {(byte) (first(known) | first(partial.metadata()) | first(partial.parts()))};
    }

    /** Who sends parts has them, and says first which they are. */
    private static int first(byte @Nullable [] bits) {
        return bits == null || bits.length == 0 ? NOTHING : bits[0];
    }

    private PartialGroup of(Key key) {
        return groups.computeIfAbsent(key, fresh -> new PartialGroup(key.group()));
    }

    private final class Source implements PartialSource {

        private final Key key;

        private Source(Key key) {
            this.key = key;
        }

        @Override
        public byte[] group() {
            return PartialGroup.bytes(key.group());
        }

        @Override
        public PartialAnswer answerTo(PeerId peer, byte @Nullable [] metadata, boolean wantsParts) {
            synchronized (groups) {
                PartialGroup own = of(key);
                byte[] here = own.metadata();
                return metadata == null
                        ? PartialAnswer.ofMetadata(here)
                        : new PartialAnswer(own.partsFor(metadata), here, new byte[] {(byte) (here[0] | metadata[0])});
            }
        }
    }
}
