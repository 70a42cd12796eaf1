package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.wire.PartialMessage;
import java.util.List;

/**
 * The application's side of partial messages (gossipsub 1.3): what the parts are, which are missing and whom they come from is its affair.
 * Called in the node's serial section, for topics joined here and peers that support the extension: must be quick, and not throw.
 */
@FunctionalInterface
public interface PartialMessages {

    /** The most parts of a peer that are passed on between two heartbeats; more are dropped. A choice of ours. */
    int MAX_PARTS_PER_HEARTBEAT = 1_024;

    /** The most bytes of a peer that are passed on between two heartbeats; more are dropped. A choice of ours: 4 MiB. */
    int MAX_BYTES_PER_HEARTBEAT = 4 * 1024 * 1024;

    /** The most answers to one part; more are dropped. A choice of ours. */
    int MAX_ANSWERS = 16;

    /** No parts are wanted: the extension is off. */
    PartialMessages NONE = (from, partial) -> List.of();

    /**
     * Parts, or word of which parts the peer has and wants.
     *
     * @return what the peer is sent in answer
     */
    List<PartialMessage> onPartial(PeerId from, PartialMessage partial);
}
