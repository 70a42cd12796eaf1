package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.peer.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * A message as far as this node has it, in parts. Asked in the node's serial section, must be quick, not block, and not throw: for each peer
 * when it is published, when a peer told its metadata, and when a peer entered the mesh or is drawn for gossip, until the group is
 * forgotten. It may change meanwhile, safely for other threads; peers hear of that at the next of these occasions.
 */
public interface PartialSource {

    /** Which message it is: at most {@link PartialMessages#MAX_GROUP_BYTES}, always the same, not written to. */
    byte[] group();

    /**
     * What a peer is sent.
     *
     * @param metadata the peer's metadata, as {@link PartialMessages#onPartial} or an earlier answer has it; {@code null} where nothing is
     *     known, so that parts would be sent on the off chance
     * @param wantsParts whether the peer requests parts; where it does not, only metadata are sent
     */
    PartialAnswer answerTo(PeerId peer, byte @Nullable [] metadata, boolean wantsParts);
}
