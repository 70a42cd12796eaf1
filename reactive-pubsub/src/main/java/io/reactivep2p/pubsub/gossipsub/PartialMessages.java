package io.reactivep2p.pubsub.gossipsub;

import io.reactivep2p.peer.PeerId;
import io.reactivep2p.pubsub.PubsubStatistics;
import io.reactivep2p.pubsub.wire.PartialMessage;
import org.jspecify.annotations.Nullable;

/**
 * What the application makes of the parts of messages that peers send (gossipsub 1.3): what a part is, and what its metadata mean, is its
 * affair. Called in the node's serial section, for topics that {@link Gossipsub#supportPartial} named and peers that support the extension:
 * must be quick, and not block. Where it throws, what it was given counts as dropped ({@link PubsubStatistics#droppedParts()}).
 *
 * <p>Parts that were missing here are a reason to {@link Gossipsub#publishPartial} again, from in here as well; it then has its turn after
 * this. Whoever sent them is answered without that: see {@link PartialSource}.
 */
@FunctionalInterface
public interface PartialMessages {

    /** The most parts of a peer that are passed on between two heartbeats; more are dropped. A choice of ours. */
    int MAX_PARTS_PER_HEARTBEAT = 1_024;

    /** The most bytes of a peer that are passed on between two heartbeats; more are dropped. A choice of ours: 4 MiB. */
    int MAX_BYTES_PER_HEARTBEAT = 4 * 1024 * 1024;

    /** The longest group id, in bytes; what names its group by a longer one is dropped. A choice of ours. */
    int MAX_GROUP_BYTES = 1_024;

    /** The longest metadata, in bytes; what has longer ones is dropped. A choice of ours: 16 KiB. */
    int MAX_METADATA_BYTES = 16 * 1024;

    /** No parts are wanted: the extension is off. */
    PartialMessages NONE = (from, partial, known) -> null;

    /**
     * Parts, metadata, or both.
     *
     * @param known the metadata of the peer in this group so far; {@code null} where it told none
     * @return its metadata from now on: those it told now, or these together with {@code known} and with what can be concluded from the
     *     parts that it sent; at most {@link #MAX_METADATA_BYTES}. {@code null} leaves everything as it is, so that nothing is remembered of
     *     what makes no sense to the application
     */
    byte @Nullable [] onPartial(PeerId from, PartialMessage partial, byte @Nullable [] known);
}
