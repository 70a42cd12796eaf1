package io.reactivep2p.pubsub;

import io.reactivep2p.peer.PeerId;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A message of a topic.
 *
 * @param id what tells it from others
 * @param topic the topic's name
 * @param author who published it; empty where the network's messages have no authors
 * @param sequence the author's count of messages, unsigned; empty where messages have none
 * @param receivedFrom the peer it came from first; ourselves for what was published here
 * @param payload what it says
 */
public record PubsubMessage<T>(
        MessageId id, String topic, Optional<PeerId> author, OptionalLong sequence, PeerId receivedFrom, T payload) {}
