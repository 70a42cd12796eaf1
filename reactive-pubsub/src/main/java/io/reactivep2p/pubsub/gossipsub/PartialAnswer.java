package io.reactivep2p.pubsub.gossipsub;

import org.jspecify.annotations.Nullable;

/**
 * What a peer is sent of a message. The arrays are shared and not written to.
 *
 * @param parts the parts that it lacks, in the application's encoding; {@code null} or empty for none
 * @param metadata which parts this node has and wants; {@code null} for none, and not sent again where the peer was sent the same last
 * @param peerMetadata what the peer's metadata are taken for once it was sent these parts; {@code null} where that does not change
 */
@SuppressWarnings("ArrayRecordComponent")
public record PartialAnswer(byte @Nullable [] parts, byte @Nullable [] metadata, byte @Nullable [] peerMetadata) {

    /** Nothing is sent. */
    public static final PartialAnswer NOTHING = new PartialAnswer(null, null, null);

    /** Only tells which parts are here. */
    public static PartialAnswer ofMetadata(byte[] metadata) {
        return new PartialAnswer(null, metadata, null);
    }
}
