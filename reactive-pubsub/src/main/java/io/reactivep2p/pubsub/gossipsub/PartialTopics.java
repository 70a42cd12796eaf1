package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.connection.SansIo;
import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.wire.PartialSupport;
import java.util.HashMap;
import java.util.Map;

/** In which topics messages travel in parts, and between whom. As many topics as the application names. */
@SansIo
final class PartialTopics {

    private final GossipsubState state;
    private final ExtensionState extensions;
    private final Map<String, PartialSupport> ours = new HashMap<>();

    PartialTopics(GossipsubState state, ExtensionState extensions) {
        this.state = state;
        this.extensions = extensions;
    }

    /** Returns whether that is something else than before. */
    boolean set(String topic, PartialSupport support) {
        PartialSupport before = support == PartialSupport.NONE ? ours.remove(topic) : ours.put(topic, support);
        return support != (before == null ? PartialSupport.NONE : before);
    }

    /** What this node does with parts in the topic. */
    PartialSupport ours(String topic) {
        return ours.getOrDefault(topic, PartialSupport.NONE);
    }

    /** Whether the peer asked for parts of the topic's messages. */
    boolean requests(PeerId peer, String topic) {
        return theirs(peer, topic) == PartialSupport.REQUESTS;
    }

    /** Whether the peer is sent parts in place of messages, and is gossiped to in metadata. */
    boolean takesParts(PeerId peer, String topic) {
        return ours(topic) != PartialSupport.NONE && requests(peer, topic) && extensions.agreesOnPartialMessages(peer);
    }

    /** Whether the peer sends us parts in place of messages. */
    boolean sendsParts(PeerId peer, String topic) {
        return ours(topic) == PartialSupport.REQUESTS
                && theirs(peer, topic) != PartialSupport.NONE
                && extensions.agreesOnPartialMessages(peer);
    }

    /** Whether parts go one way or the other, so that it is of use to tell the peer which there are. */
    boolean isPartner(PeerId peer, String topic) {
        return takesParts(peer, topic) || sendsParts(peer, topic);
    }

    private PartialSupport theirs(PeerId peer, String topic) {
        return state.neighbours().partialSupport(peer, topic);
    }
}
