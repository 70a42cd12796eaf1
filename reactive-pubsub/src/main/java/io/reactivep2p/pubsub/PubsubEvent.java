package io.reactivep2p.pubsub;

import io.reactivep2p.connection.ProtocolId;
import io.reactivep2p.peer.PeerId;
import java.util.Optional;

/** What happens to a {@link Pubsub}. Immutable facts, told after they happened. */
public sealed interface PubsubEvent {

    /** The topic it is about; empty where it is about none. */
    default Optional<String> aboutTopic() {
        return Optional.empty();
    }

    /** A peer speaks with us, in {@code protocol}. */
    record PeerJoined(PeerId peer, ProtocolId protocol) implements PubsubEvent {}

    /** A peer no longer does. */
    record PeerLeft(PeerId peer) implements PubsubEvent {}

    /** A peer subscribes to a topic. */
    record PeerSubscribed(PeerId peer, String topic) implements PubsubEvent {
        @Override
        public Optional<String> aboutTopic() {
            return Optional.of(topic);
        }
    }

    /** A peer no longer subscribes to a topic. */
    record PeerUnsubscribed(PeerId peer, String topic) implements PubsubEvent {
        @Override
        public Optional<String> aboutTopic() {
            return Optional.of(topic);
        }
    }

    /** A peer is now in our mesh of a topic. */
    record Grafted(PeerId peer, String topic) implements PubsubEvent {
        @Override
        public Optional<String> aboutTopic() {
            return Optional.of(topic);
        }
    }

    /** A peer is no longer in our mesh of a topic. */
    record Pruned(PeerId peer, String topic) implements PubsubEvent {
        @Override
        public Optional<String> aboutTopic() {
            return Optional.of(topic);
        }
    }
}
